// @ts-check
/** Work that no file holds is not lost without a warning. */

import { showDialog } from "./dialog.js";
import { button, el } from "./dom.js";
import { t } from "./i18n.js";

/** The question that is open. @type {HTMLDialogElement | null} */
let asked = null;

/**
 * Whether a store's lanes may be replaced: they are saved, or their user says so. One question is asked at a time.
 * @param {import("./store.js").Store} store
 * @returns {Promise<boolean>}
 */
export async function mayReplace(store) {
  if (!store.unsaved) return true;
  if (asked?.isConnected) return false;
  return new Promise((answer) => {
    const keep = button(t("unsaved.keep"), () => dialog.close(), { dataset: { action: "keep-lanes" } });
    const replace = button(
      t("unsaved.replace"),
      (/** @type {MouseEvent} */ event) => {
        // The second half of a double click is no answer to what only just came.
        if (event.detail > 1) return;
        answer(true);
        dialog.close();
      },
      { class: "primary", dataset: { action: "replace-lanes" } },
    );
    const dialog = showDialog(
      t("unsaved.title"),
      el("p", { text: t("unsaved.text") }),
      el("footer", {}, keep, replace),
    );
    dialog.addEventListener("close", () => answer(false));
    asked = dialog;
    keep.focus();
  });
}
