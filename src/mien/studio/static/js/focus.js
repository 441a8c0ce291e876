// @ts-check
/** Which control has the focus, so that its new copy gets it when the page is rebuilt. */

const NAMES = ["action", "key", "field", "whole", "tool", "look", "view", "preset", "au", "tab"];

/** @param {Element | null} held @returns {string | null} a selector that finds it again */
export function addressOf(held) {
  if (!(held instanceof HTMLElement)) return null;
  if (held.id) return `#${CSS.escape(held.id)}`;
  const name = NAMES.find((each) => held.dataset[each] !== undefined);
  return name ? `[data-${name}="${CSS.escape(held.dataset[name] ?? "")}"]` : null;
}

/** Give the focus back, unless something else has it. @param {string | null} address */
export function focusAgain(address) {
  const held = document.activeElement;
  if (!address || (held && held !== document.body)) return;
  /** @type {HTMLElement | null} */ (document.querySelector(address))?.focus({ preventScroll: true });
}
