// @ts-check
/** A driver clip: its frames as they come from the server, and which of them is on at a time. */

import { fpsNumber } from "./envelope.js";
import { Film } from "./film.js";

const SIZE_PX = 512;
/** The frames of a long clip are kept smaller, for all of them stay in memory. */
const MANY_FRAMES = 3000;

/**
 * How long this many frames last, from the first to the last.
 * @param {number} frames
 * @param {string} fps
 */
export function lasts(frames, fps) {
  return Math.max(frames - 1, 1) / fpsNumber(fps);
}

export class Driver {
  /**
   * @param {import("./types.js").Clip} clip
   * @param {() => void} seen told of the first frame and of the last
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
   * The picture at a time of the file; `again` is told once it is unpacked.
   * @param {number} seconds
   * @param {string | null} fps instead of the file's own clock
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

/** Which of rising times is nearest. @param {number[]} times @param {number} wanted */
function nearest(times, wanted) {
  const after = times.findIndex((time) => time > wanted);
  if (after < 0) return times.length - 1;
  return after > 0 && wanted - times[after - 1] <= times[after] - wanted ? after - 1 : after;
}
