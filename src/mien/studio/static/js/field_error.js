// @ts-check
/** A line beside a field: why the typed value is not accepted, or what was taken instead. */

import { el } from "./dom.js";

let count = 0;

/**
 * Show a text beside a field until something else is typed there.
 * @param {HTMLInputElement | HTMLSelectElement} input
 * @param {string} text
 */
export function sayAt(input, text) {
  quietAt(input);
  const line = el("span", { class: "field-error", role: "alert", id: `field-error-${++count}`, text });
  (input.closest(".field") ?? input).append(line);
  input.setAttribute("aria-describedby", line.id);
  input.addEventListener("input", () => quietAt(input), { once: true });
}

/** Say beside a field why its value is not accepted. @param {HTMLInputElement | HTMLSelectElement} input @param {string} text */
export function refuseAt(input, text) {
  sayAt(input, text);
  input.setAttribute("aria-invalid", "true");
}

/** Remove the line beside a field. @param {HTMLInputElement | HTMLSelectElement} input */
export function quietAt(input) {
  const said = input.getAttribute("aria-describedby");
  if (said) document.getElementById(said)?.remove();
  input.removeAttribute("aria-describedby");
  input.removeAttribute("aria-invalid");
}
