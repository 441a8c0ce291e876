// @ts-check
/** What a screen can show: how many pictures a second, and which frame rates go evenly into them. */

import { fpsNumber } from "./envelope.js";
import { t } from "./i18n.js";

export const SCREENS_HZ = [60, 75, 100, 120, 144, 240];
const FRAMES = 24;

/** @type {Promise<number> | null} */
let measured = null;

/** Pictures a second of the screen that the page is on, to a whole number; 0 if it cannot be told. @returns {Promise<number>} */
export function screenHz() {
  measured ??= new Promise((resolve) => {
    /** @type {number[]} */
    const times = [];
    const done = () => resolve(rateOf(times));
    const timer = setTimeout(done, 1500); // a page that is not seen gets no frames
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

/** @param {number[]} times of pictures, in milliseconds @returns {number} the median's rate */
export function rateOf(times) {
  const gaps = times
    .slice(1)
    .map((time, i) => time - times[i])
    .sort((one, other) => one - other);
  const middle = gaps[Math.floor(gaps.length / 2)];
  return middle > 0 ? Math.round(1000 / middle) : 0;
}

/** Whether each frame stays on a screen equally long: the screen's rate is a multiple of the film's. @param {number} fps @param {number} hz */
export function showsEvenly(fps, hz) {
  const turns = hz / fps;
  return turns > 0.99 && Math.abs(turns - Math.round(turns)) < 0.02;
}

/**
 * What a screen makes of a frame rate; empty if it shows every frame equally long.
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
