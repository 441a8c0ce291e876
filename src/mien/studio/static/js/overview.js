// @ts-check
/** How much a film moves over time, all action units together, and where most. */

/** @typedef {{times: number[], sums: number[], strongest: number}} Overview times and `strongest` in seconds */

/** @param {import("./types.js").Measurement} measured @returns {Overview | null} nothing of a film in which nothing moves */
export function overviewOf({ times_seconds: times, raw, still }) {
  if (still) return null;
  const courses = Object.entries(raw)
    .filter(([au]) => !au.startsWith("AU43") && !au.startsWith("AU45"))
    .map(([, values]) => values);
  const sums = times.map((_, i) => courses.reduce((sum, values) => sum + (values[i] ?? 0), 0));
  const most = Math.max(...sums);
  return most > 0 ? { times, sums, strongest: times[sums.indexOf(most)] } : null;
}
