// @ts-check
/** Work that no file holds is not lost without a warning. */

/**
 * Let the browser ask, in its own words, before a page with unsaved lanes is left.
 * @param {import("./store.js").Store[]} stores
 */
export function warnOfLoss(stores) {
  addEventListener("beforeunload", (event) => {
    if (stores.some((store) => store.unsaved)) event.preventDefault();
  });
}
