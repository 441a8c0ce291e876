// @ts-check
/** What all dialogs have: a title, a close button and a status line. They are native dialogs, so the focus stays
 * inside and Escape closes them. */

import { button, el, icon } from "./dom.js";
import { addressOf, focusAgain } from "./focus.js";
import { t } from "./i18n.js";
import { errorText } from "./notice.js";

/** @param {string} title @param {...(Node | false | null)} children */
export function showDialog(title, ...children) {
  const close = () => dialog.close();
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  // If the mouse opened the dialog, its button does not get the focus back: Space should play, not open it again.
  const byMouse = opener?.matches("button:not(:focus-visible)") && !opener.closest("dialog");
  // The page may be rebuilt while the dialog is open, for example by a project. The opener's new copy then gets the focus.
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
  // Not the close button, which Enter would press.
  focusFirst(dialog);
  return dialog;
}

/** Press the dialog's main button on Enter in a field. @param {KeyboardEvent} event @param {HTMLDialogElement} dialog */
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
  if (event.repeat) return; // a key that is held down counts once
  field.dispatchEvent(new Event("change", { bubbles: true })); // take over the typed value first
  does.click();
}

/** Focus the first field and select its text. @param {HTMLDialogElement} dialog */
function focusFirst(dialog) {
  const first = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (
    dialog.querySelector("input:not([type=file], :disabled), select")
  );
  first?.focus();
  if (first instanceof HTMLInputElement && first.type === "text") first.select();
}

/**
 * Press a button on Enter in a field, except for the Enter that ends the input of a Chinese word.
 * @param {HTMLInputElement} input
 * @param {HTMLButtonElement} pressed
 */
export function onEnter(input, pressed) {
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) pressed.click(); // a key that is held down counts once
  });
}

/** The status line of a dialog: news, and errors marked as errors. */
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
    /** Say why a typed value is not accepted. @param {string} text */
    refuse(text) {
      element.classList.add("error");
      element.textContent = text;
    },
  };
}
