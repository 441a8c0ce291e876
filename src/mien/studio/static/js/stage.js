// @ts-check
/** The picture and its player: follows the design while it is edited, plays it when asked. */

import { blob, post } from "./api.js";
import { frameAt } from "./clock.js";
import { button, el, icon } from "./dom.js";
import { draw } from "./draw.js";
import { Film } from "./film.js";
import { t } from "./i18n.js";
import { Latest } from "./latest.js";

/** @typedef {import("./types.js").View} View */

/** @type {View[]} */
export const VIEWS = ["result", "side", "difference", "arrows"];
const SIZE_PX = 512;
const SPEEDS = [1, 0.25, 0.1];

export class Stage {
  /** @param {import("./app.js").Context} context */
  constructor(context) {
    this.context = context;
    this.store = context.store;
    /** @type {Film | null} */
    this.film = null;
    /** @type {ImageBitmap | null} */
    this.still = null;
    /** @type {ImageBitmap | null} */
    this.portrait = null;
    /** @type {import("./draw.js").Motion | null} */
    this.motion = null;
    this.playing = false;
    this.previews = new Latest((wanted) => this.#preview(wanted));
    this.canvas = el("canvas", { class: "picture", role: "img", width: 8, height: 8 });
    this.position = el("output", { class: "position" });
    this.play = button("", () => this.toggle(), { class: "primary round" });
    this.element = el("section", { class: "stage", "aria-label": t("view.result") },
      this.#views(), el("div", { class: "frame-box" }, this.canvas), this.#controls());
    this.store.subscribe((what) => this.#changed(what), context.signal);
    context.signal.addEventListener("abort", () => this.stop());
    this.#showPlay();
    void this.refresh();
  }

  #views() {
    const group = el("div", { class: "segmented", role: "group", "aria-label": t("view.label") });
    for (const view of VIEWS) {
      group.append(button(t(`view.${view}`), () => this.setView(view),
        { "aria-pressed": String(view === this.context.ui.view), dataset: { view } }));
    }
    this.viewGroup = group;
    return group;
  }

  #controls() {
    const { ui } = this.context;
    const speed = el("select", { "aria-label": t("player.speed"), class: "speed",
      on: { change: () => { ui.speed = Number(speed.value); this.#restart(); } } },
    ...SPEEDS.map((value) => el("option", { value: String(value), text: t(`player.speed${Math.round(1 / value)}`) })));
    speed.value = String(ui.speed);
    const loop = button(t("player.loop"), () => {
      ui.loop = !ui.loop;
      loop.setAttribute("aria-pressed", String(ui.loop));
      this.#restart();
    }, { class: "quiet", title: t("player.loop"), "aria-label": t("player.loop"), "aria-pressed": String(ui.loop) }, icon("loop"));
    const step = (/** @type {string} */ name, /** @type {number} */ by) =>
      button("", () => this.step(by), { class: "quiet", title: t(`player.${name}`), "aria-label": t(`player.${name}`) }, icon(name));
    return el("div", { class: "player" }, step("back", -1), this.play, step("forward", 1), loop, speed, this.position);
  }

  /** @param {View} view */
  setView(view) {
    this.context.ui.view = view;
    for (const each of this.viewGroup?.children ?? []) {
      each.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (each).dataset.view === view));
    }
    this.stop();
    this.#forget();
    void this.#ask();
  }

  /** Another portrait. */
  async refresh() {
    this.stop();
    this.#forget();
    this.portrait = null;
    const { portrait } = this.store.design;
    if (!portrait) return;
    try {
      const answer = await fetch(`/api/portraits/${portrait}/picture?size_px=${SIZE_PX}`);
      this.portrait = await createImageBitmap(await answer.blob());
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
      const resume = this.playing;
      this.stop();
      this.#forget();
      if (resume) return void this.toggle();
    }
    if (!this.playing) void this.#ask();
    this.#showPosition();
  }

  #forget() {
    this.film?.drop();
    this.film = null;
  }

  async #ask() {
    this.#showPosition();
    const done = this.film?.picture(this.store.frame);
    if (done && this.context.ui.view !== "arrows") {
      this.still = done;
      this.paint();
    } else if (this.store.design.portrait) await this.previews.ask(this.#request());
  }

  #request() {
    const { view } = this.context.ui;
    return { design: this.store.design, size_px: SIZE_PX, format: "jpeg", magnify: 8,
      view: view === "difference" ? "difference" : "result", time_seconds: this.store.frame / this.store.fps };
  }

