// @ts-check
/** What the transfer tab works on: a driver clip, what was measured of it, and what is made of that. */

import { get, post, upload } from "./api.js";
import { tidyLanes } from "./envelope.js";
import { Film } from "./film.js";
import { finish } from "./jobs.js";
import { Latest } from "./latest.js";
import { Work } from "./work.js";

/** @typedef {import("./types.js").Clip} Clip */
/** @typedef {import("./types.js").TransferDesign} TransferDesign */

const SIZE_PX = 512;

/** Whether an engine moves a face by action units, which can be re-encoded. @param {string} engine */
export function carriesUnits(engine) {
  return engine === "rig" || engine === "ulme-gan";
}

export class Transfer {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    this.context = context;
    /** Whether the driver's lanes are edited, or all of its motion is carried. @type {"lanes" | "whole"} */
    this.way = "lanes";
    /** @type {Clip | null} */
    this.clip = null;
    /** The driver's own frames. @type {Film | null} */
    this.driver = null;
    /** Which part of the clip, seen how; a change wants measuring anew. */
    this.cut = { baseline: /** @type {"first" | "median" | number} */ ("first"), start_seconds: /** @type {number | null} */ (null),
      end_seconds: /** @type {number | null} */ (null), face: /** @type {number | null} */ (null) };
    this.encoding = { mode: "none", threshold: 0, strength: 1, apex_seconds: /** @type {number | null} */ (null) };
    this.whole = { engine: "mesh", strength: 1, blinks: true, gaze: false, head_motion: false,
      recode: /** @type {string | null} */ (null), threshold: 0.5 };
    /** @type {import("./types.js").Measurement | null} */
    this.measurement = null;
    /** @type {import("./types.js").Recoded | null} */
    this.recoded = null;
    /** A whole transfer's frames, and what the server says of them. @type {Film | null} */
    this.result = null;
    /** @type {{notes: string[], intensities: Record<string, number[]> | null, of: string} | null} */
    this.made = null;
    this.work = new Work();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.recodes = new Latest((fresh) => this.#recode(fresh));
  }

