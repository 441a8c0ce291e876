// @ts-check
/** The contact sheet of a plan: each clip at its apex. Any clip can be played before the sheet is made. */

import { call, framesOf } from "./api.js";
import { button, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { errorText } from "./notice.js";

const PAGE = 24;

export class SheetCells {
  constructor() {
    this.plan = "";
    /** @type {string[]} */
    this.names = [];
    this.first = 0;
    this.grid = el("div", { class: "cells", role: "list" });
    this.count = el("span", { role: "status" });
    this.back = button(
      "",
      () => this.#turn(-PAGE),
      { "aria-label": t("cells.back"), dataset: { action: "cells-back" } },
      icon("back"),
    );
    this.on = button(
      "",
      () => this.#turn(PAGE),
      { "aria-label": t("cells.on"), dataset: { action: "cells-on" } },
      icon("forward"),
    );
    this.picture = el("canvas", { class: "cell-film", role: "img" });
    this.said = el("p", { class: "hint", role: "status" });
    this.film = el("div", { class: "cell-player", hidden: true }, this.picture, this.said);
    this.element = el(
      "section",
      { class: "stack sheet-cells", "aria-label": t("cells.title"), hidden: true },
      el(
        "div",
        { class: "between" },
        el("h3", { text: t("cells.title") }),
        el("span", { class: "row" }, this.back, this.count, this.on),
      ),
      el("div", { class: "cells-box" }, this.grid, this.film),
    );
    this.abort = new AbortController();
  }

  /** Show the cells of a plan. @param {{id: string, names: string[]}} plan */
  show({ id, names }) {
    if (id === this.plan) return;
    this.plan = id;
    this.names = names;
    this.first = Math.min(this.first, Math.floor(Math.max(names.length - 1, 0) / PAGE) * PAGE);
    this.#stop();
    this.element.hidden = false;
    this.#draw();
  }

  hide() {
    this.plan = "";
    this.#stop();
    this.element.hidden = true;
  }

  /** @param {number} by */
  #turn(by) {
    this.first += by;
    this.#draw();
  }

  #draw() {
    const { names, first, plan } = this;
    const last = Math.min(first + PAGE, names.length);
    this.count.textContent = t("cells.count", { first: first + 1, last, all: names.length });
    this.back.disabled = first === 0;
    this.on.disabled = last === names.length;
    this.grid.replaceChildren(
      ...names.slice(first, last).map((name, i) =>
        el(
          "div",
          { role: "listitem" },
          el(
            "button",
            {
              type: "button",
              class: "cell",
              title: name,
              "aria-label": t("cells.play", { name }),
              dataset: { cell: String(first + i) },
              on: { click: () => void this.play(first + i) },
            },
            el("img", {
              src: `/api/stimuli/plans/${plan}/${first + i}/picture?size_px=160`,
              alt: "",
              loading: "lazy",
            }),
            el("small", { text: name }),
          ),
        ),
      ),
    );
  }

  #stop() {
    this.abort.abort();
    this.abort = new AbortController();
    this.film.hidden = true;
  }

  /** Play a cell in a loop at true speed. @param {number} number */
  async play(number) {
    this.#stop();
    const { signal } = this.abort;
    this.film.hidden = false;
    this.said.classList.remove("error");
    this.said.textContent = t("cells.loading", { name: this.names[number] });
    try {
      const answer = await call("GET", `/api/stimuli/plans/${this.plan}/${number}/frames`, { signal });
      const fps = Number(answer.headers.get("X-Fps"));
      /** @type {ImageBitmap[]} */
      const pictures = [];
      for await (const each of framesOf(answer)) pictures.push(await createImageBitmap(each));
      if (signal.aborted) return;
      this.said.textContent = t("cells.playing", { name: this.names[number] });
      this.#loop(pictures, fps, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.said.classList.add("error");
      this.said.textContent = errorText(error);
    }
  }

  /** @param {ImageBitmap[]} pictures @param {number} fps @param {AbortSignal} signal */
  #loop(pictures, fps, signal) {
    Object.assign(this.picture, { width: pictures[0].width, height: pictures[0].height });
    const drawing = /** @type {CanvasRenderingContext2D} */ (this.picture.getContext("2d"));
    const start = performance.now();
    const next = () => {
      if (signal.aborted || !this.picture.isConnected) return;
      const frame = Math.floor(((performance.now() - start) / 1000) * fps) % (pictures.length + Math.round(fps / 2));
      // Show the last picture for half a second, then start again.
      const shown = Math.min(frame, pictures.length - 1);
      if (this.picture.dataset.frame !== String(shown)) drawing.drawImage(pictures[shown], 0, 0);
      this.picture.dataset.frame = String(shown);
      requestAnimationFrame(next);
    };
    next();
  }
}
