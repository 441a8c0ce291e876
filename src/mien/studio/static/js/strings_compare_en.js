// @ts-check
/** English texts of trimming and comparing films. `strings_compare_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const COMPARE_EN = {
  "recode.least": "Hide below",
  "compare.title": "How far it moves",
  "compare.notYet": "It is not measured yet how far the result moves compared with the film.",
  "compare.stale": "The result has changed since it was measured.",
  "compare.equal": "Measured: it moves as far as the driver.",
  "compare.percent": "Measured: it moves {percent} % as far as the driver.",
  "compare.cosine": "Similarity",
  "compare.cosineText": "Cosine of the two motions: 1 if the skin moves in the same directions.",
  "compare.amplitude": "Size",
  "compare.amplitudeText": "Size of the result’s motion divided by that of the driver: 1 if both move equally far.",
  "compare.timing": "Timing",
  "compare.timingText": "Correlation over time of how much both move: 1 if they move at the same times.",
  "compare.start": "Measure the result",
  "compare.again": "Measure the result again",
  "work.compare": "Measuring the result…",
  "curve.result": "measured in the result",
  "curve.top": "Intensity at the upper edge of this row",
  "trim.title": "Part of the film",
  "trim.start": "Where the part begins",
  "trim.end": "Where the part ends",
  "trim.said": "{from}–{to} of {all} ms",
  "trim.strongest": "Moves most at {ms} ms",
  "trim.around": "Only around {ms} ms, where it moves most",
  "trim.all": "The whole film",
  "driver.sample": "or try a sample film",
};
