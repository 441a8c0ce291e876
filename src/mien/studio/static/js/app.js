// @ts-check
/** The page: loads what it needs, builds itself, and rebuilds itself when the language changes. */

import { ApiError } from "./api.js";
import { Context } from "./context.js";
import { exportDialog, openDialog } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import { droppedFiles, giveFiles, takeFiles, takesFiles } from "./drop.js";
import { addressOf, focusAgain } from "./focus.js";
import { helpDialog } from "./help.js";
import { currentLanguage, setLanguage, t } from "./i18n.js";
import { keyboard } from "./keyboard.js";
import { errorText, Notices } from "./notice.js";
import { recentProjects } from "./opening.js";
import { followTitle } from "./page_title.js";
import { loadFacts, panel, pictureChooser, sampleButtons } from "./panel.js";
import { saveDialog, saveKey } from "./saving.js";
import { sheetDialog } from "./sheet.js";
import { splitter } from "./splitter.js";
import { Stage } from "./stage.js";
import { studyDialog } from "./study.js";
import { tabs } from "./tabs.js";
import { startTheme, switchTheme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { toolbar } from "./toolbar.js";
import { tourOnce } from "./tour.js";
import { clipChooser, earlierClips, sampleFilm, transferPanel } from "./transfer_panel.js";

/** @param {Context} context */
function build(context) {
  const held = addressOf(document.activeElement);
  context.ending.abort();
  context.ending = new AbortController();
  context.notices = new Notices();
  const timeline = new Timeline(context);
  const design = context.tab === "design";
  context.stage = (design ? context.portrait : context.transfer.clip) ? new Stage(context) : null;
  document.body.replaceChildren(
    header(context),
    el(
      "main",
      {},
      el(
        "div",
        { id: "work", class: "tabpanel", role: "tabpanel", "aria-labelledby": `tab-${context.tab}` },
        el(
          "div",
          { class: "stage-place", id: "stage-place" },
          context.stage?.element ?? (design ? welcome(context) : driverWelcome(context)),
        ),
        splitter(context.signal),
        el("div", { class: "work-place" }, timeline.element, design ? panel(context) : transferPanel(context)),
      ),
    ),
    // At the foot of the page, so that nothing moves when a long task begins or ends.
    el(
      "footer",
      { class: "foot" },
      context.notices.element,
      !design && context.transfer.work.line(context.signal),
      context.sheet.line(context.signal),
      context.study.line(context.signal),
      el("small", { text: t("app.synthetic") }),
    ),
  );
  keyboard(context);
  saveKey(context);
  timeline.render();
  focusAgain(held);
  document.documentElement.dataset.ready = "true";
}

/** @param {Context} context */
function header(context) {
  const language = el(
    "select",
    {
      "aria-label": t("app.language"),
      class: "language",
      on: {
        change: () => {
          setLanguage(/** @type {any} */ (language.value));
          build(context);
        },
      },
      dataset: { key: "language" },
    },
    el("option", { value: "en", text: "English" }),
    el("option", { value: "zh-Hans", text: "简体中文" }),
  );
  language.value = currentLanguage();
  const name = el("span", { class: "work-name" });
  followTitle(context, name);
  return el(
    "header",
    { class: "top" },
    el("h1", { text: t("app.title") }),
    tabs(context),
    name,
    el("span", { class: "spring" }),
    toolbar(
      el(
        "div",
        { class: "actions" },
        button(t("project.new"), () => void context.keeper.startAnew(), { dataset: { action: "new" } }),
        button(t("project.open"), () => void openDialog(context), { dataset: { action: "open-dialog" } }),
        button(t("project.save"), () => saveDialog(context), { dataset: { action: "save-dialog" } }),
        button(t("sheet.open"), () => void sheetDialog(context), { dataset: { action: "sheet-dialog" } }),
        button(t("study.open"), () => void studyDialog(context), { dataset: { action: "study-dialog" } }),
        button(t("export.title"), () => exportDialog(context), {
          class: "primary",
          dataset: { action: "export-dialog" },
        }),
      ),
      t("app.actions"),
    ),
    language,
    toolbar(
      el(
        "div",
        { class: "actions" },
        button(
          "",
          switchTheme,
          { class: "quiet", title: t("app.theme"), "aria-label": t("app.theme"), dataset: { action: "theme" } },
          icon("moon"),
        ),
        button(
          "",
          helpDialog,
          { class: "quiet", title: t("app.help"), "aria-label": t("app.help"), dataset: { action: "help" } },
          icon("help"),
        ),
      ),
      t("app.help"),
    ),
  );
}

/** What is shown in the picture's place before there is a portrait. @param {Context} context */
function welcome(context) {
  return el(
    "section",
    { class: "stage welcome" },
    icon("picture"),
    el("h2", { text: t("portrait.drop") }),
    el("p", { text: t("portrait.dropHint") }),
    pictureChooser(context, t("portrait.choose")),
    el("p", { class: "hint", text: t("portrait.samples") }),
    sampleButtons(context),
    recentProjects(context),
  );
}

/** What is shown in the place of driver and result before there is a driver. @param {Context} context */
function driverWelcome(context) {
  return el(
    "section",
    { class: "stage welcome" },
    icon("film"),
    el("h2", { text: t("driver.drop") }),
    el("p", { text: t("driver.hint") }),
    clipChooser(context, t("driver.choose")),
    sampleFilm(context),
    earlierClips(context),
  );
}

/** Pass dropped files to the open dialog, if there is one: the page behind it must not change unseen. @param {Context} context */
function watchDrops(context) {
  const dialog = () => /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog[open]"));
  addEventListener("dragover", (event) => {
    event.preventDefault();
    const open = dialog();
    if (open && !takesFiles(open) && event.dataTransfer) event.dataTransfer.dropEffect = "none";
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer) return;
    const open = dialog();
    droppedFiles(event.dataTransfer)
      .then((files) => (open ? giveFiles(open, files) : takeFiles(context, files)))
      .catch((error) => context.notices.fail(error));
  });
}

async function start() {
  startTheme();
  setLanguage(currentLanguage());
  let context;
  try {
    context = new Context(await loadFacts(), build);
  } catch (error) {
    const gone = error instanceof ApiError && error.kind === "Offline";
    document.body.replaceChildren(
      el("p", { class: "fatal", role: "alert", text: gone ? t("app.offline") : errorText(error) }),
    );
    return;
  }
  const goOn = await context.keeper.begin();
  watchDrops(context);
  build(context);
  await goOn();
  tourOnce();
}

void start();
