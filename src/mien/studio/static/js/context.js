// @ts-check
/** The state that all parts of the page share. */

import { get, post } from "./api.js";
import { Keeper } from "./draft.js";
import { hasText, t } from "./i18n.js";
import { Notices } from "./notice.js";
import { Store } from "./store.js";
import { TimeScale } from "./time_scale.js";
import { Transfer } from "./transfer.js";
import { mayReplace } from "./unsaved.js";
import { Viewport } from "./viewport.js";
import { Work } from "./work.js";

/** @typedef {import("./types.js").View} View */
/** @typedef {"design" | "lanes" | "whole"} Mode what is edited: a design, a driver's lanes, or a driver's whole motion */

export class Context {
  /**
   * @param {Awaited<ReturnType<typeof import("./panel.js").loadFacts>>} facts
   * @param {(context: Context) => void} build rebuilds the page
   */
  constructor(facts, build) {
    /** @type {import("./types.js").About} */
    this.about = facts.about;
    /** @type {import("./types.js").ActionUnit[]} */
    this.catalogue = facts.catalogue;
    /** @type {import("./types.js").Engine[]} */
    this.engines = facts.engines;
    /** The default engine of each tab. @type {{design: string, transfer: string}} */
    this.defaults = facts.defaults;
    /** @type {import("./types.js").Preset[]} */
    this.presets = facts.presets;
    /** @type {{name: string}[]} */
    this.emotions = facts.emotions;
    /** @type {{id: string, name: string}[]} */
    this.samples = facts.samples;
    const { design } = this.defaults;
    this.stores = { design: new Store(design), lanes: new Store(design), whole: new Store(design) };
    /** How far each timeline is zoomed. @type {Record<Mode, TimeScale>} */
    this.scales = { design: new TimeScale(), lanes: new TimeScale(), whole: new TimeScale() };
    /** @type {Record<Mode, View>} */
    this.views = { design: "result", lanes: "side", whole: "side" };
    /** @type {"design" | "transfer"} */
    this.tab = "design";
    this.transfer = new Transfer(this);
    /** The task that makes a stimulus sheet; closing its dialog does not end it. */
    this.sheet = new Work();
    /** The task that builds a study. */
    this.study = new Work();
    this.notices = new Notices();
    /** @type {import("./types.js").PortraitInfo | null} */
    this.portrait = null;
    /** @type {import("./types.js").Regions} */
    this.regions = {};
    /** @type {number[][][]} */
    this.lit = [];
    /** Whether something is being dragged; then nothing may be drawn over the picture. */
    this.editing = false;
    this.viewport = new Viewport();
    /** Versions to compare with. @type {Record<Mode, import("./types.js").Design | null>} */
    this.pins = { design: null, lanes: null, whole: null };
    this.ui = {
      speed: 1,
      loop: true,
      ghost: false,
      magnify: 8,
      intensity: 2,
      seed: 7,
      emotion: "",
      clipboard: /** @type {import("./types.js").Envelope | null} */ (null),
      /** The ready-made expression that was chosen last, as the server sent it. @type {{name: string, envelopes: import("./types.js").Envelope[]} | null} */
      ready: null,
    };
    /** The project that each is saved as; saving to it again needs no question. @type {Record<Mode, import("./kept.js").Kept | null>} */
    this.kept = { design: null, lanes: null, whole: null };
    /** Why the draft of this page could not be saved; null if it was. @type {unknown} */
    this.unkept = null;
    this.keeper = new Keeper(this);
    this.ending = new AbortController();
    /** @type {import("./stage.js").Stage | null} */
    this.stage = null;
    this.rebuild = () => build(this);
    const { ui } = this;
    this.commands = {
      undo: () => this.store.undo(),
      redo: () => this.store.redo(),
      copy: () => {
        ui.clipboard = this.store.envelope;
        this.store.tell("selection");
      },
      paste: () => {
        if (ui.clipboard && this.mode !== "whole") this.store.add(ui.clipboard);
      },
      remove: () => this.store.removeSelected(),
    };
  }

  /** @returns {Mode} */
  get mode() {
    return this.tab === "design" ? "design" : this.transfer.way;
  }

  get store() {
    return this.stores[this.mode];
  }

  get signal() {
    return this.ending.signal;
  }

  /** @param {"design" | "transfer"} tab */
  setTab(tab) {
    if (tab === this.tab) return;
    this.tab = tab;
    this.rebuild();
  }

  /** What would be exported or saved now; null if there is nothing yet. */
  get work() {
    const { design } = this.store;
    if (this.mode === "whole") return this.transfer.clip && this.portrait ? this.transfer.design : null;
    return design.portrait ? design : null;
  }

  /** Open the draft of a closed tab. @param {string} id @returns {Promise<boolean>} false if the user keeps the unsaved lanes of this page instead */
  async takeDraft(id) {
    for (const store of Object.values(this.stores)) if (!(await mayReplace(store))) return false;
    await this.keeper.take(id);
    return true;
  }

  /** @param {string} name @returns {import("./types.js").ActionUnit} */
  unit(name) {
    const found = this.catalogue.find((unit) => unit.name === name);
    if (!found) throw new Error(`no action unit ${name}`);
    return found;
  }

  /** @param {string} name */
  engine(name) {
    return this.engines.find((each) => each.name === name);
  }

  /** The page's own text for a key, or the server's where the page has none. @param {string} key @param {string} given */
  text(key, given) {
    return hasText(key) ? t(key) : given;
  }

  /** Light the region that an AU moves. @param {string | null} au */
  light(au) {
    this.lightUp(au ? (this.regions[au]?.polygons_px ?? []) : []);
  }

  /** Light parts of the portrait. @param {number[][][]} polygons */
  lightUp(polygons) {
    this.lit = this.editing ? [] : polygons;
    this.stage?.paint();
  }

  /** @param {import("./types.js").PortraitInfo} portrait @param {number | "largest" | null} face */
  async setPortrait(portrait, face) {
    this.portrait = portrait;
    this.lit = [];
    this.viewport.toFace();
    for (const store of Object.values(this.stores)) store.setPortrait(portrait.id, face);
    this.rebuild();
    this.transfer.portraitChanged();
    await this.prepare(portrait, face);
  }

  /**
   * @param {import("./types.js").Design | import("./types.js").TransferDesign} design
   * @param {import("./types.js").PortraitInfo} portrait
   */
  async openProject(design, portrait) {
    this.portrait = portrait;
    this.viewport.toFace();
    for (const store of Object.values(this.stores)) store.setPortrait(portrait.id, design.face);
    if ("clip" in design) {
      this.tab = "transfer";
      await this.transfer.open(design);
    } else {
      this.tab = "design";
      this.stores.design.open({ ...design, fps: String(design.fps) });
      this.rebuild();
    }
    await this.prepare(portrait, design.face);
  }

  /** Have the server prepare the first preview. @param {import("./types.js").PortraitInfo} portrait @param {number | "largest" | null} face */
  async prepare({ id }, face) {
    const query = face === null ? "" : `?face=${face}`;
    this.regions = (await get(`/api/portraits/${id}/regions${query}`)).regions;
    const { engine, settings } = this.stores.design.design;
    await post("/api/preview/warm", { portrait: id, face, engine, settings, size_px: 512 });
  }
}
