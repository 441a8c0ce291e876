// @ts-check
/** GIF's clock, as `mien.io.gif` has it: a tick is 10 ms, and browsers show no frame for less than two. */

const TICKS_PER_SECOND = 100;
const LEAST_TICKS = 2;
const MOST_TIMES = 50;

/**
 * How many times slower a GIF plays, so that it has every frame; null where there can be none.
 * @param {string} fps such as "200", "29.97" or "30000/1001"
 */
export function gifSlowdown(fps) {
  const [top, bottom = 1] = fps.split("/").map(Number);
  for (let times = 1; times <= MOST_TIMES; times++) {
    const ticks = (times * TICKS_PER_SECOND * bottom) / top;
    if (ticks > LEAST_TICKS - 1e-9 && Math.abs(ticks - Math.round(ticks)) < 1e-9) return times;
  }
  return null;
}
