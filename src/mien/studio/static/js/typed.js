// @ts-check
/** Numbers as people type them. */

import { MAX_INTENSITY, tidyIntensity } from "./envelope.js";

/**
 * A decimal number such as 2.5 or 2,5; null for other text.
 * @param {string} text
 */
export function typedNumber(text) {
  const typed = text.trim().replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(typed) ? Number(typed) : null;
}

/**
 * An intensity: 2.5, 2,5, or a level such as B; null for other text and for values outside the scale.
 * @param {string} text
 */
export function typedIntensity(text) {
  const letter = text.trim().toUpperCase();
  const typed = letter.length === 1 && "ABCDE".includes(letter) ? "ABCDE".indexOf(letter) + 1 : typedNumber(text);
  return typed !== null && typed >= 0 && typed <= MAX_INTENSITY ? tidyIntensity(typed) : null;
}
