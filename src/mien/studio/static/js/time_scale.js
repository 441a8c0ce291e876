// @ts-check
/** Which time stands where in the timeline, and how far it is zoomed. */

/** What is shown of a short clip, so that there is room to drag into. */
const LEAST_SECONDS = 0.6;
const MOST_ZOOM = 20;

export class TimeScale {
  constructor() {
    this.width = 100;
    /** All that can be shown. */
    this.wholeSeconds = LEAST_SECONDS;
    this.zoom = 1;
    this.fromSeconds = 0;
  }

  /** How much is seen at once. */
  get spanSeconds() {
    return this.wholeSeconds / this.zoom;
  }

  /** @param {number} durationSeconds of the clip */
  settle(durationSeconds) {
    this.wholeSeconds = Math.max(LEAST_SECONDS, durationSeconds * 1.1);
    this.from(this.fromSeconds);
  }

  /** @param {number} seconds */
  x(seconds) {
    return ((seconds - this.fromSeconds) / this.spanSeconds) * this.width;
  }

  /** @param {number} px */
  secondsAt(px) {
    return this.fromSeconds + (px / this.width) * this.spanSeconds;
  }

  /** Begin at another time. @param {number} seconds */
  from(seconds) {
    this.fromSeconds = Math.min(Math.max(seconds, 0), this.wholeSeconds - this.spanSeconds);
  }

  /** Zoom, and keep a time where it is. @param {number} times @param {number} seconds */
  zoomBy(times, seconds) {
    const at = (seconds - this.fromSeconds) / this.spanSeconds;
    this.zoom = Math.min(Math.max(this.zoom * times, 1), MOST_ZOOM);
    this.from(seconds - at * this.spanSeconds);
  }

  /** Show a time, should it be out of sight. @param {number} seconds */
  show(seconds) {
    const end = this.fromSeconds + this.spanSeconds;
    if (seconds < this.fromSeconds - 1e-9 || seconds > end + 1e-9) this.from(seconds - this.spanSeconds / 2);
  }
}
