// @ts-check
/** What the stage plays: frames rendered for it, or the result of a transfer, and the arrows over them. */

import { motionOfAll } from "./arrows.js";
import { Film } from "./film.js";
import { t } from "./i18n.js";

export class Reel {
  /** @param {import("./context.js").Context} context @param {import("./stage.js").Stage} stage that shows it */
  constructor(context, stage) {
    this.context = context;
    this.store = context.store;
    this.whole = context.mode === "whole";
    this.stage = stage;
    /** @type {Film | null} */
    this.film = null;
    /** The arrows of each frame. @type {((frame: number) => import("./draw.js").Motion) | null} */
    this.motions = null;
  }

  get ready() {
    return !this.film || (this.film.complete && (this.stage.bar.view !== "arrows" || this.motions !== null));
  }

  /** Drop the rendered frames, which are outdated by a change. */
  forget() {
    this.motions = null;
    if (!this.whole) this.film?.drop();
    this.film = this.whole ? this.#carried() : null;
  }

  /** End playing; drop the film if it is incomplete. */
  end() {
    if (this.film && !this.film.complete) this.forget();
  }

  /** The film of a whole transfer in the current view. */
  #carried() {
    const { transfer, ui, notices } = this.context;
    const { bar, player } = this.stage;
    const come = () => {
      player.restart();
      void this.stage.ask();
    };
    const film = transfer.result?.seen(bar.view, ui.magnify, come, (error) => notices.fail(error)) ?? null;
    if (film && bar.view === "arrows") void this.#allMotion(film);
    return film;
  }

  /** @returns {boolean} whether there is anything to play */
  begin() {
    const { portrait } = this.store.design;
    const { bar, player } = this.stage;
    if (this.whole || !portrait) return Boolean(portrait || this.context.transfer.clip);
    if (!this.film) {
      const film = new Film(this.store.frames);
      this.film = film;
      const { time_seconds: _, ...json } = this.stage.request();
      film
        .load("POST", "/api/preview/clip", json, () => this.#buffering(film))
        .catch((error) => {
          this.context.notices.fail(error);
          if (this.film === film) player.stop();
        });
    }
    if (bar.view === "arrows" && !this.motions) void this.#allMotion(this.film);
    return true;
  }

  /** @param {Film} film over which the arrows are drawn */
  async #allMotion(film) {
    const { bar, player } = this.stage;
    try {
      const carried = this.whole ? this.context.transfer.result : null;
      const motions = await (carried
        ? carried.motions()
        : motionOfAll(this.store.design, this.store.frames, this.store.fps));
      if (film !== this.film || bar.view !== "arrows") return;
      this.motions = motions;
      player.restart();
      if (carried && !player.playing) void this.stage.ask();
    } catch (error) {
      player.stop();
      this.context.notices.fail(error);
    }
  }

  /** @param {Film} film */
  #buffering(film) {
    const { player } = this.stage;
    if (film !== this.film || film.complete) return player.restart();
    player.say(t("player.buffering", { done: film.packed.length, total: film.total }));
  }
}
