// @ts-check
/** Small controls that remember by a key who they are, so that the focus stays when a panel is made anew. */

import { el } from "./dom.js";

/**
 * A number, or nothing.
 * @param {string} key
 * @param {number | null} value
 * @param {import("./dom.js").Attributes} attributes
 * @param {(value: number | null) => void} change told of numbers in range only
 */
export function number(key, value, attributes, change) {
  const input = el("input", { type: "number", class: "number", value: value === null ? "" : String(value), dataset: { key }, ...attributes,
    on: { change: () => {
      if (!input.checkValidity()) input.value = value === null ? "" : String(value);
      else change(input.value === "" ? null : Number(input.value));
    } } });
  return input;
}

/**
 * One out of some.
 * @param {string} key
 * @param {string} value
 * @param {Record<string, string>} choices texts by value
 * @param {(value: string) => void} change
 */
export function choice(key, value, choices, change) {
  const select = el("select", { dataset: { key }, on: { change: () => change(select.value) } },
    ...Object.entries(choices).map(([each, text]) => el("option", { value: each, text })));
  select.value = value;
  return select;
}

/**
 * @param {string} key
 * @param {string} label
 * @param {boolean} value
 * @param {(value: boolean) => void} change
 */
export function check(key, label, value, change) {
  const input = el("input", { type: "checkbox", checked: value, dataset: { key }, on: { change: () => change(input.checked) } });
  return el("label", { class: "check" }, input, label);
}
