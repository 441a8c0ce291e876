// @ts-check
/** Where a dragged handle snaps: to the levels A to E, and to the times of other lanes. */

/** Distance in px within which a handle snaps. */
const NEAR_PX = 6;
/** A handle snaps within at most this share of the distance between two levels, so that values in between stay possible. */
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
