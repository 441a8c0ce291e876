// @ts-check
/** The curve of one AU: the same formulas as `mien.au.envelope`, and how dragging changes it. */

/** @typedef {import("./types.js").Envelope} Envelope */
/** @typedef {import("./types.js").Shape} Shape */
/** @typedef {"onset" | "apexStart" | "apexEnd" | "offset" | "peak" | "body"} Handle */

export const MAX_INTENSITY = 5;

/** From the earliest to the latest. @type {["onset_seconds", "apex_start_seconds", "apex_end_seconds", "offset_seconds"]} */
export const CORNERS = ["onset_seconds", "apex_start_seconds", "apex_end_seconds", "offset_seconds"];

/** @type {Record<string, number>} */
export const CORNER_OF_HANDLE = { onset: 0, apexStart: 1, apexEnd: 2, offset: 3 };

/** @type {Record<Shape, (t: number) => number>} */
const EASES = {
  linear: (t) => t,
  smooth: (t) => 0.5 - 0.5 * Math.cos(Math.PI * t),
  minimum_jerk: (t) => t ** 3 * (10 + t * (6 * t - 15)),
};

/**
 * @param {number} time
 * @param {number} start
 * @param {number} end
 */
function progress(time, start, end) {
  if (end - start <= 1e-9) return time >= start - 1e-9 ? 1 : 0;
  return Math.min(Math.max((time - start) / (end - start), 0), 1);
}

/**
 * @param {Envelope} envelope
 * @param {number} time seconds
 * @returns {number} FACS intensity
 */
export function intensityAt(envelope, time) {
  const ease = EASES[envelope.shape];
  const rise = progress(time, envelope.onset_seconds, envelope.apex_start_seconds);
  const fall = progress(time, envelope.apex_end_seconds, envelope.offset_seconds);
  return envelope.peak_intensity * Math.min(ease(rise), 1 - ease(fall));
}

/** @param {Envelope} envelope @returns {number[]} */
export function corners(envelope) {
  return CORNERS.map((name) => envelope[name]);
}

/**
 * Round off floating-point errors, such as that of 0.1 + 0.2, so that none reaches a project file.
 * @param {number} seconds
 */
export function tidySeconds(seconds) {
  return Math.round(seconds * 1e6) / 1e6;
}

/** @param {number} intensity */
export function tidyIntensity(intensity) {
  return Math.round(Math.min(Math.max(intensity, 0), MAX_INTENSITY) * 100) / 100;
}

/**
 * The nearest frame's time.
 * @param {number} seconds
 * @param {number} fps
 */
export function snap(seconds, fps) {
  return tidySeconds(Math.round(seconds * fps) / fps);
}

/**
 * Move all corners of a movement to frames, in order, so that it lasts at least one frame.
 * @param {Envelope} envelope
 * @param {number} fps
 * @param {number} [endSeconds] of the clip, after which the movement may not end
 * @returns {Envelope}
 */
export function onFrames(envelope, fps, endSeconds = Infinity) {
  const last = Math.floor(endSeconds * fps + 1e-6);
  const frames = corners(envelope).map((time) => Math.min(Math.max(Math.round(time * fps), 0), last));
  if (frames[3] === frames[0]) {
    if (frames[0] === last) frames[0] -= 1;
    else frames[3] += 1;
  }
  return withCorners(
    envelope,
    frames.map((frame) => frame / fps),
  );
}

/**
 * The times between which a corner may lie: between its neighbours, and so that the movement lasts at least one frame.
 * @param {Envelope} envelope
 * @param {number} index of the corner, from 0
 * @param {{fps: number, endSeconds: number}} limits
 */
export function cornerRange(envelope, index, { fps, endSeconds }) {
  const times = corners(envelope);
  const frame = 1 / fps;
  const low = [0, times[0], times[1], Math.max(times[2], times[0] + frame)][index];
  const high = [Math.min(times[1], times[3] - frame), times[2], times[3], endSeconds][index];
  return { least: tidySeconds(Math.max(low, 0)), most: tidySeconds(Math.max(high, low, 0)) };
}

/**
 * Put one corner at a time, as near as `cornerRange` allows.
 * @param {Envelope} envelope
 * @param {Handle} handle
 * @param {number} seconds where the corner (or, for the body, the onset) is wanted
 * @param {{fps: number, endSeconds: number}} limits
 * @returns {Envelope}
 */
