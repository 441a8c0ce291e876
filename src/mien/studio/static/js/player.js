// @ts-check
/** Play, pause, step, loop, speed: moves the playhead in time. The reel decides what is shown. */

import { frameAt } from "./clock.js";
import { button, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { toolbar } from "./toolbar.js";

const SPEEDS = [1, 0.25, 0.1];

/**
 * @typedef {object} Reel what is played
 * @property {() => boolean} begin prepares it; false if there is nothing to play
 * @property {() => boolean} ready
 * @property {(frame: number) => void} show
 * @property {() => void} end
 */

export class Player {
  /** @param {import("./context.js").Context} context @param {Reel} reel */
  constructor(context, reel) {
    this.store = context.store;
    this.ui = context.ui;
    this.reel = reel;
    this.playing = false;
    this.startedAt = 0;
    this.from = 0;
    this.position = el("output", { class: "position" });
    this.play = button("", () => this.toggle(), { class: "primary round" });
    this.element = this.#controls();
    this.#showPlay();
    context.signal.addEventListener("abort", () => this.stop());
  }

  #controls() {
    const { ui } = this;
    const speed = el(
      "select",
      {
        "aria-label": t("player.speed"),
        class: "speed",
        on: {
          change: () => {
            ui.speed = Number(speed.value);
            this.restart();
          },
        },
      },
      ...SPEEDS.map((value) => el("option", { value: String(value), text: t(`player.speed${Math.round(1 / value)}`) })),
    );
    speed.value = String(ui.speed);
    const loop = button(
      t("player.loop"),
      () => {
        ui.loop = !ui.loop;
        loop.setAttribute("aria-pressed", String(ui.loop));
        this.restart();
      },
      { class: "quiet", title: t("player.loop"), "aria-label": t("player.loop"), "aria-pressed": String(ui.loop) },
      icon("loop"),
    );
    const step = (/** @type {string} */ name, /** @type {number} */ by) =>
      button(
        "",
        () => this.step(by),
        { class: "quiet", title: t(`player.${name}`), "aria-label": t(`player.${name}`) },
        icon(name),
      );
    return el(
      "div",
      { class: "player" },
      toolbar(el("div", { class: "actions" }, step("back", -1), this.play, step("forward", 1), loop), t("player.play")),
      speed,
      this.position,
    );
  }

  /** Show the playhead's position, or a text such as the progress of rendering. @param {string} [text] */
  say(text) {
    this.position.textContent =
      text ??
      t("player.position", {
        frame: this.store.frame + 1,
        frames: this.store.frames,
        ms: Math.round(this.store.timeSeconds * 1000),
      });
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
    if (!this.reel.begin()) return;
    this.playing = true;
    this.#showPlay();
    this.restart();
    this.#tick();
  }

  /** Play on from the playhead, or from the beginning if it is at the end. */
  restart() {
    this.startedAt = performance.now();
    this.from = this.store.frame + 1 >= this.store.frames ? 0 : this.store.frame;
  }

  #tick() {
    if (!this.playing) return;
    if (this.reel.ready()) {
      const { fps, frames } = this.store;
      const { speed, loop } = this.ui;
      const elapsed = (performance.now() - this.startedAt) / 1000;
      const { frame, over } = frameAt(elapsed, { fps, frames, speed, loop, from: this.from });
      this.store.seekFrame(frame);
      this.reel.show(frame);
      if (over) return this.stop();
    }
    requestAnimationFrame(() => this.#tick());
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.reel.end();
    this.#showPlay();
    this.say();
  }
}
