// @ts-check
/** What all dialogs have: a title, a way out, and a line that says how it goes. They are native, so the focus
 * stays inside and Escape closes. */

import { button, el, icon } from "./dom.js";
import { addressOf, focusAgain } from "./focus.js";
import { t } from "./i18n.js";
import { errorText } from "./notice.js";

/** @param {string} title @param {...(Node | false | null)} children */
export function showDialog(title, ...children) {
  const close = () => dialog.close();
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  // The mouse opened it: then its button does not get the focus back, so that Space plays and does not open it again.
  const byMouse = opener?.matches("button:not(:focus-visible)") && !opener.closest("dialog");
  // The page may be made again while the dialog is open, as by a project: then its opener's successor gets the focus.
  const address = byMouse ? null : addressOf(opener);
  const dialog = el(
    "dialog",
    {
      "aria-label": title,
      on: {
        keydown: (/** @type {KeyboardEvent} */ event) => enterInField(event, dialog),
        close: () => {
          if (byMouse && document.activeElement === opener) opener?.blur();
          dialog.remove();
          focusAgain(address);
        },
      },
    },
    el(
      "header",
      {},
      el("h2", { text: title }),
      button("", close, { class: "quiet", "aria-label": t("app.close") }, icon("close")),
    ),
    ...children,
  );
  document.body.append(dialog);
  dialog.showModal();
  // Not the button that closes, which Enter would press.
  focusFirst(dialog);
  return dialog;
}

/** Enter in a field does what the dialog is for. @param {KeyboardEvent} event @param {HTMLDialogElement} dialog */
function enterInField(event, dialog) {
  const field = /** @type {HTMLElement} */ (event.target);
  if (
    event.key !== "Enter" ||
    event.isComposing ||
    event.defaultPrevented ||
    !field.matches("input:not([type=file]), select")
  )
    return;
  const does = /** @type {HTMLButtonElement | null} */ (dialog.querySelector("footer button.primary:enabled"));
  if (!does) return;
  event.preventDefault();
  if (event.repeat) return; // a key held down is no second answer
  field.dispatchEvent(new Event("change", { bubbles: true })); // what was typed is taken first
  does.click();
}

/** Focus the first field, all of it selected. @param {HTMLDialogElement} dialog */
function focusFirst(dialog) {
  const first = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (
    dialog.querySelector("input:not([type=file], :disabled), select")
  );
  first?.focus();
  if (first instanceof HTMLInputElement && first.type === "text") first.select();
}

/**
 * Enter in a field does what a button does, but for one that ends the writing of a Chinese word.
 * @param {HTMLInputElement} input
 * @param {HTMLButtonElement} pressed
 */
export function onEnter(input, pressed) {
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) pressed.click(); // a key held down is no second answer
  });
}

/** A line of a dialog: news, and errors that look like errors. */
export function statusLine() {
  const element = el("p", { class: "status", role: "status" });
  return {
    element,
    /** @param {...(Node | string)} news */
    say(...news) {
      element.classList.remove("error");
      element.replaceChildren(...news);
    },
    /** @param {unknown} error */
    fail(error) {
      this.refuse(errorText(error));
    },
    /** Say why something that was typed is not taken. @param {string} text */
    refuse(text) {
      element.classList.add("error");
      element.textContent = text;
    },
  };
}
