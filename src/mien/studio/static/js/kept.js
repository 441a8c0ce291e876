// @ts-check
/** What each kind of work is saved as, and whether it differs from that by now. */

/**
 * A project in the studio's folder.
 * @typedef {object} Kept
 * @property {string} name
 * @property {string} revision of its file that this page has read or written
 * @property {string} of what the file holds, as `workText` has it
 */

/** Work as text, without its name. @param {object} work */
export function workText(work) {
  return JSON.stringify({ ...work, name: "" });
}

/** Whether there is work that no project holds. @param {import("./context.js").Context} context */
export function isUnsaved({ work, mode, kept, store, transfer }) {
  if (!work) return false;
  const saved = kept[mode];
  if (saved) return saved.of !== workText(work);
  return mode === "whole" ? transfer.made !== null : store.unsaved;
}

/** Whether any tab of the page has such work, also one that is not shown. @param {import("./context.js").Context} context */
export function isAnyUnsaved(context) {
  return isUnsaved(context) || Object.values(context.stores).some((store) => store.unsaved);
}

/** What the work is called; empty if it has no name. @param {import("./context.js").Context} context */
export function workName({ kept, mode, store }) {
  return kept[mode]?.name ?? store.design.name;
}
