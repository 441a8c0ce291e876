// @ts-check
/** Several lanes as one expression: its intensity, side and times, and changes of all lanes together. */

import { CORNERS, corners, joinAu, onFrames, splitAu, tidyIntensity, withCorners } from "./envelope.js";

/** @typedef {import("./types.js").Envelope} Envelope */
/** @typedef {import("./types.js").Side} Side */
/** @typedef {"onset" | "apex" | "offset"} Moment */

/**
 * @typedef {object} Summary
 * @property {number} intensity of its strongest peak
 * @property {Side | "mixed"} side
 * @property {number} start seconds
 * @property {number} end seconds
 */

/** @param {Envelope[]} lanes @returns {Summary | null} null where there are none */
export function summary(lanes) {
  if (!lanes.length) return null;
  return {
    intensity: Math.max(...lanes.map((lane) => lane.peak_intensity)),
    side: sideOf(lanes),
    start: Math.min(...lanes.map((lane) => lane.onset_seconds)),
    end: Math.max(...lanes.map((lane) => lane.offset_seconds)),
  };
}

/** @param {Envelope[]} lanes @returns {Side | "mixed"} */
function sideOf(lanes) {
  /** The sides of each unit; one lane for each side counts as both. @type {Map<string, Set<Side>>} */
  const sides = new Map();
  for (const { au } of lanes) {
    const { base, side } = splitAu(au);
    sides.set(base, (sides.get(base) ?? new Set()).add(side));
  }
  const all = new Set([...sides.values()].map((each) => (each.size > 1 ? "both" : [...each][0])));
  return all.size === 1 ? [...all][0] : "mixed";
}

/** @param {Envelope[]} lanes @param {number} intensity of the strongest; the others change in proportion @returns {Envelope[]} */
export function withIntensity(lanes, intensity) {
  const most = Math.max(...lanes.map((lane) => lane.peak_intensity));
  return lanes.map((lane) => ({
    ...lane,
    peak_intensity: most > 0 ? tidyIntensity((lane.peak_intensity / most) * intensity) : intensity,
  }));
}

/** @param {Envelope[]} lanes @param {number} start seconds @param {number} fps @returns {Envelope[]} */
export function startingAt(lanes, start, fps) {
  return shifted(lanes, Math.round(start * fps) - firstFrame(lanes, fps), fps);
}

/**
 * Stretch or shorten the movement, from the same start.
 * @param {Envelope[]} lanes
 * @param {number} seconds
 * @param {number} fps
 * @returns {Envelope[]}
 */
export function lasting(lanes, seconds, fps) {
  const first = firstFrame(lanes, fps);
  const last = Math.max(...lanes.map((lane) => Math.round(lane.offset_seconds * fps)));
  const length = Math.max(Math.round(seconds * fps), 1);
  const times = length / Math.max(last - first, 1);
  const end = (first + length) / fps;
  return lanes.map((lane) =>
    onFrames(
      withCorners(
        lane,
        corners(lane).map((time) => (first + Math.round((Math.round(time * fps) - first) * times)) / fps),
      ),
      fps,
      end,
    ),
  );
}

/**
 * Shorten the movement, and the time before it in proportion.
 * @param {Envelope[]} lanes
 * @param {number} seconds the latest time at which it ends
 * @param {number} fps
 * @returns {Envelope[]}
 */
export function endingAt(lanes, seconds, fps) {
  const last = Math.floor(seconds * fps + 1e-6);
  const ends = Math.max(...lanes.map((lane) => lane.offset_seconds));
  const first = Math.min(Math.round((firstFrame(lanes, fps) / (ends * fps)) * last), last - 1);
  return lasting(startingAt(lanes, first / fps, fps), (last - first) / fps, fps);
}

/**
 * Put all lanes on one side, or on both. If a unit has a lane for each side, the lane of the other side is removed.
 * @param {Envelope[]} lanes
 * @param {Side} side
 * @param {(base: string) => boolean} isSided whether a unit can move on one side
 * @returns {(Envelope | null)[]} null for a removed lane
 */
export function onSide(lanes, side, isSided) {
  return lanes.map((lane) => {
    const { base, side: was } = splitAu(lane.au);
    const twin = was !== "both" && lanes.some((other) => other.au !== lane.au && splitAu(other.au).base === base);
    if (twin && side === "both") return lane; // both sides are there
    if (twin && was !== side) return null;
    return isSided(base) ? { ...lane, au: joinAu(base, side) } : lane;
  });
}

/**
 * Align one moment of all lanes with that of a reference. If a lane would begin before the clip, all lanes are moved
 * later.
 * @param {Envelope[]} lanes the reference among them
 * @param {Envelope} reference
 * @param {Moment} moment
 * @param {number} fps
 * @returns {Envelope[]}
 */
export function aligned(lanes, reference, moment, fps) {
  const name = { onset: CORNERS[0], apex: CORNERS[1], offset: CORNERS[3] }[moment];
  const frame = (/** @type {Envelope} */ lane) => Math.round(lane[name] * fps);
  const by = lanes.map((lane) => frame(reference) - frame(lane));
  const before = Math.min(0, ...lanes.map((lane, i) => Math.round(lane.onset_seconds * fps) + by[i]));
  return lanes.flatMap((lane, i) => shifted([lane], by[i] - before, fps));
}

/** @param {Envelope[]} lanes @param {Envelope} reference whose times all lanes take @returns {Envelope[]} */
export function timedAs(lanes, reference) {
  return lanes.map((lane) => withCorners(lane, corners(reference)));
}

/** @param {Envelope[]} lanes @param {number} fps */
function firstFrame(lanes, fps) {
  return Math.min(...lanes.map((lane) => Math.round(lane.onset_seconds * fps)));
}

/** @param {Envelope[]} lanes @param {number} frames later @param {number} fps @returns {Envelope[]} */
export function shifted(lanes, frames, fps) {
  return lanes.map((lane) =>
    withCorners(
      lane,
      corners(lane).map((time) => (Math.round(time * fps) + frames) / fps),
    ),
  );
}
