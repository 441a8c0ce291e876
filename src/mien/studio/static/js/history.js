// @ts-check
/** Undo and redo of whole values: a design is small, so each step stores all of it. */

const MOST_STEPS = 200;

/** @template T */
export class History {
  /** @param {T} first */
  constructor(first) {
    this.now = first;
    /** @type {T[]} */
    this.past = [];
    /** @type {T[]} */
    this.future = [];
    /** @type {string | null} */
    this.gesture = null;
  }

  /**
   * @param {T} value
   * @param {string | null} gesture changes of one gesture (a drag, a held key) make one step
   */
  push(value, gesture = null) {
    if (gesture === null || gesture !== this.gesture) {
      this.past.push(this.now);
      if (this.past.length > MOST_STEPS) this.past.shift();
    }
    this.gesture = gesture;
    this.now = value;
    this.future = [];
  }

  /** Number of steps, undone ones included. */
  get steps() {
    return this.past.length + this.future.length;
  }

  /** Make the next change a separate step. */
  endGesture() {
    this.gesture = null;
  }

  /** @returns {boolean} whether there was anything to undo */
  undo() {
    const value = this.past.pop();
    if (value === undefined) return false;
    this.future.push(this.now);
    this.now = value;
    this.gesture = null;
    return true;
  }

  /** @returns {boolean} whether there was anything to redo */
  redo() {
    const value = this.future.pop();
    if (value === undefined) return false;
    this.past.push(this.now);
    this.now = value;
    this.gesture = null;
    return true;
  }

  /** Apply a change to the value of every step. @param {(value: T) => T} change */
  change(change) {
    this.past = this.past.map(change);
    this.now = change(this.now);
    this.future = this.future.map(change);
  }

  /** Start again with a new value and no steps, for example from another file. @param {T} value */
  reset(value) {
    this.now = value;
    this.past = [];
    this.future = [];
    this.gesture = null;
  }
}
