// @ts-check
/** Warn before unsaved work is lost. */

import { showDialog } from "./dialog.js";
import { button, el } from "./dom.js";
import { t } from "./i18n.js";

/** The question that is open. @type {HTMLDialogElement | null} */
let asked = null;

/**
 * Whether a store's lanes may be replaced: they are saved, or the user agrees. Only one question is open at a time.
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
        // The second click of a double click must not answer a question that has only just appeared.
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
