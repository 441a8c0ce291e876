// @ts-check
/** The project that each kind of work is saved as, and whether the work has changed since. */

/**
 * A project in the studio's folder.
 * @typedef {object} Kept
 * @property {string} name
 * @property {string} revision of its file that this page read or wrote last
 * @property {string} of the file's content, as `workText` returns it
 */

/** The work as text, without its name. @param {object} work */
export function workText(work) {
  return JSON.stringify({ ...work, name: "" });
}

/** Whether there is work that is in no project. @param {import("./context.js").Context} context */
export function isUnsaved({ work, mode, kept, store, transfer }) {
  if (!work) return false;
  const saved = kept[mode];
  if (saved) return saved.of !== workText(work);
  return mode === "whole" ? transfer.made !== null : store.unsaved;
}

/** Whether any tab of the page, shown or not, has unsaved work. @param {import("./context.js").Context} context */
export function isAnyUnsaved(context) {
  return isUnsaved(context) || Object.values(context.stores).some((store) => store.unsaved);
}

/** The name of the work; empty if it has none. @param {import("./context.js").Context} context */
export function workName({ kept, mode, store }) {
  return kept[mode]?.name ?? store.design.name;
}
