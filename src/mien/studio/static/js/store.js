// @ts-check
/** A design that is edited: its present state, the selected lane, and the playhead. */

import { corners, fpsNumber, frameCount, movement, onFrames, snap, tidySeconds } from "./envelope.js";
import { endingAt } from "./expression.js";
import { History } from "./history.js";

/** @typedef {import("./types.js").Design} Design */
/** @typedef {import("./types.js").Envelope} Envelope */

/** @param {string} engine @returns {Design} */
export function emptyDesign(engine) {
  return {
    portrait: "",
    face: null,
    envelopes: [],
    duration_seconds: 0.5,
    fps: "200",
    engine,
    settings: {},
    strength: 1,
    name: "",
    seed: null,
    emotion: null,
  };
}

/** Move a lane later or, for negative seconds, earlier. @param {Envelope} envelope @param {number} seconds @returns {Envelope} */
function shifted(envelope, seconds) {
  const [onset_seconds, apex_start_seconds, apex_end_seconds, offset_seconds] = corners(envelope).map((time) =>
    tidySeconds(Math.max(0, time + seconds)),
  );
  return { ...envelope, onset_seconds, apex_start_seconds, apex_end_seconds, offset_seconds };
}

/** Length of the longest clip that the server makes. */
export const MAX_DURATION_SECONDS = 60;

export class Store {
  /** Number of lanes at the last change. */
  #lanes = 0;

  /** @param {string} engine of a new design */
  constructor(engine) {
    this.history = new History(emptyDesign(engine));
    /** Settings of the engines chosen before; they return when their engine is chosen again. @type {Record<string, import("./types.js").Settings>} */
    this.engineSettings = {};
    /** The design as it was saved or opened; without a file, the unedited design. */
    this.saved = this.history.now;
    this.selected = -1;
    /** Indices of the ticked lanes. @type {Set<number>} */
    this.picked = new Set();
    this.timeSeconds = 0;
    /** @type {Set<(what: "design" | "selection" | "time") => void>} */
    this.listeners = new Set();
  }

  get design() {
    return this.history.now;
  }

  get fps() {
    return fpsNumber(this.design.fps);
  }

  get frames() {
    return frameCount(this.design.duration_seconds, this.fps);
  }

  get frame() {
    return Math.min(Math.round(this.timeSeconds * this.fps), this.frames - 1);
  }

  /** Whether there are unsaved lanes, which would be lost. */
  get unsaved() {
    return this.design !== this.saved && this.design.envelopes.length > 0;
  }

  /** @returns {Envelope | null} */
  get envelope() {
    return this.design.envelopes[this.selected] ?? null;
  }

