// @ts-check
/** A driver clip: its frames as they come from the server, and which of them is shown at a time. */

import { fpsNumber } from "./envelope.js";
import { Film } from "./film.js";

const SIZE_PX = 512;
/** Clips with more frames than this get smaller frames, because all frames stay in memory. */
const MANY_FRAMES = 3000;

/**
 * Seconds from the first of this many frames to the last.
 * @param {number} frames
 * @param {string} fps
 */
export function lasts(frames, fps) {
  return Math.max(frames - 1, 1) / fpsNumber(fps);
}

export class Driver {
  /**
   * @param {import("./types.js").Clip} clip
   * @param {() => void} seen called when the first frame has come, and when the last has
   */
  constructor(clip, seen) {
    this.clip = clip;
    this.film = new Film(clip.frames);
    this.loading = this.film.load(
      "GET",
      `/api/clips/${clip.id}/frames?size_px=${clip.frames > MANY_FRAMES ? SIZE_PX / 2 : SIZE_PX}`,
      undefined,
      () => {
        if (this.film.packed.length === 1 || this.film.complete) seen();
      },
    );
  }

  /**
   * The picture at a time of the file; `again` is called when it is decoded.
   * @param {number} seconds
   * @param {string | null} fps frame rate to use instead of the file's time stamps
   * @param {() => void} again
   */
  at(seconds, fps, again) {
    const index = fps ? Math.round(seconds * fpsNumber(fps)) : nearest(this.clip.times_seconds, seconds);
    const frame = Math.min(Math.max(index, 0), this.clip.frames - 1);
    const picture = this.film.picture(frame);
    if (!picture) void this.film.unpack(frame)?.then(again);
    return picture;
  }

  drop() {
    this.film.drop();
  }
}

/** Return the index of the nearest of ascending times. @param {number[]} times @param {number} wanted */
function nearest(times, wanted) {
  const after = times.findIndex((time) => time > wanted);
  if (after < 0) return times.length - 1;
  return after > 0 && wanted - times[after - 1] <= times[after] - wanted ? after - 1 : after;
}
