// @ts-check
/** What the transfer tab works on: a driver clip, what was measured of it, and what is made of that. */

import { ApiError, get, isAbort, post } from "./api.js";
import { Carried } from "./carried.js";
import { Comparison } from "./comparison.js";
import { Driver, lasts } from "./driver.js";
import { tidyLanes } from "./envelope.js";
import { t } from "./i18n.js";
import { finish } from "./jobs.js";
import { Latest } from "./latest.js";
import { Listeners } from "./listeners.js";
import { firstEncoding, followOrigins, takingBack } from "./origins.js";
import { overviewOf } from "./overview.js";
import { mayReplace } from "./unsaved.js";
import { fingerprint, wholeClip, wholeDesign, wholeOptions } from "./whole.js";
import { Work } from "./work.js";

/** @typedef {import("./types.js").Clip} Clip */
/** @typedef {import("./types.js").TransferDesign} TransferDesign */
/** @typedef {import("./whole.js").Cut} Cut */
/**
 * Lanes made of what was measured: the first; others in their place; the first again, for another portrait; only the
 * gain of a portrait, for lanes that were edited; or only the curves behind them.
 * @typedef {"fresh" | "again" | "fitted" | "gain" | "curves"} Recoding
 */

const SIZE_PX = 512;

export class Transfer extends Listeners {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    super();
    this.context = context;
    /** Whether the driver's lanes are edited, or all of its motion is carried. @type {"lanes" | "whole"} */
    this.way = "lanes";
    /** @type {Driver | null} */
    this.driver = null;
    /** Which part of the clip, seen how; a change has to be measured again. */
    this.cut = wholeClip();
    /** Whether its fields are shown. */
    this.cutOpen = false;
    this.encoding = firstEncoding();
    /** The last that went well: one that does not is taken back. */
    this.encoded = firstEncoding();
    this.whole = wholeOptions({ engine: context.defaults.transfer });
    /** @type {import("./types.js").Measurement | null} */
    this.measurement = null;
    /** @type {import("./types.js").Recoded | null} */
    this.recoded = null;
    /** A whole transfer's frames, and what the server says of them. @type {Carried | null} */
    this.result = null;
    /** @type {{notes: string[], intensities: Record<string, number[]> | null, of: string} | null} */
    this.made = null;
    this.work = new Work();
    /** @type {Latest<Recoding>} */
    this.recodes = new Latest((how) => this.#recode(how));
    this.comparison = new Comparison(this);
    /** What the whole film does, if it was measured: where its movement is strongest. @type {import("./overview.js").Overview | null} */
    this.overview = null;
    followOrigins(this, context.stores.lanes);
  }

  get clip() {
    return this.driver?.clip ?? null;
  }

  /** What the server is asked to carry whole. @returns {TransferDesign} */
  get design() {
    const { context, cut, whole } = this;
    return wholeDesign(
      context.stores.whole.design,
      this.clip?.id ?? "",
      cut,
      whole,
      context.engine(whole.engine)?.uses_aus ?? false,
    );
  }

  /** Whether the result is of other settings than now. */
  get stale() {
    return this.made !== null && this.made.of !== fingerprint(this.design);
  }

