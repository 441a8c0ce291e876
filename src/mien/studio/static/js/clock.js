// @ts-check
/** Which frame is on at a moment: playing at true speed or slowed, once or in a loop. */

/**
 * @param {number} elapsedSeconds of the viewer's time since frame `from` was on
 * @param {{fps: number, frames: number, speed: number, loop: boolean, from: number}} how
 * @returns {{frame: number, over: boolean}}
 */
export function frameAt(elapsedSeconds, { fps, frames, speed, loop, from }) {
  const frame = from + Math.floor(elapsedSeconds * speed * fps + 1e-6);
  if (loop) return { frame: frame % frames, over: false };
  return frame >= frames ? { frame: frames - 1, over: true } : { frame, over: false };
}
