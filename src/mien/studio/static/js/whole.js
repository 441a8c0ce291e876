// @ts-check
/** The options of a transfer of the whole motion, in the tab's form and in that of the server and of project files. */

import { firstEncoding } from "./origins.js";

/** @typedef {import("./types.js").TransferDesign} TransferDesign */

/**
 * The part of the clip that is measured, and how; after a change it is measured again.
 * @typedef {object} Cut
 * @property {"first" | "median" | number} baseline
 * @property {number | null} start_seconds
 * @property {number | null} end_seconds
 * @property {string | null} fps frame rate instead of the file's own
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

/** The threshold that the server uses if a project has none. */
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
  /** Settings by engine; they return when their engine is chosen again. @type {Record<string, import("./types.js").Settings>} */
  const engineSettings = { [engine]: settings };
  // Without re-encoding, a project's threshold has no meaning. If re-encoding is switched on later, it starts with the
  // threshold of the lanes.
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
 * @param {import("./types.js").Design} receiver design whose portrait and name are used
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

/** Everything that the result of a transfer depends on, as text; without its name. @param {TransferDesign} design */
export function fingerprint(design) {
  return JSON.stringify({ ...design, name: "" });
}
