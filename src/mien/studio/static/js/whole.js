// @ts-check
/** What a whole transfer is asked for, as the tab holds it and as the server and project files do. */

import { firstEncoding } from "./origins.js";

/** @typedef {import("./types.js").TransferDesign} TransferDesign */

/**
 * Which part of the clip, seen how; a change has to be measured again.
 * @typedef {object} Cut
 * @property {"first" | "median" | number} baseline
 * @property {number | null} start_seconds
 * @property {number | null} end_seconds
 * @property {string | null} fps instead of the file's own
 * @property {number | null} face of the driver
 */

/** @param {Partial<TransferDesign>} design @returns {Cut} */
export function wholeClip({
  baseline = "first",
  start_seconds = null,
  end_seconds = null,
  fps = null,
  driver_face = null,
} = {}) {
  return { baseline, start_seconds, end_seconds, fps: fps === null ? null : String(fps), face: driver_face };
}

/** What the server takes where a project names none. */
const THRESHOLD = 0.5;

/** @param {Partial<TransferDesign> & {engine: string}} design */
export function wholeOptions({
  engine,
  settings = {},
  strength = 1,
  blinks = true,
  recode = null,
  threshold = THRESHOLD,
}) {
  /** By engine: those of the others are there again when their engine is. @type {Record<string, import("./types.js").Settings>} */
  const engineSettings = { [engine]: settings };
  // Without re-encoding a project's threshold means nothing: one that begins later begins as for lanes.
  return {
    engine,
    engineSettings,
    strength,
    blinks,
    recode,
    threshold: recode ? threshold : firstEncoding().threshold,
  };
}

/**
 * @param {import("./types.js").Design} receiver whose portrait and name are used
 * @param {string} clip
 * @param {Cut} cut
 * @param {ReturnType<typeof wholeOptions>} options
 * @param {boolean} usesUnits whether the engine moves a face by action units, which can be re-encoded
 * @returns {TransferDesign} without the options that its engine does not take
 */
export function wholeDesign(
  { portrait, face, name },
  clip,
  { face: driver_face, ...part },
  { recode, engineSettings, threshold, ...rest },
  usesUnits,
) {
  const mode = usesUnits ? recode : null;
  return {
    portrait,
    face,
    clip,
    ...part,
    driver_face,
    scale: "full",
    ...rest,
    settings: engineSettings[rest.engine] ?? {},
    recode: mode,
    threshold: mode ? threshold : THRESHOLD,
    name,
  };
}

/** All that a transfer's result depends on, as text; its name is left out. @param {TransferDesign} design */
export function fingerprint(design) {
  return JSON.stringify({ ...design, name: "" });
}