  /** Take another driver; unsaved lanes of the one before are asked after. @param {(signal: AbortSignal) => Promise<Clip>} load */
  async use(load) {
    if (!(await mayReplace(this.context.stores.lanes))) return;
    const before = this.clip;
    await this.#guarded("upload", async (signal) => {
      this.take(await load(signal));
    });
    if (this.clip !== before) await this.measure();
  }

  /**
   * Drive with a clip.
   * @param {Clip} clip
   * @param {{cut?: Cut, encoding?: import("./origins.js").Encoding, whole?: Transfer["whole"]}} [how] it was driven with before
   */
  drive(clip, { cut = wholeClip(), encoding = firstEncoding(), whole = this.whole } = {}) {
    this.driver?.drop();
    this.driver = new Driver(clip, () => void this.context.stage?.refresh());
    this.driver.loading.catch((error) => this.context.notices.fail(error));
    this.measurement = this.recoded = null;
    Object.assign(this, { cut, whole });
    // Into the same objects, which the fields hold. What was chosen for another film does not count for this one.
    Object.assign(this.encoding, encoding);
    Object.assign(this.encoded, encoding);
    this.overview = null;
    this.comparison.clear();
    this.whole.threshold = whole === this.whole ? firstEncoding().threshold : this.whole.threshold;
    this.#setResult(null);
  }

  /** Drive with another clip than before. @param {Clip} clip */
  take(clip) {
    this.drive(clip);
    Object.assign(this.context.kept, { lanes: null, whole: null });
    const name = clip.name.replace(/\.[^.]*$/, "");
    this.#open({ name, fps: clip.fps, duration_seconds: lasts(clip.frames, clip.fps) }, []);
    this.context.rebuild();
  }

  /** The driver's picture at a time of the cut; `again` is told once it is unpacked. @param {number} seconds @param {() => void} again */
  driverAt(seconds, again) {
    return this.driver?.at(seconds + (this.cut.start_seconds ?? 0), this.cut.fps, again) ?? null;
  }

  /** Measure the driver once more, if its lanes may go. */
  async measureAgain() {
    if (await mayReplace(this.context.stores.lanes)) await this.measure();
  }

  async measure() {
    const { clip } = this;
    if (!clip) return;
    await this.#guarded("measure", async (signal) => {
      const measured = await this.#measured(clip, signal);
      this.recoded = null;
      const duration_seconds = lasts(measured.times_seconds.length, measured.fps);
      this.#open({ fps: measured.fps, duration_seconds }, tidyLanes(measured.lanes));
    });
    if (this.measurement) await this.recode(true);
  }

  /** Go on with lanes that are there already: what was measured comes back, and what was carried. @param {boolean} carried */
  async resume(carried) {
    const { clip } = this;
    if (!clip) return;
    await this.#guarded("measure", async (signal) => void (await this.#measured(clip, signal)));
    if (this.measurement && !this.measurement.still) await this.recodes.ask("curves");
    if (carried && this.context.portrait) await this.run();
  }

  /** @param {Clip} clip @param {AbortSignal} signal */
  async #measured(clip, signal) {
    const job = await post(`/api/clips/${clip.id}/measure`, this.cut, signal);
    this.measurement = await finish(job, { signal, onProgress: (each) => this.work.progress(each, clip.frames) });
    const measured = /** @type {import("./types.js").Measurement} */ (this.measurement);
    if (this.cut.start_seconds === null && this.cut.end_seconds === null) this.overview = overviewOf(measured);
    return measured;
  }

  /** Encode the measured units again, into new lanes. @param {boolean} [fresh] nothing was edited yet that could be undone */
  async recode(fresh = false) {
    if (this.measurement && !this.measurement.still) await this.recodes.ask(fresh ? "fresh" : "again");
  }

  /** @param {Recoding} how */
  async #recode(how) {
    const { measurement, context } = this;
    if (!measurement) return;
    const { portrait, face, engine, settings } = context.stores.lanes.design;
    await this.#guarded("recode", async (signal) => {
      const encoding = { ...this.encoding };
      const asked = { ...encoding, portrait: portrait || null, face, engine, settings };
      const recoded = await takingBack(
        this,
        encoding,
        post(`/api/measurements/${measurement.id}/recode`, asked, signal),
      );
      const lanes = tidyLanes(recoded.lanes);
      this.recoded = { ...recoded, lanes };
      const store = context.stores.lanes;
      const strength = recoded.gain;
      // What was edited while the answer was on its way stays.
      if (how === "fresh" && store.unsaved) how = "gain";
      if (how === "curves" || how === "gain") {
        store.renew();
        if (how === "gain") store.change({ strength });
        // What was selected meanwhile stays so.
      } else if (how === "fresh" || how === "fitted") store.refill({ ...store.design, envelopes: lanes, strength });
      else store.replaceLanes(lanes, { strength });
    });
  }

  /** A project of a whole transfer, whose portrait is there already. @param {TransferDesign} design */
  async open(design) {
    this.way = "whole";
    this.take(await get(`/api/clips/${design.clip}`));
    this.cut = wholeClip(design);
    this.whole = wholeOptions(design);
    this.context.rebuild();
    void this.measure();
  }

  /** Another face: lanes that nobody has edited are fitted to it; those that were keep their edits, and get its gain. */
  portraitChanged() {
    this.#setResult(null);
    const untouched =
      JSON.stringify(this.recoded?.lanes) === JSON.stringify(this.context.stores.lanes.design.envelopes);
    if (this.recoded) void this.recodes.ask(untouched ? "fitted" : "gain");
  }

  /** @param {"lanes" | "whole"} way */
  setWay(way) {
    this.way = way;
    this.context.rebuild();
  }

  /** Carry the whole motion. */
  async run() {
    const { design } = this;
    const interrupted = this.work.now?.kind === "measure";
    await this.#guarded("transfer", async (signal) => {
      const job = await post("/api/transfers", { design, size_px: SIZE_PX }, signal);
      const facts = await finish(job, {
        signal,
        onProgress: (each) => this.work.progress(each, this.clip?.frames ?? 0),
      });
      const carried = new Carried(facts.id, facts.frames);
      await carried.load();
      this.#setResult(carried);
      this.made = { notes: facts.notes, intensities: facts.intensities, of: fingerprint(design) };
      const store = this.context.stores.whole;
      store.open({ ...store.design, fps: facts.fps, duration_seconds: lasts(facts.frames, facts.fps) });
      store.seekFrame(Math.round((this.measurement?.spotted?.apex_seconds ?? 0) * store.fps));
    });
    void this.context.stage?.refresh();
    if (this.made && this.measurement) await this.compare();
    if (interrupted && !this.work.now) await this.measure();
  }

  /** Measure what is made now, and compare it with the film. */
  async compare() {
    const { work: design } = this.context;
    const { measurement } = this;
    if (!design || !measurement) return;
    await this.#guarded("compare", (signal) => this.comparison.measure(measurement, design, signal));
  }

  /** Start both stores again. @param {Partial<import("./types.js").Design>} facts @param {import("./types.js").Envelope[]} envelopes */
  #open(facts, envelopes) {
    const { lanes, whole } = this.context.stores;
    whole.open({ ...whole.design, ...facts });
    lanes.open({ ...lanes.design, ...facts, envelopes, strength: 1 });
  }

  /** @param {Carried | null} carried */
  #setResult(carried) {
    this.result?.drop();
    this.result = carried;
    this.made = null;
  }

  /**
   * Do one long thing; what was under way is cancelled, and what goes wrong is said.
   * @param {string} kind
   * @param {(signal: AbortSignal) => Promise<void>} task
   */
  async #guarded(kind, task) {
    // What went wrong or was cancelled before is over; other news, such as of a portrait, stay.
    if (this.context.notices.error.textContent || this.context.notices.news.textContent === t("work.cancelled"))
      this.context.notices.say("");
    try {
      await this.work.run(kind, task);
    } catch (error) {
      if (error instanceof ApiError && error.kind === "SeveralFacesError") this.cutOpen = true;
      if (isAbort(error) && !this.work.now) this.context.notices.say(t("work.cancelled"));
      else this.context.notices.fail(error);
    }
    this.tell();
  }
}
