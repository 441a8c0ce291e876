// @ts-check
/** Where the points of the face go: at one time while editing, at all times for playing. */

import { get, post } from "./api.js";

/** @typedef {import("./draw.js").Motion} Motion */

/** A long clip's arrows are requested for at most this many times, and do not change in between. */
const MOST_TIMES = 400;

/** @param {import("./types.js").Design} design @param {number} seconds @returns {Promise<Motion>} */
export function motionAt(design, seconds) {
  return post("/api/preview/motion", { design, times_seconds: [seconds] });
}

/**
 * @param {import("./types.js").Design} design
 * @param {number} frames
 * @param {number} fps
 * @returns {Promise<(frame: number) => Motion>} the arrows of a frame
 */
export async function motionOfAll(design, frames, fps) {
  const step = Math.ceil(frames / MOST_TIMES);
  const times_seconds = Array.from({ length: Math.ceil(frames / step) }, (_, i) => (i * step) / fps);
  return byFrame(await post("/api/preview/motion", { design, times_seconds }), step);
}

/** @param {string} transfer the server's id @returns {Promise<(frame: number) => Motion>} the arrows of a whole transfer's frame */
export async function motionOfTransfer(transfer) {
  return byFrame(await get(`/api/transfers/${transfer}/motion`));
}

/** @param {Motion} all @param {number} step frames between two of its times @returns {(frame: number) => Motion} */
function byFrame(all, step = 1) {
  const last = all.displacement_px.length - 1;
  return (frame) => ({ ...all, displacement_px: [all.displacement_px[Math.min(Math.round(frame / step), last)]] });
}
