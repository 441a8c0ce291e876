// @ts-check
/** Which of a picture's faces is meant. */

/**
 * @param {import("./types.js").PortraitInfo} portrait
 * @param {number | "largest" | null} face as a design has it
 * @returns {number} its number from the left
 */
export function chosenFace({ faces }, face) {
  if (typeof face === "number") return face;
  if (face === null || !faces.length) return 1;
  const area = (/** @type {number[]} */ [left, top, right, bottom]) => (right - left) * (bottom - top);
  return faces.reduce((most, each) => (area(each.box_px) > area(most.box_px) ? each : most)).number;
}