export function moveTo(envelope, handle, seconds, limits) {
  const times = corners(envelope);
  const wanted = snap(seconds, limits.fps);
  if (handle === "body") {
    const length = times[3] - times[0];
    const onset = Math.min(Math.max(wanted, 0), Math.max(limits.endSeconds - length, 0));
    return withCorners(
      envelope,
      times.map((time) => time - times[0] + onset),
    );
  }
  const index = CORNER_OF_HANDLE[handle];
  const { least, most } = cornerRange(envelope, index, limits);
  times[index] = Math.min(Math.max(wanted, least), most);
  return withCorners(envelope, times);
}

/** @param {Envelope} envelope @param {number[]} times @returns {Envelope} */
export function withCorners(envelope, times) {
  const [onset, start, end, offset] = times.map(tidySeconds);
  return {
    ...envelope,
    onset_seconds: onset,
    apex_start_seconds: start,
    apex_end_seconds: end,
    offset_seconds: offset,
  };
}

/**
 * Fitted lanes with times and peaks rounded to be readable, the strongest unit first, the sides of a unit together.
 * @param {Envelope[]} lanes
 */
export function tidyLanes(lanes) {
  /** @type {Map<string, number>} */
  const most = new Map();
  for (const { au, peak_intensity } of lanes) {
    const { base } = splitAu(au);
    most.set(base, Math.max(most.get(base) ?? 0, peak_intensity));
  }
  const strength = (/** @type {Envelope} */ { au }) => most.get(splitAu(au).base) ?? 0;
  return lanes
    .map((lane) => ({
      ...withCorners(
        lane,
        corners(lane).map((time) => Math.round(time * 1e4) / 1e4),
      ),
      peak_intensity: tidyIntensity(lane.peak_intensity),
    }))
    .sort((a, b) => strength(b) - strength(a));
}

/**
 * A new envelope, with the typical rise and fall of coded micro-expressions (see mien.au.statistics).
 * @param {string} au
 * @returns {Envelope}
 */
export function newEnvelope(au) {
  return {
    au,
    onset_seconds: 0.05,
    apex_start_seconds: 0.2,
    apex_end_seconds: 0.24,
    offset_seconds: 0.4,
    peak_intensity: 2,
    shape: "minimum_jerk",
  };
}

/** @param {string} au @returns {{base: string, side: import("./types.js").Side}} */
export function splitAu(au) {
  const letter = au.slice(-1);
  if (letter === "L") return { base: au.slice(0, -1), side: "left" };
  if (letter === "R") return { base: au.slice(0, -1), side: "right" };
  return { base: au, side: "both" };
}

/** @param {string} base @param {import("./types.js").Side} side */
export function joinAu(base, side) {
  return base + { both: "", left: "L", right: "R" }[side];
}

/** The FACS level nearest to an intensity; empty below a trace. @param {number} intensity */
export function levelOf(intensity) {
  return ["", "A", "B", "C", "D", "E"][Math.min(Math.round(intensity), 5)];
}

/**
 * Onset, apex and offset of the whole movement; null if nothing moves.
 * @param {Envelope[]} envelopes
 * @returns {{onset: number, apex: number, offset: number} | null}
 */
export function movement(envelopes) {
  const moving = envelopes.filter((envelope) => envelope.peak_intensity > 0);
  if (!moving.length) return null;
  const onset = Math.min(...moving.map((envelope) => envelope.onset_seconds));
  const offset = Math.max(...moving.map((envelope) => envelope.offset_seconds));
  const candidates = moving.flatMap((envelope) => corners(envelope)).sort((a, b) => a - b);
  let apex = onset;
  let most = -1;
  for (const time of candidates) {
    const sum = moving.reduce((total, envelope) => total + intensityAt(envelope, time), 0);
    if (sum > most + 1e-9) [most, apex] = [sum, time];
  }
  return { onset, apex, offset };
}

/** "30000/1001" or "200" as a number. @param {string | number} text */
export function fpsNumber(text) {
  const [top, bottom] = String(text).split("/").map(Number);
  return bottom ? top / bottom : top;
}

/** @param {number} durationSeconds @param {number} fps @returns how many frames, as the server counts */
export function frameCount(durationSeconds, fps) {
  return Math.floor(durationSeconds * fps + 1e-9) + 1;
}
