// @ts-check
/** Rows of a dialog, and groups of checkboxes. */

import { el } from "./dom.js";

/** A labelled row. @param {string} label @param {...Node} children */
export function row(label, ...children) {
  return el(
    "div",
    { class: "field" },
    el("span", { class: "field-label", text: label }),
    el("div", { class: "row" }, ...children),
  );
}

/** A checkbox with its label. @param {string} value @param {boolean} checked @param {string} label */
export function pick(value, checked, label) {
  return el("label", { class: "pick" }, el("input", { type: "checkbox", value, checked }), el("span", { text: label }));
}

/** The values of the ticked boxes. @param {HTMLElement} group */
export function picked(group) {
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (group.querySelectorAll("input:checked"))].map(
    ({ value }) => value,
  );
}