  /** @param {() => void} listener @param {AbortSignal} signal */
  subscribe(listener, signal) {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  tell() {
    for (const listener of [...this.listeners]) listener();
  }

  /** What the server is asked to carry whole. @returns {TransferDesign} */
  get design() {
    const { context, clip, cut, whole } = this;
    const { portrait, face } = context.stores.whole.design;
    const { face: driver_face, ...part } = cut;
    const mesh = whole.engine === "mesh";
    const units = carriesUnits(whole.engine) ? whole.recode : null;
    return { portrait, face, clip: clip?.id ?? "", ...part, driver_face, scale: "full", fps: null, engine: whole.engine,
      strength: whole.strength, blinks: whole.blinks, gaze: mesh && whole.gaze, head_motion: mesh && whole.head_motion,
      recode: units, threshold: units ? whole.threshold : 0.5, name: context.stores.whole.design.name };
  }

  /** Whether the result is of other settings than now. */
  get stale() {
    return this.made !== null && this.made.of !== JSON.stringify(this.design);
  }

  /** @param {File} file */
  drop(file) {
    return this.use((signal) => upload(`/api/clips?name=${encodeURIComponent(file.name)}`, file, signal));
  }

  /** Take another driver. @param {(signal: AbortSignal) => Promise<Clip>} load */
  async use(load) {
    const before = this.clip;
    await this.#guarded("upload", async (signal) => {
      const clip = await load(signal);
      Object.assign(this.cut, { baseline: "first", start_seconds: null, end_seconds: null, face: null });
      this.take(clip);
    });
    if (this.clip !== before) await this.measure();
  }

  /** @param {Clip} clip */
  take(clip) {
    this.driver?.drop();
    this.driver = new Film(clip.frames);
    this.clip = clip;
    this.measurement = this.recoded = null;
    this.#setResult(null);
    for (const store of [this.context.stores.lanes, this.context.stores.whole]) {
      store.open({ ...store.design, envelopes: [], fps: clip.fps, duration_seconds: this.lasts(clip.frames, clip.fps),
        name: clip.name.replace(/\.[^.]*$/, "") });
    }
    this.context.rebuild();
    this.driver.load("GET", `/api/clips/${clip.id}/frames?size_px=${SIZE_PX}`, undefined, () => {
      if (this.driver?.packed.length === 1) void this.context.stage?.refresh();
    }).catch((error) => this.context.notices.fail(error));
  }

  /** @param {number} frames @param {string} fps */
  lasts(frames, fps) {
    const [top, bottom = 1] = fps.split("/").map(Number);
    return Math.max(frames - 1, 1) * (bottom / top);
  }

  /** The driver's picture at a time of the cut; told again once it is unpacked. @param {number} seconds @param {() => void} again */
  driverAt(seconds, again) {
    const { clip, driver } = this;
    if (!clip || !driver) return null;
    const wanted = seconds + (this.cut.start_seconds ?? 0);
    const times = clip.times_seconds;
    let index = times.findIndex((time) => time > wanted);
    if (index < 0) index = times.length;
    // The nearer of the two around it.
    if (index === times.length || (index > 0 && wanted - times[index - 1] <= times[index] - wanted)) index--;
    const picture = driver.picture(index);
    if (!picture) void driver.unpack(index)?.then(again);
    return picture;
  }

  async measure() {
    const { clip, context } = this;
    if (!clip) return;
    await this.#guarded("measure", async (signal) => {
      const job = await post(`/api/clips/${clip.id}/measure`, this.cut, signal);
      const measured = await finish(job, { signal, onProgress: (each) => this.work.progress(each, clip.frames) });
      this.measurement = measured;
      this.recoded = null;
      const lasts = this.lasts(measured.times_seconds.length, measured.fps);
      for (const store of [context.stores.lanes, context.stores.whole]) {
        const envelopes = store === context.stores.lanes ? tidyLanes(measured.lanes) : [];
        store.open({ ...store.design, envelopes, fps: measured.fps, duration_seconds: lasts });
      }
    });
    if (this.measurement) await this.recode(true);
  }

  /** Encode the measured units again, into new lanes. @param {boolean} [fresh] nothing was edited yet that could be undone */
  async recode(fresh = false) {
    if (this.measurement && !this.measurement.still) await this.recodes.ask(fresh);
  }

  /** @param {boolean} fresh */
  async #recode(fresh) {
    const { measurement, context } = this;
    if (!measurement) return;
    const { portrait, face } = context.stores.lanes.design;
    await this.#guarded("recode", async (signal) => {
      const asked = { ...this.encoding, portrait: portrait || null, face };
      /** @type {import("./types.js").Recoded} */
      const recoded = await post(`/api/measurements/${measurement.id}/recode`, asked, signal);
      const lanes = tidyLanes(recoded.lanes);
      this.recoded = { ...recoded, lanes };
      const store = context.stores.lanes;
      if (fresh) store.open({ ...store.design, envelopes: lanes });
      else store.replaceLanes(lanes);
    });
  }

  /** A project of a whole transfer, whose portrait is there already. @param {TransferDesign} design */
  async open(design) {
    const { baseline = "first", start_seconds = null, end_seconds = null, driver_face = null, ...rest } = design;
    this.way = "whole";
    this.take(await get(`/api/clips/${design.clip}`));
    Object.assign(this.cut, { baseline, start_seconds, end_seconds, face: driver_face });
    const { engine = "mesh", strength = 1, blinks = true, gaze = false, head_motion = false, recode = null, threshold = 0.5 } = rest;
    Object.assign(this.whole, { engine, strength, blinks, gaze, head_motion, recode, threshold });
    this.context.rebuild();
    void this.measure();
  }

  /** Another face: lanes that nobody has edited are fitted to it. */
  portraitChanged() {
    this.#setResult(null);
    const untouched = JSON.stringify(this.recoded?.lanes) === JSON.stringify(this.context.stores.lanes.design.envelopes);
    if (this.recoded && untouched) void this.recode(true);
  }

  /** @param {"lanes" | "whole"} way */
  setWay(way) {
    this.way = way;
    this.context.rebuild();
  }

  /** Carry the whole motion. */
  async run() {
    const { design } = this;
    await this.#guarded("transfer", async (signal) => {
      const job = await post("/api/transfers", { design, size_px: SIZE_PX }, signal);
      const facts = await finish(job, { signal, onProgress: (each) => this.work.progress(each, this.clip?.frames ?? 0) });
      const film = new Film(facts.frames);
      await film.load("GET", `/api/transfers/${facts.id}/frames`, undefined);
      this.#setResult(film);
      this.made = { notes: facts.notes, intensities: facts.intensities, of: JSON.stringify(design) };
      const store = this.context.stores.whole;
      store.open({ ...store.design, fps: facts.fps, duration_seconds: this.lasts(facts.frames, facts.fps) });
      store.seekFrame(Math.round((this.measurement?.spotted?.apex_seconds ?? 0) * store.fps));
    });
    void this.context.stage?.refresh();
  }

  /** @param {Film | null} film */
  #setResult(film) {
    this.result?.drop();
    this.result = film;
    this.made = null;
  }

  /**
   * Do one long thing; what was under way is cancelled, and what goes wrong is said.
   * @param {string} kind
   * @param {(signal: AbortSignal) => Promise<void>} task
   */
  async #guarded(kind, task) {
    try {
      await this.work.run(kind, task);
    } catch (error) {
      this.context.notices.fail(error);
    }
    this.tell();
  }
}
