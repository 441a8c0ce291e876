// @ts-check
/** The page: loads what it needs, builds itself, and builds itself anew in another language. */

import { get, post } from "./api.js";
import { exportDialog, helpDialog, openDialog, saveDialog } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import { currentLanguage, hasText, setLanguage, t } from "./i18n.js";
import { keyboard } from "./keyboard.js";
import { errorText, Notices } from "./notice.js";
import { dropPortrait, loadFacts, panel, pictureChooser, sampleButtons } from "./panel.js";
import { Stage } from "./stage.js";
import { Store } from "./store.js";
import { startTheme, switchTheme } from "./theme.js";
import { Timeline } from "./timeline.js";

/** What all parts of the page share; one is made for each time the page is built. */
export class Context {
  /** @param {Awaited<ReturnType<typeof loadFacts>>} facts */
  constructor(facts) {
    /** @type {import("./types.js").About} */
    this.about = facts.about;
    /** @type {import("./types.js").ActionUnit[]} */
    this.catalogue = facts.catalogue;
    /** @type {import("./types.js").Engine[]} */
    this.engines = facts.engines;
    /** @type {{name: string, why: string}[]} */
    this.presets = facts.presets;
    /** @type {{name: string}[]} */
    this.emotions = facts.emotions;
    /** @type {{id: string, name: string}[]} */
    this.samples = facts.samples;
    this.store = new Store();
    this.notices = new Notices();
    /** @type {import("./types.js").PortraitInfo | null} */
    this.portrait = null;
    /** @type {import("./types.js").Regions} */
    this.regions = {};
    /** @type {number[][][]} */
    this.lit = [];
    this.ui = { view: /** @type {import("./types.js").View} */ ("result"), speed: 1, loop: true, intensity: 2, seed: 7,
      emotion: "", clipboard: /** @type {import("./types.js").Envelope | null} */ (null) };
    this.ending = new AbortController();
    /** @type {Stage | null} */
    this.stage = null;
    const { store, ui } = this;
    this.commands = {
      undo: () => store.undo(),
      redo: () => store.redo(),
      copy: () => { ui.clipboard = store.envelope; store.tell("selection"); },
      paste: () => { if (ui.clipboard) store.add(ui.clipboard); },
      remove: () => store.removeSelected(),
    };
  }

  get signal() {
    return this.ending.signal;
  }

  /** @param {string} name @returns {import("./types.js").ActionUnit} */
  unit(name) {
    const found = this.catalogue.find((unit) => unit.name === name);
    if (!found) throw new Error(`no action unit ${name}`);
    return found;
  }

  /** A text of ours, or the server's for what we have no words for. @param {string} key @param {string} given */
  text(key, given) {
    return hasText(key) ? t(key) : given;
  }

  /** Light the region that an AU moves. @param {string | null} au */
  light(au) {
    this.lit = au ? this.regions[au]?.polygons_px ?? [] : [];
    this.stage?.paint();
  }

  /** @param {import("./types.js").PortraitInfo} portrait @param {number | "largest" | null} face */
  async setPortrait(portrait, face) {
    this.portrait = portrait;
    this.store.change({ portrait: portrait.id, face });
    build(this);
    await this.#prepare(portrait, face);
  }

  /** @param {import("./types.js").Design} design @param {import("./types.js").PortraitInfo} portrait */
  async openProject(design, portrait) {
    this.portrait = portrait;
    this.store.open({ ...design, fps: String(design.fps) });
    build(this);
    await this.#prepare(portrait, design.face);
  }

  /** @param {import("./types.js").PortraitInfo} portrait @param {number | "largest" | null} face */
  async #prepare({ id }, face) {
    const query = face === null ? "" : `?face=${face}`;
    this.regions = (await get(`/api/portraits/${id}/regions${query}`)).regions;
    await post("/api/preview/warm", { portrait: id, face, engine: this.store.design.engine, size_px: 512 });
  }
}

/** @param {Context} context */
function build(context) {
  context.ending.abort();
  context.ending = new AbortController();
  context.notices = new Notices();
  const timeline = new Timeline(context);
  context.stage = context.portrait ? new Stage(context) : null;
  document.title = t("app.title");
  document.body.replaceChildren(header(context),
    el("main", {}, el("div", { class: "upper" }, context.stage?.element ?? welcome(context), panel(context)), timeline.element),
    el("footer", { class: "foot" }, context.notices.element, el("small", { text: t("app.synthetic") })));
  keyboard(context);
  timeline.render();
  document.documentElement.dataset.ready = "true";
}

/** @param {Context} context */
function header(context) {
  const language = el("select", { "aria-label": t("app.language"), class: "language", on: { change: () => {
    setLanguage(/** @type {any} */ (language.value));
    build(context);
    /** @type {HTMLElement | null} */ (document.querySelector("select.language"))?.focus();
  } } }, el("option", { value: "en", text: "English" }), el("option", { value: "zh-Hans", text: "简体中文" }));
  language.value = currentLanguage();
  return el("header", { class: "top" }, el("h1", { text: t("app.title") }), el("span", { class: "spring" }),
    button(t("project.open"), () => void openDialog(context), { dataset: { action: "open-dialog" } }),
    button(t("project.save"), () => saveDialog(context), { dataset: { action: "save-dialog" } }),
    button(t("export.title"), () => exportDialog(context), { class: "primary", dataset: { action: "export-dialog" } }),
    language, button("", switchTheme, { class: "quiet", title: t("app.theme"), "aria-label": t("app.theme") }, icon("moon")),
    button("", helpDialog, { class: "quiet", title: t("app.help"), "aria-label": t("app.help") }, icon("help")));
}

/** What stands where the picture will be. @param {Context} context */
function welcome(context) {
  return el("section", { class: "stage welcome" }, icon("picture"), el("h2", { text: t("portrait.drop") }),
    el("p", { text: t("portrait.dropHint") }), pictureChooser(context, t("portrait.choose")),
    el("p", { class: "hint", text: t("portrait.samples") }), sampleButtons(context));
}

async function start() {
  startTheme();
  setLanguage(currentLanguage());
  let context;
  try {
    context = new Context(await loadFacts());
  } catch (error) {
    document.body.replaceChildren(el("p", { class: "fatal", role: "alert", text: `${t("app.offline")} ${errorText(error)}` }));
    return;
  }
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void dropPortrait(context, file);
  });
  build(context);
}

void start();
