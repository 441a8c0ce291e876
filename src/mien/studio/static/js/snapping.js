// @ts-check
/** Where a dragged handle holds on: levels A to E, and the times of other lanes. */

/** How near the pointer must come. */
const NEAR_PX = 6;
/** Between two levels there must be room to stop. */
const NEAR_SHARE = 0.25;

/**
 * @param {number} seconds
 * @param {number[]} candidates times of other lanes
 * @param {import("./time_scale.js").TimeScale} scale
 */
export function snappedTime(seconds, candidates, scale) {
  const px = scale.width / scale.spanSeconds;
  const away = (/** @type {number} */ time) => Math.abs(time - seconds) * px;
  const nearest = candidates.reduce((best, time) => (away(time) < away(best) ? time : best), Infinity);
  return away(nearest) <= NEAR_PX ? nearest : seconds;
}

/** @param {number} intensity @param {number} levelPx how far apart two levels are drawn */
export function snappedLevel(intensity, levelPx) {
  const level = Math.round(intensity);
  return Math.abs(intensity - level) * levelPx <= Math.min(NEAR_PX, NEAR_SHARE * levelPx) ? level : intensity;
}
