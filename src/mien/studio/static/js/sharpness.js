// @ts-check
/** How large a preview must be to look sharp on the screen. */

const SIZES_PX = [512, 1024, 2048];
/** A preview may be this many times smaller than it is shown. */
const SOFT = 1.3;

export const LEAST_PX = SIZES_PX[0];

/**
 * @param {{width_px: number, height_px: number}} portrait
 * @param {number} shownWidth px of the screen that the whole portrait would be wide
 * @returns {number} px of the longer side, from a few fixed sizes, because the server prepares each size once
 */
export function previewPx({ width_px, height_px }, shownWidth) {
  const longer = Math.max(width_px, height_px);
  const needed = Math.min((shownWidth * (longer / width_px) * devicePixelRatio) / SOFT, longer);
  return SIZES_PX.find((each) => each >= needed) ?? SIZES_PX[SIZES_PX.length - 1];
}
