// @ts-check
/** GIF's time unit, as in `mien.io.gif`: a tick is 10 ms, and browsers show each frame for at least two ticks. */

const TICKS_PER_SECOND = 100;
const LEAST_TICKS = 2;
const MOST_TIMES = 50;

/**
 * How many times slower a GIF must play to show every frame; null if no GIF can have this frame rate.
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