  /** @param {any} wanted */
  async #preview(wanted) {
    try {
      const arrows = this.context.ui.view === "arrows";
      const [picture, motion] = await Promise.all([
        blob("/api/preview/frame", wanted).then((data) => createImageBitmap(data)),
        arrows ? post("/api/preview/motion", { design: wanted.design, times_seconds: [wanted.time_seconds] }) : null,
      ]);
      if (wanted.design.portrait !== this.store.design.portrait || this.playing) return;
      this.still = picture;
      this.motion = motion;
      this.paint();
    } catch (error) {
      this.context.notices.fail(error);
    }
  }

  paint() {
    if (!this.still || !this.context.portrait) return;
    const { view } = this.context.ui;
    draw(this.canvas, { picture: this.still, beside: view === "side" ? this.portrait : null,
      lit: this.context.lit, motion: view === "arrows" && !this.playing ? this.motion : null,
      widthPx: this.context.portrait.width_px });
    this.canvas.setAttribute("aria-label",
      t("view.picture", { view: t(`view.${view}`), ms: Math.round(this.store.timeSeconds * 1000) }));
  }

  #showPosition() {
    this.position.textContent = t("player.position", { frame: this.store.frame + 1, frames: this.store.frames,
      ms: Math.round(this.store.timeSeconds * 1000) });
  }

  #showPlay() {
    const word = t(this.playing ? "player.pause" : "player.play");
    this.play.replaceChildren(icon(this.playing ? "pause" : "play"));
    this.play.title = word;
    this.play.setAttribute("aria-label", word);
  }

  /** @param {number} by frames */
  step(by) {
    this.stop();
    this.store.seekFrame(this.store.frame + by);
  }

  toggle() {
    if (this.playing) return this.stop();
    if (!this.store.design.portrait) return;
    this.playing = true;
    this.#showPlay();
    if (!this.film) {
      const film = (this.film = new Film(this.store.frames));
      const { time_seconds: _, ...request } = this.#request();
      film.load("/api/preview/clip", request, () => this.#buffering(film)).catch((error) => {
        this.context.notices.fail(error);
        if (this.film === film) this.stop();
      });
    }
    this.#restart();
    this.#tick();
  }

  /** @param {Film} film */
  #buffering(film) {
    if (film !== this.film || film.complete) return this.#restart();
    this.position.textContent = t("player.buffering", { done: film.packed.length, total: film.total });
  }

  #restart() {
    this.startedAt = performance.now();
    this.from = this.store.frame + 1 >= this.store.frames ? 0 : this.store.frame;
  }

  #tick() {
    if (!this.playing || !this.film) return;
    if (this.film.complete) {
      const { fps, frames } = this.store;
      const { speed, loop } = this.context.ui;
      const elapsed = (performance.now() - (this.startedAt ?? 0)) / 1000;
      const { frame, over } = frameAt(elapsed, { fps, frames, speed, loop, from: this.from ?? 0 });
      const picture = this.film.picture(frame);
      if (picture) this.still = picture;
      this.store.seekFrame(frame);
      this.paint();
      if (over) return this.stop();
    }
    requestAnimationFrame(() => this.#tick());
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    if (this.film && !this.film.complete) this.#forget();
    this.#showPlay();
    this.#showPosition();
  }
}
