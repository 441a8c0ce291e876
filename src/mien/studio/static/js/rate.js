// @ts-check
/** Frame rates as people type them. */

import { fpsNumber } from "./envelope.js";

/** Highest frame rate, as in `mien.au.frame_rate`. */
export const MAX_FPS = 10000;

/**
 * A frame rate such as 200, 29.97, 29,97 or 30000/1001; null for other text.
 * @param {string} text
 */
export function typedRate(text) {
  const rate = text.trim().replace(",", ".");
  if (!/^\d+(\.\d+)?$|^\d+\/[1-9]\d*$/.test(rate)) return null;
  return fpsNumber(rate) > 0 && fpsNumber(rate) <= MAX_FPS ? rate : null;
}
