// @ts-check
/** The ruler with the playhead, and a lane for each envelope. */

import { curveRows, legend } from "./curves.js";
import { button, el, field, icon, svg } from "./dom.js";
import { movement, splitAu } from "./envelope.js";
import { Fields } from "./fields.js";
import { t } from "./i18n.js";
import { show } from "./inputs.js";
import { Lane, LANE_HEIGHT } from "./lane.js";
import { MAX_FPS, typedRate } from "./rate.js";

const RULER_HEIGHT = 28;

export class Timeline {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.store = context.store;
    this.dragging = false;
    this.spanSeconds = 0.6;
    this.lanes = el("div", { class: "lanes", role: "list" });
    this.ruler = svg("svg", { class: "ruler", tabindex: 0, role: "slider", "aria-label": t("timeline.playhead") });
    this.state = el("output", { class: "movement" });
    this.fields = new Fields(context);
    /** @type {Lane[]} */
    this.rows = [];
    this.duration = el("input", { type: "number", min: 5, max: 60000, step: 5, class: "number" });
    this.rate = el("input", { type: "text", class: "number", size: 9, inputmode: "decimal" });
    this.tools = el("div", { class: "tools" });
    const edited = context.mode !== "whole";
    this.legend = el("div", { class: "legend" });
    this.element = el("section", { class: "timeline", "aria-label": t("timeline.title") },
      el("div", { class: "timeline-bar" }, el("h2", { text: t("timeline.title") }), edited && this.tools, this.state,
        edited && field(t("timeline.duration"), this.duration, t("edit.ms")), edited && field(t("timeline.fps"), this.rate)),
      el("div", { class: "lanes-box" }, el("div", { class: "lane ruler-row" }, this.legend, this.ruler), this.lanes), edited && this.fields.element);
    this.#wire();
    this.store.subscribe((what) => {
      if (what === "time") return this.#playhead();
      // What is said is of the step before; without a step, as where a file is opened, it may be of now.
      if (what === "design" && this.store.history.steps) context.notices.clear();
      this.render();
    }, context.signal);
    context.transfer.subscribe(() => this.render(), context.signal);
    const watch = new ResizeObserver(() => this.render());
    watch.observe(this.ruler);
    context.signal.addEventListener("abort", () => watch.disconnect());
  }

  #wire() {
    const { context } = this;
    this.duration.addEventListener("change", () => {
      const seconds = Number(this.duration.value) / 1000;
      if (seconds > 0) {
        const shortened = this.store.setDuration(seconds);
        if (shortened) context.notices.say(t("timeline.shortened", { ms: this.duration.value }));
      }
      this.render();
    });
    this.rate.addEventListener("change", () => {
      const fps = typedRate(this.rate.value);
      if (fps) this.store.change({ fps });
      else context.notices.refuse(t("timeline.badRate", { most: MAX_FPS }));
      this.render();
    });
    const seek = (/** @type {PointerEvent} */ event) => {
      const box = this.ruler.getBoundingClientRect();
      this.store.seekFrame(Math.round(((event.clientX - box.left) / box.width) * this.spanSeconds * this.store.fps));
    };
    this.ruler.addEventListener("pointerdown", (event) => {
      this.ruler.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.ruler.addEventListener("pointermove", (event) => event.buttons && seek(event));
    this.ruler.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.store.seekFrame(this.store.frame + by * (event.shiftKey ? 10 : 1));
    });
    const tool = (/** @type {string} */ name, /** @type {string} */ drawing, /** @type {() => void} */ act) => {
      const made = button("", act, { class: "quiet", title: t(`edit.${name}`), "aria-label": t(`edit.${name}`),
        dataset: { tool: name } }, icon(drawing));
      this.tools.append(made);
    };
    const { commands } = context;
    tool("undo", "undo", commands.undo);
    tool("redo", "redo", commands.redo);
    tool("copy", "copy", commands.copy);
    tool("paste", "paste", commands.paste);
    tool("delete", "trash", commands.remove);
  }

  /** While something is dragged the scale stands still. */
  #settleSpan() {
    if (!this.dragging) this.spanSeconds = Math.max(0.6, this.store.design.duration_seconds * 1.1);
  }

  render() {
    this.#settleSpan();
    const { design } = this.store;
    const { handle, lane } = /** @type {any} */ (document.activeElement)?.dataset ?? {};
    show(this.duration, String(Math.round(design.duration_seconds * 1e4) / 10));
    show(this.rate, design.fps);
    const width = Math.max(this.ruler.clientWidth, 100);
    this.width = width;
    this.#drawRuler(width);
    const { transfer, mode } = this.context;
    this.legend.replaceChildren(...legend(transfer));
    if (mode === "whole") this.lanes.replaceChildren(...curveRows(this, width, LANE_HEIGHT));
    else this.#drawLanes(width);
    if (!this.lanes.children.length) this.lanes.append(el("p", { class: "empty", text: this.#emptyText() }));
    this.fields.update();
    const { history } = this.store;
    const off = { undo: !history.past.length, redo: !history.future.length, copy: !this.store.envelope,
      paste: !this.context.ui.clipboard, delete: !this.store.envelope };
    for (const each of this.tools.querySelectorAll("button")) {
      each.disabled = off[/** @type {keyof typeof off} */ (each.dataset.tool)];
    }
    this.#state();
    this.#playhead();
    if (handle) this.focusHandle(lane, handle); // it was drawn again
  }

  /** Focus a handle, which may have been drawn again since. @param {number} lane @param {import("./envelope.js").Handle} handle */
  focusHandle(lane, handle) {
    this.lanes.querySelector(`[data-lane="${lane}"][data-handle="${handle}"]`)?.dispatchEvent(new CustomEvent("refocus"));
  }

  /** A lane stays as long as there is one of its unit at its place. @param {number} width */
  #drawLanes(width) {
    const { envelopes } = this.store.design;
    const rows = envelopes.map(({ au }, index) => {
      const { base } = splitAu(au);
      return this.rows[index]?.base === base ? this.rows[index] : new Lane(this, base, index);
    });
    const stay = rows.length > 0 && rows.length === this.rows.length && rows.every((row, index) => row === this.rows[index]);
    if (!stay) this.lanes.replaceChildren(...rows.map(({ element }) => element));
    this.rows = rows;
    rows.forEach((row, index) => row.update(envelopes[index], width));
  }

  #emptyText() {
    if (this.context.mode === "design") return t("timeline.empty");
    const { clip, measurement, work } = this.context.transfer;
    if (!clip) return t("transfer.empty");
    if (!measurement) return t(work.now ? "transfer.measuring" : "transfer.unmeasured");
    return t(measurement.still || this.context.mode === "whole" ? "transfer.still" : "transfer.removed");
  }

  #state() {
    if (this.context.mode === "whole") return;
    const moves = movement(this.store.design.envelopes);
    const limit = this.context.about.me_limit_seconds;
    const ms = moves ? Math.round((moves.offset - moves.onset) * 1000) : 0;
    const long = moves !== null && moves.offset - moves.onset > limit + 1e-9;
    this.state.textContent = moves === null ? t("timeline.still")
      : t(long ? "timeline.long" : "timeline.micro", { ms, limit: Math.round(limit * 1000) });
    this.state.classList.toggle("warning", long);
  }

  /** @param {number} width */
  #drawRuler(width) {
    const x = (/** @type {number} */ seconds) => (seconds / this.spanSeconds) * width;
    const stepMs = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000].find((ms) => x(ms / 1000) >= 56) ?? 20000;
    const parts = [];
    for (let ms = 0; ms / 1000 <= this.spanSeconds; ms += stepMs) {
      const at = x(ms / 1000);
      parts.push(svg("line", { x1: at, x2: at, y1: 20, y2: RULER_HEIGHT, class: "tick" }));
      if (at > width - 20) continue; // its text would be cut off
      parts.push(svg("text", { x: at + (ms ? 0 : 2), y: 14, class: "tick-text", "text-anchor": ms ? "middle" : "start", text: String(ms) }));
    }
    parts.push(svg("rect", { x: 0, y: RULER_HEIGHT - 4, width: x(this.store.design.duration_seconds), height: 4, class: "clip-bar" }));
    const moves = movement(this.store.design.envelopes);
    if (moves) {
      const limit = moves.onset + this.context.about.me_limit_seconds;
      parts.push(svg("line", { x1: x(limit), x2: x(limit), y1: 17, y2: RULER_HEIGHT, class: "limit" }));
    }
    parts.push(...this.#spotted(x), svg("line", { y1: 0, y2: RULER_HEIGHT, class: "playhead" }));
    this.ruler.replaceChildren(...parts);
  }

  /** Onset, apex and offset of the driver. @param {(seconds: number) => number} x */
  #spotted(x) {
    const spotted = this.context.mode === "design" ? null : this.context.transfer.measurement?.spotted;
    if (!spotted) return [];
    return /** @type {const} */ (["onset", "apex", "offset"]).flatMap((name) => {
      const at = x(spotted[`${name}_seconds`]);
      return [svg("path", { d: `M${at - 5},${RULER_HEIGHT - 12} h10 l-5,8z`, class: "spotted" },
        svg("title", { text: `${t(`curve.${name}`)}: ${Math.round(spotted[`${name}_seconds`] * 1000)} ${t("edit.ms")}` }))];
    });
  }

  #playhead() {
    const x = (this.store.timeSeconds / this.spanSeconds) * (this.width ?? 100);
    for (const line of this.element.querySelectorAll("line.playhead")) {
      line.setAttribute("x1", String(x));
      line.setAttribute("x2", String(x));
    }
    const ms = Math.round(this.store.timeSeconds * 1000);
    this.ruler.setAttribute("aria-valuemin", "0");
    this.ruler.setAttribute("aria-valuemax", String(this.store.frames - 1));
    this.ruler.setAttribute("aria-valuenow", String(this.store.frame));
    this.ruler.setAttribute("aria-valuetext", t("edit.atFrame", { ms, frame: this.store.frame + 1 }));
  }
}
