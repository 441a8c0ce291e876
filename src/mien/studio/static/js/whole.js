// @ts-check
/** What a whole transfer is asked for, as the tab holds it and as the server and project files do. */

import { firstEncoding } from "./origins.js";

/** @typedef {import("./types.js").TransferDesign} TransferDesign */

/**
 * Which part of the clip, seen how; a change wants measuring anew.
 * @typedef {object} Cut
 * @property {"first" | "median" | number} baseline
 * @property {number | null} start_seconds
 * @property {number | null} end_seconds
 * @property {string | null} fps instead of the file's own
 * @property {number | null} face of the driver
 */

/** @param {Partial<TransferDesign>} design @returns {Cut} */
export function wholeClip({ baseline = "first", start_seconds = null, end_seconds = null, fps = null, driver_face = null } = {}) {
  return { baseline, start_seconds, end_seconds, fps: fps === null ? null : String(fps), face: driver_face };
}

/** What the server takes where a project names none. */
const THRESHOLD = 0.5;

/** @param {Partial<TransferDesign>} design */
export function wholeOptions({ engine = "mesh", strength = 1, blinks = true, gaze = false, head_motion = false, recode = null,
  threshold = THRESHOLD } = {}) {
  // Without re-encoding a project's threshold means nothing: one that begins later begins as for lanes.
  return { engine, strength, blinks, gaze, head_motion, recode, threshold: recode ? threshold : firstEncoding().threshold };
}

/** Whether an engine moves a face by action units, which can be re-encoded. @param {string} engine */
export function carriesUnits(engine) {
  return engine === "rig" || engine === "ulme-gan";
}

/**
 * @param {import("./types.js").Design} receiver whose portrait and name are used
 * @param {string} clip
 * @param {Cut} cut
 * @param {ReturnType<typeof wholeOptions>} options
 * @returns {TransferDesign} with no option that its engine has not
 */
export function wholeDesign({ portrait, face, name }, clip, { face: driver_face, ...part }, { recode, gaze, head_motion, threshold, ...rest }) {
  const mesh = rest.engine === "mesh";
  const mode = carriesUnits(rest.engine) ? recode : null;
  return { portrait, face, clip, ...part, driver_face, scale: "full", ...rest, gaze: mesh && gaze, head_motion: mesh && head_motion,
    recode: mode, threshold: mode ? threshold : THRESHOLD, name };
}

/** What a transfer depends on; not on what it is called. @param {TransferDesign} design */
export function settings(design) {
  return JSON.stringify({ ...design, name: "" });
}
