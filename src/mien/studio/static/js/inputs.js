// @ts-check
/** Small controls, each with a key, so that the focus stays when a panel is rendered again. */

import { el } from "./dom.js";
import { t } from "./i18n.js";
import { typedNumber } from "./typed.js";

/** Fields in which a number was typed that is not taken over yet. @type {WeakSet<EventTarget>} */
const typing = new WeakSet();

document.addEventListener(
  "input",
  ({ target }) => {
    if (target instanceof HTMLInputElement && ["number", "text"].includes(target.type)) typing.add(target);
  },
  true,
);
for (const over of ["change", "focusout"])
  document.addEventListener(
    over,
    ({ target }) => {
      if (target) typing.delete(target);
    },
    true,
  );

/** Show a value in a control, unless somebody is typing in it. @param {HTMLInputElement | HTMLSelectElement} control @param {string} value */
export function show(control, value) {
  if (!typing.has(control) && control.value !== value) control.value = value;
}

/** Take over a typed value now; otherwise it would be taken over only after the next action. */
export function finishTyping() {
  const held = /** @type {HTMLElement | null} */ (document.activeElement);
  if (held && typing.has(held)) held.blur();
}

/**
 * Return a function that renders a part of the page again, but waits while somebody types or presses a button in it: the
 * control that is clicked, or reached by Tab, must not be replaced meanwhile.
 * @param {HTMLElement} element
 * @param {() => void} render
 * @param {AbortSignal} signal of the page that the element is on
 * @returns {() => void}
 */
export function calmly(element, render, signal) {
  let wanted = false;
  let pressed = false;
  const soon = () =>
    setTimeout(() => {
      const held = document.activeElement;
      if (!wanted || pressed || signal.aborted || (held && element.contains(held) && typing.has(held))) return;
      wanted = false;
      render();
    });
  element.addEventListener("pointerdown", () => {
    pressed = true;
  });
  for (const over of ["pointerup", "pointercancel", "blur"])
    addEventListener(
      over,
      () => {
        pressed = false;
        soon();
      },
      { signal },
    );
  for (const over of ["change", "focusout"]) element.addEventListener(over, soon);
  return () => {
    wanted = true;
    soon();
  };
}

/**
 * A field for a number. It is a text field, because a browser's number field reads 2,5 as 25 or not at all, depending on
 * its language.
 * @param {import("./dom.js").Attributes} attributes
 * @param {number} step of the arrow keys up and down
 * @param {(typed: string) => void} take called with the typed text, without spaces around it
 * @param {number} [least] where the arrow keys stop
 */
export function decimalBox(attributes, step, take, least = 0) {
  const taken = () => take(input.value.trim());
  const input = el("input", {
    type: "text",
    class: "number",
    inputmode: "decimal",
    autocomplete: "off",
    ...attributes,
    on: {
      change: taken,
      keydown: (/** @type {KeyboardEvent} */ event) => {
        const by = { ArrowDown: -step, ArrowUp: step }[event.key];
        const now = typedNumber(input.value);
        if (!by || now === null) return;
        event.preventDefault();
        input.value = String(Math.max(least, Math.round((now + by) * 1e4) / 1e4));
        taken();
      },
    },
  });
  return input;
}

/**
 * A field for a number, which may be empty.
 * @param {{refuse: (text: string) => void}} notices where a number that is not accepted is reported
 * @param {string} key
 * @param {number | null} value
 * @param {{min: number, max?: number, step: number, whole?: boolean, placeholder?: string}} limits
 * @param {(value: number | null) => void} change called only with numbers in range, or null for an empty field
 */
export function number(notices, key, value, { min, max = Infinity, step, whole = false, placeholder }, change) {
  const input = decimalBox(
    { value: value === null ? "" : String(value), placeholder, dataset: { key } },
    step,
    (text) => {
      const typed = typedNumber(text);
      if (!text || (typed !== null && typed >= min && typed <= max && (!whole || Number.isInteger(typed)))) {
        input.value = typed === null ? "" : String(typed);
        value = typed;
        return change(typed);
      }
      input.value = value === null ? "" : String(value);
      notices.refuse(
        t(`edit.bad${whole ? "Whole" : ""}${max < Infinity ? "Number" : min > -Infinity ? "Least" : "Any"}`, {
          least: min,
          most: max,
          typed: text,
        }),
      );
    },
    min,
  );
  return input;
}

/**
 * A list to choose one value from.
 * @param {string} key
 * @param {string} value
 * @param {Record<string, string>} choices texts by value
 * @param {(value: string) => void} change
 */
export function choice(key, value, choices, change) {
  const select = el(
    "select",
    { dataset: { key }, on: { change: () => change(select.value) } },
    ...Object.entries(choices).map(([each, text]) => el("option", { value: each, text })),
  );
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
  const input = el("input", {
    type: "checkbox",
    checked: value,
    dataset: { key },
    on: { change: () => change(input.checked) },
  });
  return el("label", { class: "check" }, input, label);
}
