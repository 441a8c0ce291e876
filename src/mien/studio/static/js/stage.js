// @ts-check
/** The picture: follows what is edited, plays it when asked, with the portrait or the driver beside it. */

import { blob } from "./api.js";
import { motionAt, motionOfAll } from "./arrows.js";
import { Companions, faceIn, momentsOf } from "./companions.js";
import { el } from "./dom.js";
import { draw } from "./draw.js";
import { Film } from "./film.js";
import { t } from "./i18n.js";
import { Latest } from "./latest.js";
import { Panes } from "./panes.js";
import { Player } from "./player.js";
import { LEAST_PX, previewPx } from "./sharpness.js";
import { showPressed, stageTools } from "./stage_tools.js";
import { ViewBar, VIEWS } from "./views.js";

/** One press of a key. */
const ZOOM = 1.25;
const PAN_PX = 40;

export class Stage {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.store = context.store;
    this.mode = context.mode;
    this.bar = new ViewBar(context, () => this.#look());
    /** What is played: rendered for it, or a transfer's result. @type {Film | null} */
    this.film = null;
    /** @type {ImageBitmap | null} */
    this.still = null;
    this.companions = new Companions(context, () => this.paint());
    this.sizePx = LEAST_PX;
    /** Arrows: of what is shown, and of each frame that is played. @type {import("./draw.js").Motion | null} */
    this.motion = null;
    /** @type {((frame: number) => import("./draw.js").Motion) | null} */
    this.motions = null;
    this.previews = new Latest((wanted) => this.#preview(wanted));
    this.panes = new Panes(context.viewport, t("view.label"), () => this.#moved());
    this.canvas = this.panes.main.canvas;
    this.tools = stageTools({ zoomIn: () => this.zoom(1), zoomOut: () => this.zoom(-1), face: () => this.panes.toFace(),
      actual: () => this.panes.toActual(context.portrait?.width_px ?? this.canvas.width), flip: () => this.flip(), ghost: () => this.ghost(),
      full: () => this.full() }, this.mode === "whole" ? ["ghost"] : []);
    this.player = new Player(context, { begin: () => this.#begin(), show: () => this.#show(),
      ready: () => !this.film || (this.film.complete && (this.bar.view !== "arrows" || this.motions !== null)),
      end: () => { if (this.film && !this.film.complete) this.#forget(); } });
    this.element = el("section", { class: "stage", "aria-label": t("view.label") },
      this.bar.element, this.tools, this.panes.element, this.player.element);
    this.store.subscribe((what) => this.#changed(what), context.signal);
    context.signal.addEventListener("abort", () => this.#forget());
    const watch = new ResizeObserver(() => this.#moved());
    watch.observe(this.panes.element);
    context.signal.addEventListener("abort", () => watch.disconnect());
    void this.refresh();
  }

  /** Another view, or another magnification. */
  #look() {
    this.player.stop();
    this.#forget();
    void this.#ask();
  }

  /** Another portrait, or another result of a transfer. */
  async refresh() {
    this.player.stop();
    this.#forget();
    try {
      if (!this.companions.portrait) await this.companions.loadPortrait(this.sizePx);
      this.still ??= this.companions.portrait;
      this.paint();
      await this.#ask();
    } catch (error) {
      this.context.notices.fail(error);
    }
  }

  /** Something else is seen, or larger: where it would not be sharp, it is asked for again. */
  #moved() {
    this.panes.place();
    const { portrait, viewport } = this.context;
    showPressed(this.tools, { face: viewport.onFace });
    if (!portrait || !this.companions.portrait) return;
    const size = previewPx(portrait, this.panes.shownWidth);
    if (size <= this.sizePx) return;
    this.sizePx = size;
    this.#forget();
    this.companions.loadPortrait(size).then(() => this.#ask()).catch((error) => this.context.notices.fail(error));
  }

  /** @param {"design" | "selection" | "time"} what */
  #changed(what) {
    if (what === "selection") return;
    if (what === "design") {
      this.context.lit = []; // what is edited is judged now
      const resume = this.player.playing;
      this.player.stop();
      this.#forget();
      if (resume) return this.player.toggle();
    }
    if (!this.player.playing) void this.#ask();
    this.player.say();
  }

  #forget() {
    this.motions = null;
    if (this.mode !== "whole") this.film?.drop();
    this.film = this.mode === "whole" ? this.#carried() : null;
  }

  /** A whole transfer's film in this view. */
  #carried() {
    const { transfer, ui, notices } = this.context;
    const come = () => {
      this.player.restart();
      void this.#ask();
    };
    const film = transfer.result?.seen(this.bar.view, ui.magnify, come, (error) => notices.fail(error)) ?? null;
    if (film && this.bar.view === "arrows") void this.#allMotion(film);
    return film;
  }

  async #ask() {
    this.player.say();
    const { frame } = this.store;
    const whole = this.mode === "whole";
    const done = this.film && (whole || this.bar.view !== "arrows") ? await this.film.unpacked(frame) : null;
    if (frame !== this.store.frame) return; // asked again meanwhile
    if (done) {
      this.still = done;
      if (whole) this.motion = this.motions?.(frame) ?? null;
      this.paint();
    } else if (whole) {
      if (this.film) return; // its frames are on their way
      this.still = this.companions.portrait;
      this.paint();
    } else if (this.store.design.portrait) {
      this.companions.ask(this.#request(), this.bar);
      await this.previews.ask(this.#request());
    } else this.paint();
  }

  #request() {
    return { design: this.store.design, size_px: this.sizePx, format: "jpeg", magnify: this.context.ui.magnify,
      view: this.bar.view === "difference" ? "difference" : "result", time_seconds: this.store.frame / this.store.fps };
  }

  /** @param {any} wanted */
  async #preview(wanted) {
    try {
      const [picture, motion] = await Promise.all([
        blob("/api/preview/frame", wanted).then((data) => createImageBitmap(data)),
        this.bar.view === "arrows" ? motionAt(wanted.design, wanted.time_seconds) : null,
      ]);
      if (wanted.design.portrait !== this.store.design.portrait || this.player.playing) return;
      this.still = picture;
      this.motion = motion;
      this.paint();
      this.context.notices.right("preview");
    } catch (error) {
      this.context.notices.fail(error, "preview");
    }
  }

  paint() {
    const { bar, companions, context, panes, still } = this;
    const beside = companions.beside(bar.view, () => this.paint());
    const picture = still ?? beside;
    if (!picture?.width) return; // none yet, or one that its film has closed
    const widthPx = context.portrait?.width_px ?? picture.width;
    // Nothing lies over a difference, which is looked at for its faintest changes.
    const lit = still && bar.view !== "difference" ? context.lit : [];
    draw(this.canvas, { picture, ghost: companions.ghost, lit, motion: bar.view === "arrows" ? this.motion : null, widthPx });
    panes.main.box = still ? faceIn(context, picture) : [0, 0, picture.width, picture.height];
    const second = still && beside?.width ? beside : null;
    if (second) draw(panes.beside.canvas, { picture: second, widthPx });
    const driver = bar.view === "side" && this.mode !== "design";
    panes.showBeside(second && (driver ? [0, 0, second.width, second.height] : faceIn(context, second)), bar.captions);
    const view = bar.name(bar.view);
    this.canvas.setAttribute("aria-label", t("view.picture", { view, ms: Math.round(this.store.timeSeconds * 1000) }));
    showPressed(this.tools, { ghost: context.ui.ghost, face: context.viewport.onFace });
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
    if (this.bar.view === "arrows" && !this.motions) void this.#allMotion(this.film);
    return true;
  }

  /** @param {Film} film that the arrows are drawn over */
  async #allMotion(film) {
    try {
      const carried = this.mode === "whole" ? this.context.transfer.result : null;
      const motions = await (carried ? carried.motions() : motionOfAll(this.store.design, this.store.frames, this.store.fps));
      if (film !== this.film || this.bar.view !== "arrows") return;
      this.motions = motions;
      this.player.restart();
      if (carried && !this.player.playing) void this.#ask();
    } catch (error) {
      this.player.stop();
      this.context.notices.fail(error);
    }
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
    if (this.motions) this.motion = this.motions(this.store.frame);
    this.paint();
  }

  toggle() {
    this.player.toggle();
  }

  /** @param {number} by frames */
  step(by) {
    this.player.step(by);
  }

  /** @param {number} steps in, or out where they are negative */
  zoom(steps) {
    this.panes.zoomBy(ZOOM ** steps);
  }

  toFace() {
    this.panes.toFace();
  }

  /** @param {number} right steps @param {number} down */
  pan(right, down) {
    this.panes.panBy({ x: -right * PAN_PX, y: -down * PAN_PX });
  }

  /** From the apex to the onset, and back. */
  flip() {
    const { context, store } = this;
    const moments = momentsOf(context);
    if (!moments) return;
    this.player.stop();
    const [onset, apex] = [moments.onset, moments.apex].map((seconds) => Math.round(seconds * store.fps));
    store.seekFrame(store.frame === apex ? onset : apex);
  }

  /** The apex over what is shown, or no longer. */
  ghost() {
    if (this.mode === "whole") return;
    this.context.ui.ghost = !this.context.ui.ghost;
    this.companions.ask(this.#request(), this.bar);
    this.paint();
  }

  full() {
    void (document.fullscreenElement ? document.exitFullscreen() : this.element.requestFullscreen());
  }

  /** @param {number} number of a view, from 1; nothing for others */
  setView(number) {
    this.bar.choose(VIEWS[this.mode][number - 1]);
  }
}