  /**
   * @param {(what: "design" | "selection" | "time") => void} listener
   * @param {AbortSignal} signal ends the subscription
   */
  subscribe(listener, signal) {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  /** @param {"design" | "selection" | "time"} what */
  tell(what) {
    for (const listener of [...this.listeners]) listener(what);
  }

  /**
   * Change the design. The clip becomes longer if the movement needs it.
   * @param {Partial<Design>} part
   * @param {string | null} [gesture]
   */
  change(part, gesture = null) {
    const design = { ...this.design, ...part };
    const last = Math.max(0, ...design.envelopes.map((envelope) => envelope.offset_seconds));
    design.duration_seconds = Math.min(Math.max(design.duration_seconds, last), MAX_DURATION_SECONDS);
    this.history.push(design, gesture);
    this.settle();
  }

  /**
   * Set the length of the clip. A movement that ends later is shortened, all lanes in proportion.
   * @param {number} seconds
   * @returns {boolean} whether the movement was shortened
   */
  setDuration(seconds) {
    const duration_seconds = Math.max(seconds, 1 / this.fps);
    const { envelopes } = this.design;
    const ends = movement(envelopes)?.offset ?? 0;
    const shorten = duration_seconds < ends - 1e-9;
    this.change({ duration_seconds, ...(shorten && { envelopes: endingAt(envelopes, duration_seconds, this.fps) }) });
    return shorten;
  }

  /** Set the time at rest before and after the movement; all lanes move together. @param {{before: number, after: number}} seconds */
  setStill({ before, after }) {
    const moves = movement(this.design.envelopes);
    if (!moves) return;
    const by = Math.min(before, MAX_DURATION_SECONDS - (moves.offset - moves.onset)) - moves.onset;
    const envelopes = this.design.envelopes.map((each) => onFrames(shifted(each, by), this.fps));
    const end = movement(envelopes)?.offset ?? moves.offset + by;
    this.change({ envelopes, duration_seconds: tidySeconds(Math.max(snap(end + after, this.fps), 1 / this.fps)) });
  }

  /**
   * Set the frame rate; all times move to its frames.
   * @param {string} fps
   * @returns {number} by how many seconds the time that moved most has moved
   */
  setRate(fps) {
    const { envelopes, duration_seconds } = this.design;
    const rate = fpsNumber(fps);
    const end = Math.max(duration_seconds, 1 / rate);
    const moved = envelopes.map((each) => onFrames(each, rate, end));
    this.change({ fps, duration_seconds: end, envelopes: moved });
    const was = envelopes.flatMap(corners);
    return Math.max(0, ...moved.flatMap(corners).map((time, index) => Math.abs(time - was[index])));
  }

  /** Set the portrait. This is no step of its own, and undo never restores the old portrait. @param {string} portrait @param {Design["face"]} face */
  setPortrait(portrait, face) {
    const { unsaved } = this;
    this.history.change((design) => ({ ...design, portrait, face }));
    if (!unsaved) this.saved = this.design;
    this.settle();
  }

  /** Replace the list of lanes by a copy, so that data can be stored for the new list alone. */
  renew() {
    const { unsaved } = this;
    this.history.change((design) => ({ ...design, envelopes: design.envelopes.slice() }));
    if (!unsaved) this.saved = this.design;
    this.settle();
  }

  /** Set other lanes of the same film; the selected action unit and the playhead stay. @param {Design} design */
  refill(design) {
    const { envelope, timeSeconds } = this;
    this.history.reset(design);
    this.saved = design;
    this.selected = design.envelopes.findIndex(({ au }) => au === envelope?.au);
    this.timeSeconds = timeSeconds;
    this.settle();
  }

  /** Choose an engine, with the settings that it had before. @param {string} engine */
  chooseEngine(engine) {
    this.engineSettings[this.design.engine] = this.design.settings;
    this.change({ engine, settings: this.engineSettings[engine] ?? {} });
  }

  /** Set the name; this is no step of its own either. @param {string} name */
  rename(name) {
    this.history.change((design) => ({ ...design, name }));
  }

  /** Correct selection and playhead after any change. */
  settle() {
    const { length } = this.design.envelopes;
    this.selected = Math.min(this.selected, length - 1);
    // The ticked indices may belong to other lanes now.
    if (length !== this.#lanes) this.picked = new Set();
    this.#lanes = length;
    // Keep the playhead on a frame, whatever the frame rate or the length.
    this.timeSeconds = tidySeconds(this.frame / this.fps);
    this.tell("design");
  }

  /**
   * @param {number} index
   * @param {Envelope} envelope
   * @param {string | null} [gesture]
   */
  setEnvelope(index, envelope, gesture = null) {
    const envelopes = this.design.envelopes.slice();
    envelopes[index] = onFrames(envelope, this.fps);
    this.change({ envelopes }, gesture);
  }

  /** Indices of the lanes that are changed together: the ticked ones, or all if none is ticked. */
  get together() {
    return this.picked.size ? [...this.picked].sort((one, other) => one - other) : [...this.design.envelopes.keys()];
  }

  /** The lanes that are changed together. */
  get group() {
    return this.together.map((index) => this.design.envelopes[index]);
  }

  /**
   * Replace the lanes that are changed together.
   * @param {(Envelope | null)[]} lanes one for each of them; null for a lane to remove
   * @param {string | null} [gesture]
   */
  setGroup(lanes, gesture = null) {
    const { together } = this;
    const envelopes = this.design.envelopes.map((each, index) =>
      together.includes(index) ? lanes[together.indexOf(index)] : each,
    );
    this.change({ envelopes: envelopes.flatMap((each) => (each ? [onFrames(each, this.fps)] : [])) }, gesture);
  }

  /** Tick a lane, or untick it. @param {number} index @param {boolean} wanted */
  pick(index, wanted) {
    this.picked = new Set([...this.picked].filter((each) => each !== index).concat(wanted ? [index] : []));
    this.tell("selection");
  }

  /** Append envelopes and select the last of them. @param {...Envelope} added */
  add(...added) {
    const envelopes = [...this.design.envelopes, ...added.map((each) => onFrames(each, this.fps))];
    this.selected = envelopes.length - 1;
    this.change({ envelopes });
  }

  removeSelected() {
    if (!this.envelope) return;
    const envelopes = this.design.envelopes.filter((_, index) => index !== this.selected);
    this.change({ envelopes });
  }

  /**
   * Replace all lanes and show the apex.
   * @param {Envelope[]} envelopes
   * @param {Partial<Design>} [also]
   */
  replaceLanes(envelopes, also = {}) {
    this.selected = envelopes.length ? 0 : -1;
    this.picked = new Set();
    const moves = movement(envelopes);
    if (moves) this.timeSeconds = snap(moves.apex, this.fps);
    this.change({ ...also, envelopes });
  }

  /** @param {number} index */
  select(index) {
    if (index === this.selected) return;
    this.selected = index;
    this.tell("selection");
  }

  /** @param {number} frame */
  seekFrame(frame) {
    const time = tidySeconds(Math.min(Math.max(frame, 0), this.frames - 1) / this.fps);
    if (time === this.timeSeconds) return;
    this.timeSeconds = time;
    this.tell("time");
  }

  undo() {
    if (this.history.undo()) this.settle();
  }

  redo() {
    if (this.history.redo()) this.settle();
  }

  /** Restore the state of a page. @param {{design: Design, unsaved: boolean, selected: number, timeSeconds: number, engineSettings: Store["engineSettings"]}} kept */
  restore({ design, unsaved, selected, timeSeconds, engineSettings }) {
    this.history.reset(design);
    this.engineSettings = engineSettings;
    this.saved = unsaved ? emptyDesign(design.engine) : design;
    this.selected = selected;
    this.timeSeconds = timeSeconds;
    this.settle();
  }

  /** Start with another design. @param {Design} design */
  open(design) {
    this.history.reset(design);
    this.engineSettings = {};
    this.saved = design;
    this.picked = new Set();
    this.selected = design.envelopes.length ? 0 : -1;
    const moves = movement(design.envelopes);
    this.timeSeconds = moves ? snap(moves.apex, this.fps) : 0;
    this.settle();
  }
}
