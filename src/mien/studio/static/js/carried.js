// @ts-check
/** The result of a transfer of the whole motion: its frames, and on request the differences from the portrait and the arrows. */

import { motionOfTransfer } from "./arrows.js";
import { Film } from "./film.js";

export class Carried {
  /** @param {string} id the server's @param {number} frames */
  constructor(id, frames) {
    this.id = id;
    this.film = new Film(frames);
    /** @type {{film: Film, magnify: number} | null} */
    this.changes = null;
    /** @type {Promise<(frame: number) => import("./draw.js").Motion> | null} */
    this.arrows = null;
  }

  /** Where points of the face go, by frame; requested only once. */
  motions() {
    this.arrows ??= motionOfTransfer(this.id).catch((error) => {
      this.arrows = null; // the next call asks again
      throw error;
    });
    return this.arrows;
  }

  /** Fetch the frames. */
  load() {
    return this.film.load("GET", `/api/transfers/${this.id}/frames`, undefined);
  }

  /**
   * The film of a view. Differences are loaded when first asked for.
   * @param {import("./types.js").View} view
   * @param {number} magnify
   * @param {() => void} come called when all differences are loaded
   * @param {(error: unknown) => void} failed
   */
  seen(view, magnify, come, failed) {
    if (view !== "difference") return this.film;
    if (this.changes?.magnify === magnify) return this.changes.film;
    this.changes?.film.drop();
    const film = new Film(this.film.total);
    this.changes = { film, magnify };
    film
      .load("GET", `/api/transfers/${this.id}/frames?view=difference&magnify=${magnify}`, undefined)
      .then(come, (error) => {
        if (this.changes?.film === film) this.changes = null;
        failed(error);
      });
    return film;
  }

  drop() {
    this.film.drop();
    this.changes?.film.drop();
  }
}
