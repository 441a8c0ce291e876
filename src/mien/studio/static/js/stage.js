// @ts-check
/** The picture: shows the edited design, plays it, and shows the portrait or the driver beside it. */

import { blob } from "./api.js";
import { motionAt } from "./arrows.js";
import { Companions, faceIn, momentsOf } from "./companions.js";
import { el } from "./dom.js";
import { draw } from "./draw.js";
import { t } from "./i18n.js";
import { Latest } from "./latest.js";
import { Panes } from "./panes.js";
import { Player } from "./player.js";
import { Reel } from "./reel.js";
import { LEAST_PX, previewPx } from "./sharpness.js";
import { showPressed, stageTools } from "./stage_tools.js";
import { VIEWS, ViewBar } from "./views.js";

/** Zoom factor of one press of a key. */
const ZOOM = 1.25;
const PAN_PX = 40;

export class Stage {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.store = context.store;
    this.mode = context.mode;
    this.bar = new ViewBar(context, () => this.#look());
    this.reel = new Reel(context, this);
    /** @type {ImageBitmap | null} */
    this.still = null;
    this.companions = new Companions(context, () => this.paint());
    this.sizePx = LEAST_PX;
    /** A newer part of the still: while something is dragged, only the visible part is requested. @type {import("./draw.js").Patch | null} */
    this.patch = null;
    /** The requested size of the preview that is the still, px; 0 if the still is another picture. */
    this.stillPx = 0;
    /** The arrows of what is shown. @type {import("./draw.js").Motion | null} */
    this.motion = null;
    this.previews = new Latest((wanted) => this.#preview(wanted));
    this.panes = new Panes(context.viewport, t("view.label"), () => this.#moved());
    this.canvas = this.panes.main.canvas;
    this.tools = stageTools(
      {
        zoomIn: () => this.zoom(1),
        zoomOut: () => this.zoom(-1),
        face: () => this.panes.toFace(),
        actual: () => this.panes.toActual(context.portrait?.width_px ?? this.canvas.width),
        flip: () => this.flip(),
        ghost: () => this.ghost(),
        full: () => this.full(),
      },
      this.mode === "whole" ? ["ghost"] : [],
    );
    this.player = new Player(context, {
      begin: () => this.reel.begin(),
      show: () => this.#show(),
      ready: () => this.reel.ready,
      end: () => this.reel.end(),
    });
    this.element = el(
      "section",
      { class: "stage", "aria-label": t("view.label") },
      this.bar.element,
      this.tools,
      this.panes.element,
      this.player.element,
    );
    this.store.subscribe((what) => this.#changed(what), context.signal);
    context.signal.addEventListener("abort", () => this.reel.forget());
    const watch = new ResizeObserver(() => this.#moved());
    watch.observe(this.panes.element);
    context.signal.addEventListener("abort", () => watch.disconnect());
    void this.refresh();
  }

  /** Show another view or another magnification. */
  #look() {
    this.player.stop();
    this.reel.forget();
    void this.ask();
  }

  /** Show another portrait or another result of a transfer. */
  async refresh() {
    this.player.stop();
    this.reel.forget();
    try {
      if (!this.companions.portrait) await this.companions.loadPortrait(this.sizePx);
      this.still ??= this.companions.portrait;
      this.paint();
      await this.ask();
    } catch (error) {
      this.context.notices.fail(error);
    }
  }

  /** Another part of the picture is visible, or it is larger: request it again if it would not be sharp. */
  #moved() {
    this.panes.place();
    this.settle(); // more of it may be visible
    const { portrait, viewport } = this.context;
    showPressed(this.tools, { face: viewport.onFace });
    if (!portrait || !this.companions.portrait) return;
    const size = previewPx(portrait, this.panes.shownWidth);
    if (size <= this.sizePx) return;
    this.sizePx = size;
    this.reel.forget();
    this.companions
      .loadPortrait(size)
      .then(() => this.ask())
      .catch((error) => this.context.notices.fail(error));
  }

  /** @param {"design" | "selection" | "time"} what */
  #changed(what) {
    if (what === "selection") return;
    if (what === "design") {
      this.context.lit = []; // the user judges the edited face now
      const resume = this.player.playing;
      this.player.stop();
      this.reel.forget();
      if (resume) return this.player.toggle();
    }
    if (!this.player.playing) void this.ask();
    this.player.say();
  }

  /** Show the frame that the playhead is on. */
  async ask() {
    this.player.say();
    const { frame } = this.store;
    const whole = this.mode === "whole";
    const { film } = this.reel;
    const done = film && (whole || this.bar.view !== "arrows") ? await film.unpacked(frame) : null;
    if (frame !== this.store.frame) return; // another frame was requested meanwhile
    if (done) {
      this.#put(done);
      if (whole) this.motion = this.reel.motions?.(frame) ?? null;
      this.paint();
    } else if (whole) {
      if (film) return; // its frames are being loaded
      this.#put(this.companions.portrait);
      this.paint();
    } else if (this.store.design.portrait) {
      this.companions.ask(this.request(), this.bar);
      await this.previews.ask(this.request());
    } else this.paint();
  }

  /** The request for the frame. */
  request() {
    return {
      design: this.store.design,
      size_px: this.sizePx,
      format: "jpeg",
      magnify: this.context.ui.magnify,
      view: this.bar.view === "difference" ? "difference" : "result",
      time_seconds: this.store.frame / this.store.fps,
    };
  }

  /** After a drag, request the whole picture. */
  settle() {
    if (this.patch) void this.ask();
  }

  /** @param {any} wanted */
  async #preview(wanted) {
    const part = this.context.editing && this.still && this.stillPx === wanted.size_px ? this.panes.window : null;
    try {
      const [picture, motion] = await Promise.all([
        blob("/api/preview/frame", { ...wanted, window_px: part }).then((data) => createImageBitmap(data)),
        this.bar.view === "arrows" ? motionAt(wanted.design, wanted.time_seconds) : null,
      ]);
      if (wanted.design.portrait !== this.store.design.portrait || this.player.playing) return;
      if (part) this.patch = { picture, left: part[0], top: part[1] };
      else this.#put(picture, wanted.size_px);
      this.motion = motion;
      this.paint();
      this.context.notices.right("preview");
      if (!this.context.editing) this.settle(); // this part came after the drag had ended
    } catch (error) {
      this.context.notices.fail(error, "preview");
    }
  }

