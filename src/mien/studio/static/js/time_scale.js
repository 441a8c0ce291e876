// @ts-check
/** The time axis of the timeline: which time is drawn where, and the zoom. */

/** Shortest time span that is shown, so that a short clip leaves room to drag into. */
const LEAST_SECONDS = 0.6;
const MOST_ZOOM = 20;

export class TimeScale {
  constructor() {
    this.width = 100;
    /** The whole time span that can be shown. */
    this.wholeSeconds = LEAST_SECONDS;
    this.zoom = 1;
    this.fromSeconds = 0;
  }

  /** The visible time span. */
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

  /** Set the first visible time. @param {number} seconds */
  from(seconds) {
    this.fromSeconds = Math.min(Math.max(seconds, 0), this.wholeSeconds - this.spanSeconds);
  }

  /** Zoom by a factor, and keep one time at its place. @param {number} times @param {number} seconds */
  zoomBy(times, seconds) {
    const at = (seconds - this.fromSeconds) / this.spanSeconds;
    this.zoom = Math.min(Math.max(this.zoom * times, 1), MOST_ZOOM);
    this.from(seconds - at * this.spanSeconds);
  }

  /** Scroll to a time if it is not visible. @param {number} seconds */
  show(seconds) {
    const end = this.fromSeconds + this.spanSeconds;
    if (seconds < this.fromSeconds - 1e-9 || seconds > end + 1e-9) this.from(seconds - this.spanSeconds / 2);
  }
}
