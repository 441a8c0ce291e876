// @ts-check
/** How far what was made moves beside the film: measured, or not said. */

import { post } from "./api.js";
import { finish } from "./jobs.js";
import { workText } from "./kept.js";

/** From this share of the driver's size to its inverse, a result moves as far as the driver did. */
const AS_FAR = 0.9;

/**
 * @typedef {object} Compared
 * @property {{cosine: number, amplitude: number, timing: number}} score
 * @property {number[]} times_seconds
 * @property {Record<string, number[]>} raw what was measured in the result
 * @property {string[]} notes
 * @property {string} of what was measured, as text
 */

export class Comparison {
  /** @param {import("./transfer.js").Transfer} transfer */
  constructor(transfer) {
    this.transfer = transfer;
    /** @type {Record<"lanes" | "whole", Compared | null>} */
    this.found = { lanes: null, whole: null };
  }

  /** What was measured of the way that is chosen; null if nothing was. */
  get now() {
    return this.found[this.transfer.way];
  }

  /** Whether what is there now is another than was measured. */
  get stale() {
    const { work } = this.transfer.context;
    return this.now !== null && (!work || this.now.of !== workText(work));
  }

  /** Whether it was measured that the result moves as far as the driver. */
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
