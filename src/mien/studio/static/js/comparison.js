// @ts-check
/** How far the result moves compared with the film, once it is measured. */

import { post } from "./api.js";
import { finish } from "./jobs.js";
import { workText } from "./kept.js";

/** A result moves as far as the driver if the ratio of their sizes is from this value to its inverse. */
const AS_FAR = 0.9;

/**
 * @typedef {object} Compared
 * @property {{cosine: number, amplitude: number, timing: number}} score
 * @property {number[]} times_seconds
 * @property {Record<string, number[]>} raw what was measured in the result
 * @property {string[]} notes
 * @property {string} of the design that was measured, as text
 */

export class Comparison {
  /** @param {import("./transfer.js").Transfer} transfer */
  constructor(transfer) {
    this.transfer = transfer;
    /** @type {Record<"lanes" | "whole", Compared | null>} */
    this.found = { lanes: null, whole: null };
  }

  /** The last measurement for the chosen way to transfer; null if there is none. */
  get now() {
    return this.found[this.transfer.way];
  }

  /** Whether the result has changed since it was measured. */
  get stale() {
    const { work } = this.transfer.context;
    return this.now !== null && (!work || this.now.of !== workText(work));
  }

  /** Whether the result, as measured, moves as far as the driver. */
  get isEqual() {
    const amplitude = this.now?.score.amplitude ?? 0;
    return !this.stale && amplitude >= AS_FAR && amplitude <= 1 / AS_FAR;
  }

  clear() {
    this.found = { lanes: null, whole: null };
  }

  /**
   * @param {import("./types.js").Measurement} measurement
   * @param {object} design
   * @param {AbortSignal} signal
   */
  async measure(measurement, design, signal) {
    const { transfer } = this;
    const { way } = transfer;
    const of = workText(design);
    const job = await post("/api/comparisons", { measurement: measurement.id, design }, signal);
    const made = await finish(job, {
      signal,
      onProgress: (each) => transfer.work.progress(each, measurement.times_seconds.length),
    });
    this.found[way] = { ...made, of };
  }
}
