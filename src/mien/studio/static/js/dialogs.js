// @ts-check
/** Save and open; the other dialogs are passed on. */

import { get, put, upload } from "./api.js";
import { onEnter, showDialog, statusLine } from "./dialog.js";
import { button, el, field } from "./dom.js";
import { t } from "./i18n.js";
import { isPlainName, MAX_NAME_BYTES } from "./names.js";
import { mayReplace } from "./unsaved.js";

export { showDialog } from "./dialog.js";
export { exportDialog } from "./export_dialog.js";

/** @typedef {import("./context.js").Context} Context */

/** @param {Context} context */
export function saveDialog(context) {
  const design = context.work;
  if (!design) return context.notices.say(t("export.nothing"));
  const name = el("input", { type: "text", value: design.name || "project", required: true });
  const status = statusLine();
  // A name that is taken, and that the user was told of.
  let told = "";
  let asking = false;
  const save = button(t("project.save"), async (/** @type {MouseEvent} */ event) => {
    // The second half of a double click is no answer to what only just came.
    if (asking || event.detail > 1) return;
    const wanted = name.value;
    if (!isPlainName(wanted)) return status.refuse(t("project.badName", { most: MAX_NAME_BYTES }));
    asking = true;
    try {
      if (wanted !== context.kept[context.mode] && wanted !== told && (await isTaken(wanted))) {
        told = wanted;
        save.textContent = t("project.replace");
        status.say(t("project.taken", { name: wanted }));
        return;
      }
      const kept = await put(`/api/projects/${encodeURIComponent(wanted)}`, { design: { ...design, name: wanted } });
      context.store.rename(wanted);
      context.store.saved = context.store.design;
      context.kept[context.mode] = wanted;
      dialog.close();
      context.notices.say(t("project.saved", { name: kept.name }));
    } catch (error) {
      status.fail(error);
    } finally {
      asking = false;
    }
  }, { class: "primary", dataset: { action: "save" } });
  name.addEventListener("input", () => {
    told = "";
    save.textContent = t("project.save");
    status.say();
  });
  onEnter(name, save);
  const dialog = showDialog(t("project.save"), field(t("project.name"), name), status.element, el("footer", {}, save));
}

/** Whether a project has this name; to many file systems large and small letters are the same. @param {string} name */
async function isTaken(name) {
  const { projects } = await get("/api/projects");
  const same = (/** @type {string} */ one) => one.normalize().toLowerCase();
  return projects.some((/** @type {{name: string}} */ project) => same(project.name) === same(name));
}

/**
 * A project that the server has read.
 * @param {Context} context
 * @param {Promise<any>} answer
 * @param {string | null} [kept] what it is called in the studio's folder
 * @returns {Promise<boolean>} whether it is open: unsaved lanes that it would replace may be kept
 */
async function openProject(context, answer, kept = null) {
  const { name, design, portrait } = await answer;
  if (!(await mayReplace(context.stores["clip" in design ? "lanes" : "design"]))) return false;
  await context.openProject(design, portrait);
  context.kept[context.mode] = kept;
  context.notices.say(t("project.opened", { name }));
  return true;
}

/** A project's file, dropped onto the page. @param {Context} context @param {File} file */
export function openFile(context, file) {
  openProject(context, upload("/api/projects/open", file)).catch((error) => context.notices.fail(error));
}

/** @param {Context} context */
export async function openDialog(context) {
  const status = statusLine();
  const open = async (/** @type {Promise<any>} */ answer, /** @type {string | null} */ kept = null) => {
    try {
      if (await openProject(context, answer, kept)) dialog.close();
    } catch (error) {
      status.fail(error);
    }
  };
  const input = el("input", { type: "file", accept: ".json", class: "file",
    on: { change: () => {
      const file = input.files?.[0];
      input.value = ""; // the same file may be chosen again
      if (file) void open(upload("/api/projects/open", file));
    } } });
  const list = el("div", { class: "stack" });
  const dialog = showDialog(t("project.open"), list, status.element, el("footer", {}, el("label", { class: "button" }, t("project.drop"), input)));
  try {
    const { projects } = await get("/api/projects");
    list.append(...projects.map((/** @type {{name: string, modified: string}} */ { name, modified }) =>
      button("", () => void open(get(`/api/projects/${encodeURIComponent(name)}`), name), { class: "entry", dataset: { project: name } },
        el("b", { text: name }), el("small", { text: new Date(modified).toLocaleString() }))));
    list.querySelector("button")?.focus();
    if (!projects.length) list.append(el("p", { class: "empty", text: t("project.none") }));
  } catch (error) {
    status.fail(error);
  }
}
