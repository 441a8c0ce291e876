// @ts-check
/** The state of the transfer tab: a driver clip, its measurement, and the results made from it. */

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
 * What a re-encoding replaces: "fresh" makes the first lanes; "again" other lanes, as a step that can be undone; "fitted"
 * the first lanes for another portrait; "gain" only the gain, for edited lanes; "curves" only the curves behind the lanes.
 * @typedef {"fresh" | "again" | "fitted" | "gain" | "curves"} Recoding
 */

const SIZE_PX = 512;

export class Transfer extends Listeners {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    super();
    this.context = context;
    /** Whether the driver's lanes are edited, or its whole motion is transferred. @type {"lanes" | "whole"} */
    this.way = "lanes";
    /** @type {Driver | null} */
    this.driver = null;
    /** The part of the clip that is measured, and how; after a change it is measured again. */
    this.cut = wholeClip();
    /** Whether the fields of the cut are shown. */
    this.cutOpen = false;
    this.encoding = firstEncoding();
    /** The last encoding that gave lanes. An encoding that gives none is reset to this one. */
    this.encoded = firstEncoding();
    this.whole = wholeOptions({ engine: context.defaults.transfer });
    /** @type {import("./types.js").Measurement | null} */
    this.measurement = null;
    /** @type {import("./types.js").Recoded | null} */
    this.recoded = null;
    /** The frames of the last transfer of the whole motion. @type {Carried | null} */
    this.result = null;
    /** @type {{notes: string[], intensities: Record<string, number[]> | null, of: string} | null} */
    this.made = null;
    this.work = new Work();
    /** @type {Latest<Recoding>} */
    this.recodes = new Latest((how) => this.#recode(how));
    this.comparison = new Comparison(this);
    /** How much the face moves over the whole film, if the whole film was measured. @type {import("./overview.js").Overview | null} */
    this.overview = null;
    followOrigins(this, context.stores.lanes);
  }

  get clip() {
    return this.driver?.clip ?? null;
  }

  /** The request for a transfer of the whole motion. @returns {TransferDesign} */
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

  /** Whether the settings have changed since the result was made. */
  get stale() {
    return this.made !== null && this.made.of !== fingerprint(this.design);
  }

  /** Load another driver; ask first if the present one has unsaved lanes. @param {(signal: AbortSignal) => Promise<Clip>} load */
  async use(load) {
    if (!(await mayReplace(this.context.stores.lanes))) return;
    const before = this.clip;
    await this.#guarded("upload", async (signal) => {
      this.take(await load(signal));
    });
    if (this.clip !== before) await this.measure();
  }

  /**
   * Use a clip as the driver.
   * @param {Clip} clip
   * @param {{cut?: Cut, encoding?: import("./origins.js").Encoding, whole?: Transfer["whole"]}} [how] the settings that it had before
   */
  drive(clip, { cut = wholeClip(), encoding = firstEncoding(), whole = this.whole } = {}) {
    this.driver?.drop();
    this.driver = new Driver(clip, () => void this.context.stage?.refresh());
    this.driver.loading.catch((error) => this.context.notices.fail(error));
    this.measurement = this.recoded = null;
    Object.assign(this, { cut, whole });
    // Assigned to the same objects, because the fields refer to them. Choices for another film do not apply to this one.
    Object.assign(this.encoding, encoding);
    Object.assign(this.encoded, encoding);
    this.overview = null;
    this.comparison.clear();
    this.whole.threshold = whole === this.whole ? firstEncoding().threshold : this.whole.threshold;
    this.#setResult(null);
  }

  /** Use a new clip as the driver, and measure it. @param {Clip} clip */
  take(clip) {
    this.drive(clip);
    Object.assign(this.context.kept, { lanes: null, whole: null });
    const name = clip.name.replace(/\.[^.]*$/, "");
    this.#open({ name, fps: clip.fps, duration_seconds: lasts(clip.frames, clip.fps) }, []);
    this.context.rebuild();
  }

  /** The driver's picture at a time of the cut; `again` is called when it is decoded. @param {number} seconds @param {() => void} again */
  driverAt(seconds, again) {
    return this.driver?.at(seconds + (this.cut.start_seconds ?? 0), this.cut.fps, again) ?? null;
  }

  /** Measure the driver again, if the user lets its lanes be replaced. */
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

  /** Continue with existing lanes: load the measurement again, and the transferred motion if wanted. @param {boolean} carried */
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

  /** Make new lanes from the measured units. @param {boolean} [fresh] true if there is no edit that could be undone */
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
      // Edits made while the request was running are kept.
      if (how === "fresh" && store.unsaved) how = "gain";
      if (how === "curves" || how === "gain") {
        store.renew();
        if (how === "gain") store.change({ strength });
        // A selection made meanwhile is kept.
      } else if (how === "fresh" || how === "fitted") store.refill({ ...store.design, envelopes: lanes, strength });
      else store.replaceLanes(lanes, { strength });
    });
  }

  /** Open a project of a whole transfer, whose portrait is loaded already. @param {TransferDesign} design */
  async open(design) {
    this.way = "whole";
    this.take(await get(`/api/clips/${design.clip}`));
    this.cut = wholeClip(design);
    this.whole = wholeOptions(design);
    this.context.rebuild();
    void this.measure();
  }

  /** After a change of the portrait, fit unedited lanes to it; edited lanes keep their edits and get its gain. */
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

  /** Transfer the whole motion. */
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

  /** Measure the present result, and compare it with the film. */
  async compare() {
    const { work: design } = this.context;
    const { measurement } = this;
    if (!design || !measurement) return;
    await this.#guarded("compare", (signal) => this.comparison.measure(measurement, design, signal));
  }

  /** Start both stores with new designs. @param {Partial<import("./types.js").Design>} facts @param {import("./types.js").Envelope[]} envelopes */
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
   * Run one long task. Cancel the task under way, and show an error if it fails.
   * @param {string} kind
   * @param {(signal: AbortSignal) => Promise<void>} task
   */
  async #guarded(kind, task) {
    // Errors and the notice of a cancelled task are outdated; other news, such as about a portrait, stay.
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
