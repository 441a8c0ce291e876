// @ts-check
/** The picture: follows what is edited, plays it when asked, with the portrait or the driver beside it. */

import { blob, post } from "./api.js";
import { button, el } from "./dom.js";
import { draw } from "./draw.js";
import { Film } from "./film.js";
import { t } from "./i18n.js";
import { Latest } from "./latest.js";
import { Player } from "./player.js";

/** @typedef {import("./types.js").View} View */

/** @type {Record<import("./context.js").Mode, View[]>} */
const VIEWS = {
  design: ["result", "side", "difference", "arrows"],
  lanes: ["result", "side", "difference", "arrows"],
  whole: ["result", "side"],
};
const SIZE_PX = 512;

export class Stage {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.store = context.store;
    this.mode = context.mode;
    this.views = VIEWS[this.mode];
    /** What is played: rendered for it, or a transfer's result. @type {Film | null} */
    this.film = null;
    /** @type {ImageBitmap | null} */
    this.still = null;
    /** @type {ImageBitmap | null} */
    this.portrait = null;
    /** @type {import("./draw.js").Motion | null} */
    this.motion = null;
    this.previews = new Latest((wanted) => this.#preview(wanted));
    this.canvas = el("canvas", { class: "picture", role: "img", width: 8, height: 8 });
    this.player = new Player(context, { begin: () => this.#begin(), show: () => this.#show(),
      ready: () => !this.film || this.film.complete, end: () => { if (this.film && !this.film.complete) this.#forget(); } });
    this.viewGroup = this.#viewGroup();
    this.element = el("section", { class: "stage", "aria-label": t("view.label") },
      this.viewGroup, el("div", { class: "frame-box" }, this.canvas), this.player.element);
    this.store.subscribe((what) => this.#changed(what), context.signal);
    context.signal.addEventListener("abort", () => this.#forget());
    void this.refresh();
  }

  get view() {
    return this.context.views[this.mode];
  }

  #viewGroup() {
    const name = (/** @type {View} */ view) => t(view === "side" && this.mode !== "design" ? "view.driver" : `view.${view}`);
    return el("div", { class: "segmented", role: "group", "aria-label": t("view.label") },
      ...this.views.map((view) => button(name(view), () => this.setView(view),
        { "aria-pressed": String(view === this.view), dataset: { view } })));
  }

  /** @param {View} view */
  setView(view) {
    this.context.views[this.mode] = view;
    for (const each of this.viewGroup.children) {
      each.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (each).dataset.view === view));
    }
    this.player.stop();
    this.#forget();
    void this.#ask();
  }

  /** Another portrait, or another result of a transfer. */
  async refresh() {
    this.player.stop();
    this.#forget();
    const { portrait } = this.store.design;
    try {
      if (portrait && !this.portrait) {
        const answer = await fetch(`/api/portraits/${portrait}/picture?size_px=${SIZE_PX}`);
        this.portrait = await createImageBitmap(await answer.blob());
      }
      this.still ??= this.portrait;
      this.paint();
      await this.#ask();
    } catch (error) {
      this.context.notices.fail(error);
    }
  }

  /** @param {"design" | "selection" | "time"} what */
  #changed(what) {
    if (what === "selection") return;
    if (what === "design") {
      const resume = this.player.playing;
      this.player.stop();
      this.#forget();
      if (resume) return this.player.toggle();
    }
    if (!this.player.playing) void this.#ask();
    this.player.say();
  }

  #forget() {
    if (this.mode !== "whole") this.film?.drop();
    this.film = this.mode === "whole" ? this.context.transfer.result : null;
  }

  async #ask() {
    this.player.say();
    const done = this.film && this.view !== "arrows" ? await this.film.unpacked(this.store.frame) : null;
    if (done) {
      this.still = done;
      this.paint();
    } else if (this.mode === "whole") {
      this.still = this.portrait;
      this.paint();
    } else if (this.store.design.portrait) await this.previews.ask(this.#request());
    else this.paint();
  }

  #request() {
    return { design: this.store.design, size_px: SIZE_PX, format: "jpeg", magnify: 8,
      view: this.view === "difference" ? "difference" : "result", time_seconds: this.store.frame / this.store.fps };
  }

  /** @param {any} wanted */
  async #preview(wanted) {
    try {
      const [picture, motion] = await Promise.all([
        blob("/api/preview/frame", wanted).then((data) => createImageBitmap(data)),
        this.view === "arrows" ? post("/api/preview/motion", { design: wanted.design, times_seconds: [wanted.time_seconds] }) : null,
      ]);
      if (wanted.design.portrait !== this.store.design.portrait || this.player.playing) return;
      this.still = picture;
      this.motion = motion;
      this.paint();
    } catch (error) {
      this.context.notices.fail(error);
    }
  }

  /** What stands at the left in the view side by side. */
  #beside() {
    if (this.view !== "side") return null;
    if (this.mode === "design") return this.portrait;
    return this.context.transfer.driverAt(this.store.timeSeconds, () => this.paint());
  }

  paint() {
    const beside = this.#beside();
    const picture = this.still ?? beside;
    if (!picture?.width) return; // none yet, or one that its film has closed
    draw(this.canvas, { picture, beside: this.still && beside?.width ? beside : null, lit: this.still ? this.context.lit : [],
      motion: this.view === "arrows" && !this.player.playing ? this.motion : null,
      widthPx: this.context.portrait?.width_px ?? picture.width });
    const view = this.viewGroup.querySelector('[aria-pressed="true"]')?.textContent ?? "";
    this.canvas.setAttribute("aria-label", t("view.picture", { view, ms: Math.round(this.store.timeSeconds * 1000) }));
  }

  #begin() {
    const { portrait } = this.store.design;
    if (this.mode === "whole" || !portrait) return Boolean(portrait || this.context.transfer.clip);
    if (!this.film) {
      const film = (this.film = new Film(this.store.frames));
      const { time_seconds: _, ...json } = this.#request();
      film.load("POST", "/api/preview/clip", json, () => this.#buffering(film)).catch((error) => {
        this.context.notices.fail(error);
        if (this.film === film) this.player.stop();
      });
    }
    return true;
  }

  /** @param {Film} film */
  #buffering(film) {
    if (film !== this.film || film.complete) return this.player.restart();
    this.player.say(t("player.buffering", { done: film.packed.length, total: film.total }));
  }

  /** While it plays. */
  #show() {
    const picture = this.film?.picture(Math.min(this.store.frame, this.film.total - 1));
    if (picture) this.still = picture;
    this.paint();
  }

  toggle() {
    this.player.toggle();
  }

  /** @param {number} by frames */
  step(by) {
    this.player.step(by);
  }
}
