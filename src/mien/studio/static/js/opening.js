// @ts-check
/** Open a project from the studio's folder or from a project file. */

import { get, upload } from "./api.js";
import { showDialog, statusLine } from "./dialog.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { workText } from "./kept.js";
import { recentList } from "./recent.js";
import { mayReplace } from "./unsaved.js";

/** @typedef {import("./context.js").Context} Context */

/**
 * Show a project that the server has read.
 * @param {Context} context
 * @param {Promise<any>} answer of the server, with a revision if the project is in its folder
 * @returns {Promise<boolean>} false if the user keeps the unsaved lanes that it would replace
 */
async function openProject(context, answer) {
  const { name, design, portrait, revision } = await answer;
  if (!(await mayReplace(context.stores["clip" in design ? "lanes" : "design"]))) return false;
  await context.openProject(design, portrait);
  context.kept[context.mode] = revision ? { name, revision, of: workText(context.work ?? {}) } : null;
  context.notices.say(t("project.opened", { name }));
  return true;
}

/** @param {string} name */
const byName = (name) => get(`/api/projects/${encodeURIComponent(name)}`);

/** Open a project file that was dropped onto the page. @param {Context} context @param {File} file */
export function openFile(context, file) {
  openProject(context, upload("/api/projects/open", file)).catch((error) => context.notices.fail(error));
}

/** @param {Context} context */
export async function openDialog(context) {
  const status = statusLine();
  const open = async (/** @type {Promise<any>} */ answer) => {
    try {
      if (await openProject(context, answer)) dialog.close();
    } catch (error) {
      status.fail(error);
    }
  };
  const input = el("input", {
    type: "file",
    accept: ".json",
    class: "file",
    on: {
      change: () => {
        const file = input.files?.[0];
        input.value = ""; // the same file may be chosen again
        if (file) void open(upload("/api/projects/open", file));
      },
    },
  });
  const list = el("div", { class: "stack" });
  const dialog = showDialog(
    t("project.open"),
    list,
    status.element,
    el("footer", {}, el("label", { class: "button" }, t("project.drop"), input)),
  );
  dialog.classList.add("projects");
  try {
    const made = await recentList(context, (name) => void open(byName(name)), {
      changes: true,
      took: () => dialog.close(),
    });
    list.append(made.children.length ? made : el("p", { class: "empty", text: t("project.none") }));
    list.querySelector("button")?.focus();
  } catch (error) {
    status.fail(error);
  }
}

/** The newest projects, for an empty page. @param {Context} context */
export function recentProjects(context) {
  const place = el(
    "div",
    { class: "stack recent-place", hidden: true },
    el("p", { class: "hint", text: t("project.recent") }),
  );
  const failed = (/** @type {unknown} */ error) => context.notices.fail(error);
  recentList(context, (name) => void openProject(context, byName(name)).catch(failed), { most: 4 }).then((made) => {
    place.hidden = !made.children.length;
    place.append(made);
  }, failed);
  return place;
}
