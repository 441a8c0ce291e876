// @ts-check
/** What a screen can show: its refresh rate, and which frame rates it shows evenly. */

import { fpsNumber } from "./envelope.js";
import { t } from "./i18n.js";

export const SCREENS_HZ = [60, 75, 100, 120, 144, 240];
const FRAMES = 24;

/** @type {Promise<number> | null} */
let measured = null;

/** Refresh rate of the page's screen in Hz, rounded to a whole number; 0 if it cannot be measured. @returns {Promise<number>} */
export function screenHz() {
  measured ??= new Promise((resolve) => {
    /** @type {number[]} */
    const times = [];
    const done = () => resolve(rateOf(times));
    const timer = setTimeout(done, 1500); // a hidden page gets no frames
    const next = (/** @type {number} */ now) => {
      times.push(now);
      if (times.length <= FRAMES) return void requestAnimationFrame(next);
      clearTimeout(timer);
      done();
    };
    requestAnimationFrame(next);
  });
  return measured;
}

/** @param {number[]} times of refreshes, in milliseconds @returns {number} rate of the median interval, Hz */
export function rateOf(times) {
  const gaps = times
    .slice(1)
    .map((time, i) => time - times[i])
    .sort((one, other) => one - other);
  const middle = gaps[Math.floor(gaps.length / 2)];
  return middle > 0 ? Math.round(1000 / middle) : 0;
}

/** Whether a screen shows each frame equally long: its refresh rate is a multiple of the frame rate. @param {number} fps @param {number} hz */
export function showsEvenly(fps, hz) {
  const turns = hz / fps;
  return turns > 0.99 && Math.abs(turns - Math.round(turns)) < 0.02;
}

/**
 * A warning about a frame rate on a screen; empty if every frame is shown equally long.
 * @param {string} fps
 * @param {number} hz
 */
export function screenWarning(fps, hz) {
  const rate = fpsNumber(fps);
  if (!(rate > 0) || !hz || showsEvenly(rate, hz)) return "";
  if (rate > hz)
    return t("screen.tooFast", { fps: Math.round(rate * 100) / 100, hz, shown: Math.round((hz / rate) * 100) });
  return t("screen.uneven", { fps: Math.round(rate * 100) / 100, hz });
}
