// @ts-check
/** Which frame is shown at a moment, at true speed or slower, once or in a loop. */

/**
 * @param {number} elapsedSeconds of real time since frame `from` was shown
 * @param {{fps: number, frames: number, speed: number, loop: boolean, from: number}} how
 * @returns {{frame: number, over: boolean}}
 */
export function frameAt(elapsedSeconds, { fps, frames, speed, loop, from }) {
  const frame = from + Math.floor(elapsedSeconds * speed * fps + 1e-6);
  if (loop) return { frame: frame % frames, over: false };
  return frame >= frames ? { frame: frames - 1, over: true } : { frame, over: false };
}
