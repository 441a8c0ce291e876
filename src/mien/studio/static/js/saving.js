// @ts-check
/** Save the work: Ctrl+S saves an open project at once; otherwise the dialog asks for a name. */

import { ApiError, get, put } from "./api.js";
import { onEnter, showDialog, statusLine } from "./dialog.js";
import { button, el, field } from "./dom.js";
import { t } from "./i18n.js";
import { finishTyping } from "./inputs.js";
import { workText } from "./kept.js";
import { isPlainName, MAX_NAME_BYTES } from "./names.js";

/** @typedef {import("./context.js").Context} Context */

/**
 * Save the work as a project.
 * @param {Context} context
 * @param {string} name
 * @param {string | null} revision that may be replaced; null for any
 */
async function save(context, name, revision) {
  const { mode, store, work } = context;
  const of = workText(work ?? {});
  const saved = await put(`/api/projects/${encodeURIComponent(name)}`, { design: { ...work, name }, revision });
  store.rename(name);
  // A change made while the request was running is not saved.
  if (context.mode === mode && workText(context.work ?? {}) === of) store.saved = store.design;
  context.kept[mode] = { name, revision: saved.revision, of };
  context.notices.say(t("project.saved", { name }));
}

/** @param {unknown} error */
const isConflict = (error) => error instanceof ApiError && error.kind === "Conflict";

/** Save to the open project, on Ctrl+S. @param {Context} context */
export async function saveNow(context) {
  finishTyping();
  const kept = context.kept[context.mode];
  if (!context.work || !kept) return saveDialog(context);
  try {
    await save(context, kept.name, kept.revision);
  } catch (error) {
    if (isConflict(error)) saveDialog(context, true);
    else context.notices.fail(error);
  }
}

/**
 * @param {Context} context
 * @param {boolean} [changed] whether the project was saved elsewhere since it was opened here
 */
export function saveDialog(context, changed = false) {
  const design = context.work;
  if (!design) return context.notices.say(t("export.nothing"));
  const kept = context.kept[context.mode];
  const name = el("input", { type: "text", value: design.name || kept?.name || "project", required: true });
  const status = statusLine();
  // The name about which the user was warned last; pressing again replaces that project.
  let told = "";
  let asking = false;
  const warn = (/** @type {string} */ wanted, /** @type {string} */ text) => {
    told = wanted;
    press.textContent = t("project.replace");
    status.refuse(text);
  };
  const press = button(
    t("project.save"),
    async (/** @type {MouseEvent} */ event) => {
      // The second click of a double click must not answer a question that has only just appeared.
      if (asking || event.detail > 1) return;
      const wanted = name.value;
      if (!isPlainName(wanted)) return status.refuse(t("project.badName", { most: MAX_NAME_BYTES }));
      const own = wanted === kept?.name;
      asking = true;
      try {
        if (!own && wanted !== told && (await isTaken(wanted)))
          return warn(wanted, t("project.taken", { name: wanted }));
        await save(context, wanted, wanted === told ? null : own ? kept.revision : "new");
        dialog.close();
      } catch (error) {
        if (isConflict(error)) warn(wanted, t("project.changed", { name: wanted }));
        else status.fail(error);
      } finally {
        asking = false;
      }
    },
    { class: "primary", dataset: { action: "save" } },
  );
  name.addEventListener("input", () => {
    told = "";
    press.textContent = t("project.save");
    status.say();
  });
  onEnter(name, press);
  const dialog = showDialog(t("project.save"), field(t("project.name"), name), status.element, el("footer", {}, press));
  if (changed && kept) warn(kept.name, t("project.changed", { name: kept.name }));
}

/** Whether a project has this name; many file systems do not distinguish capital and small letters. @param {string} name */
async function isTaken(name) {
  const { projects } = await get("/api/projects");
  const same = (/** @type {string} */ one) => one.normalize().toLowerCase();
  return projects.some((/** @type {{name: string}} */ project) => same(project.name) === same(name));
}

/** Save on Ctrl+S wherever the focus is, and keep the browser from opening its own dialog. @param {Context} context */
export function saveKey(context) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      if (!event.repeat && !document.querySelector("dialog[open]")) void saveNow(context);
    },
    { signal: context.signal },
  );
}
