// @ts-check
/** How much the face in a film moves over time, summed over action units, and when it moves most. */

/** @typedef {{times: number[], sums: number[], strongest: number}} Overview times and `strongest` in seconds */

/** @param {import("./types.js").Measurement} measured @returns {Overview | null} null if nothing moves in the film */
export function overviewOf({ times_seconds: times, raw, still }) {
  if (still) return null;
  const courses = Object.entries(raw)
    .filter(([au]) => !au.startsWith("AU43") && !au.startsWith("AU45"))
    .map(([, values]) => values);
  const sums = times.map((_, i) => courses.reduce((sum, values) => sum + (values[i] ?? 0), 0));
  const most = Math.max(...sums);
  return most > 0 ? { times, sums, strongest: times[sums.indexOf(most)] } : null;
}