  /** Show another still. @param {ImageBitmap | null} picture @param {number} [sizePx] if it is a preview */
  #put(picture, sizePx = 0) {
    this.still = picture;
    this.stillPx = sizePx;
    this.patch = null;
  }

  paint() {
    const { bar, companions, context, panes, still } = this;
    const beside = companions.beside(bar.view, () => this.paint());
    const picture = still ?? beside;
    if (!picture?.width) return; // there is none yet, or its film has closed it
    const widthPx = context.portrait?.width_px ?? picture.width;
    // Nothing is drawn over a difference, in which people look for the faintest changes.
    const lit = still && bar.view !== "difference" ? context.lit : [];
    draw(this.canvas, {
      picture,
      patch: this.patch,
      ghost: companions.ghost,
      lit,
      motion: bar.view === "arrows" ? this.motion : null,
      widthPx,
    });
    panes.main.box = still ? faceIn(context, picture) : [0, 0, picture.width, picture.height];
    const second = still && beside?.width ? beside : null;
    if (second) draw(panes.beside.canvas, { picture: second, widthPx });
    const driver = bar.view === "side" && this.mode !== "design";
    panes.showBeside(second && (driver ? [0, 0, second.width, second.height] : faceIn(context, second)), bar.captions);
    const view = bar.name(bar.view);
    this.canvas.setAttribute("aria-label", t("view.picture", { view, ms: Math.round(this.store.timeSeconds * 1000) }));
    showPressed(this.tools, { ghost: context.ui.ghost, face: context.viewport.onFace });
  }

  /** Show the playhead's frame while playing. */
  #show() {
    const { film, motions } = this.reel;
    const picture = film?.picture(Math.min(this.store.frame, film.total - 1));
    if (picture) this.#put(picture);
    if (motions) this.motion = motions(this.store.frame);
    this.paint();
  }

  toggle() {
    this.player.toggle();
  }

  /** @param {number} by frames */
  step(by) {
    this.player.step(by);
  }

  /** @param {number} steps to zoom in; negative ones zoom out */
  zoom(steps) {
    this.panes.zoomBy(ZOOM ** steps);
  }

  toFace() {
    this.panes.toFace();
  }

  /** @param {number} right steps to the right @param {number} down steps down */
  pan(right, down) {
    this.panes.panBy({ x: -right * PAN_PX, y: -down * PAN_PX });
  }

  /** Switch between apex and onset. */
  flip() {
    const { context, store } = this;
    const moments = momentsOf(context);
    if (!moments) return;
    this.player.stop();
    const [onset, apex] = [moments.onset, moments.apex].map((seconds) => Math.round(seconds * store.fps));
    store.seekFrame(store.frame === apex ? onset : apex);
  }

  /** Switch the half-transparent apex over the picture on or off. */
  ghost() {
    if (this.mode === "whole") return;
    this.context.ui.ghost = !this.context.ui.ghost;
    this.companions.ask(this.request(), this.bar);
    this.paint();
  }

  full() {
    void (document.fullscreenElement ? document.exitFullscreen() : this.element.requestFullscreen());
  }

  /** @param {number} number of a view, from 1; other numbers do nothing */
  setView(number) {
    this.bar.choose(VIEWS[this.mode][number - 1]);
  }
}
