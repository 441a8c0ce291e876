// @ts-check
/** The ruler with the playhead, a lane for each envelope, and fields with the same numbers. */

import { curveRows, legend } from "./curves.js";
import { button, cell, el, icon, set } from "./dom.js";
import { movement, splitAu } from "./envelope.js";
import { ExpressionBar } from "./expression_bar.js";
import { quietAt, refuseAt } from "./field_error.js";
import { Fields, inMs } from "./fields.js";
import { t } from "./i18n.js";
import { show } from "./inputs.js";
import { Lane } from "./lane.js";
import { MAX_FPS, typedRate } from "./rate.js";
import { Readout } from "./readout.js";
import { drawRuler, makeRuler, RULER_HEIGHT } from "./ruler.js";
import { SCREENS_HZ, screenHz, screenWarning } from "./screen.js";
import { MAX_DURATION_SECONDS } from "./store.js";
import { settleStop, toolbar } from "./toolbar.js";

/** Height of a lane: with little room, and with plenty. */
const LANE_PX = { least: 48, most: 120 };
/** Turning the wheel by this distance doubles the zoom. */
const WHEEL_PX = 300;

export class Timeline {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.store = context.store;
    this.scale = context.scales[context.mode];
    this.laneHeight = LANE_PX.least;
    this.dragging = false;
    this.lanes = el("div", { class: "lanes" });
    this.ruler = makeRuler(this);
    this.readout = new Readout();
    this.state = el("output", { class: "movement" });
    this.fields = new Fields(context);
    this.whole = new ExpressionBar(context);
    /** @type {Lane[]} */
    this.rows = [];
    this.duration = el("input", { type: "number", min: 5, max: MAX_DURATION_SECONDS * 1000, step: 5, class: "number" });
    this.rate = el("input", { type: "text", class: "number", size: 9, inputmode: "decimal", list: "screens" });
    const edited = context.mode !== "whole";
    this.tools = this.#tools(edited);
    this.legend = el("div", { class: "legend" });
    this.lanesBox = el(
      "div",
      { class: "lanes-box" },
      el("div", { class: "lane ruler-row" }, this.legend, this.ruler),
      this.lanes,
    );
    this.element = el(
      "section",
      { class: "timeline", "aria-label": t("timeline.title") },
      el("div", { class: "timeline-head" }, el("h2", { text: t("timeline.title") }), this.tools, this.state),
      this.lanesBox,
      edited &&
        el(
          "div",
          { class: "numbers" },
          el(
            "div",
            { class: "whole-row" },
            this.whole.element,
            el(
              "div",
              { class: "fields timeline-bar" },
              cell(t("timeline.duration"), this.duration, t("edit.ms")),
              cell(t("timeline.rate"), this.rate),
              screens(),
            ),
          ),
          this.fields.element,
        ),
      this.readout.element,
    );
    this.#wire();
    this.store.subscribe((what) => {
      if (what === "time") return this.#playhead();
      // A notice is about the step before. If there is no step, for example after a file was opened, it may still apply.
      if (what === "design" && this.store.history.steps) context.notices.clear();
      this.render();
    }, context.signal);
    context.transfer.subscribe(() => this.render(), context.signal);
    const watch = new ResizeObserver(() => this.render());
    watch.observe(this.ruler);
    watch.observe(this.lanesBox);
    context.signal.addEventListener("abort", () => watch.disconnect());
  }

  /** @param {boolean} edited */
  #tools(edited) {
    const { undo, redo, copy, paste, remove } = this.context.commands;
    const tool = (/** @type {string} */ name, /** @type {string} */ drawing, /** @type {() => void} */ act) =>
      button(
        "",
        act,
        { class: "quiet", title: t(`edit.${name}`), "aria-label": t(`edit.${name}`), dataset: { tool: name } },
        icon(drawing),
      );
    const edits = edited
      ? [
          tool("undo", "undo", undo),
          tool("redo", "redo", redo),
          tool("copy", "copy", copy),
          tool("paste", "paste", paste),
          tool("delete", "trash", remove),
        ]
      : [];
    return toolbar(
      el(
        "div",
        { class: "tools" },
        ...edits,
        tool("zoomIn", "zoom-in", () => this.zoomTime(2)),
        tool("zoomOut", "zoom-out", () => this.zoomTime(0.5)),
      ),
      t("timeline.tools"),
    );
  }

  #wire() {
    const { duration, rate, store, context } = this;
    duration.addEventListener("change", () => {
      const seconds = Number(duration.value) / 1000;
      const typed = duration.value;
      const good = seconds > 0 && seconds <= MAX_DURATION_SECONDS;
      const shortened = good && store.setDuration(seconds);
      if (shortened) context.notices.say(t("timeline.shortened", { ms: typed }));
      this.render();
      if (good) quietAt(duration);
      else refuseAt(duration, t("timeline.badDuration", { most: MAX_DURATION_SECONDS * 1000, typed }));
    });
    rate.addEventListener("change", () => {
      const fps = typedRate(rate.value);
      const movedMs = fps ? inMs(store.setRate(fps)) : 0;
      const moved = movedMs ? t("timeline.moved", { ms: movedMs }) : "";
      if (moved) context.notices.say(moved);
      this.render();
      if (!fps) return refuseAt(rate, t("timeline.badRate", { most: MAX_FPS }));
      quietAt(rate);
      void screenHz().then((hz) => {
        const warning = screenWarning(store.design.fps, hz);
        if (warning) context.notices.say(moved ? `${moved} ${warning}` : warning);
      });
    });
    this.lanesBox.addEventListener(
      "wheel",
      (event) => {
        const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
        if (event.ctrlKey)
          this.zoomTime(
            2 ** (-event.deltaY / WHEEL_PX),
            this.scale.secondsAt(event.clientX - this.ruler.getBoundingClientRect().left),
          );
        else if (sideways && this.scale.zoom > 1)
          this.#from(this.scale.fromSeconds + (sideways / this.scale.width) * this.scale.spanSeconds);
        else return;
        event.preventDefault();
      },
      { passive: false },
    );
  }

  /** @param {number} times @param {number} [seconds] the time that stays at its place */
  zoomTime(times, seconds = this.store.timeSeconds) {
    this.scale.zoomBy(times, seconds);
    this.render();
  }

  /** @param {number} seconds */
  #from(seconds) {
    this.scale.from(seconds);
    this.render();
  }

  /** Scroll to a time that is outside the zoomed view. @param {number} seconds */
  showTime(seconds) {
    const from = this.scale.fromSeconds;
    this.scale.show(seconds);
    if (this.scale.fromSeconds !== from) this.render();
  }

  /** Fit the scale to the clip, but not while something is dragged. */
  #settleScale() {
    if (this.dragging) return;
    this.scale.width = Math.max(this.ruler.clientWidth, 100);
    this.scale.settle(this.store.design.duration_seconds);
    const rows = Math.max(
      this.context.mode === "whole" ? this.lanes.children.length : this.store.design.envelopes.length,
      1,
    );
    const room = Math.floor((this.lanesBox.clientHeight - RULER_HEIGHT) / rows) - 1; // a line between two lanes
    this.laneHeight = Math.min(Math.max(room, LANE_PX.least), LANE_PX.most);
  }

  render() {
    this.#settleScale();
    const { design } = this.store;
    const focused = /** @type {any} */ (document.activeElement);
    const { handle, lane } = focused?.dataset ?? {};
    show(this.duration, String(Math.round(design.duration_seconds * 1e4) / 10));
    show(this.rate, design.fps);
    drawRuler(this);
    const { transfer, mode } = this.context;
    this.legend.replaceChildren(...legend(transfer));
    if (mode === "whole") this.lanes.replaceChildren(...curveRows(this, this.laneHeight));
    else this.#drawLanes();
    // An empty element must not have the role of a list, which needs entries.
    set(this.lanes, { role: this.lanes.children.length ? "list" : null });
    if (!this.lanes.children.length) this.lanes.append(el("p", { class: "empty", text: this.#emptyText() }));
    this.fields.update();
    if (mode !== "whole") this.whole.update();
    const { history } = this.store;
    /** @type {Record<string, boolean>} */
    const off = {
      undo: !history.past.length,
      redo: !history.future.length,
      copy: !this.store.envelope,
      paste: !this.context.ui.clipboard,
      delete: !this.store.envelope,
      zoomOut: this.scale.zoom <= 1,
    };
    for (const each of this.tools.querySelectorAll("button")) each.disabled = off[each.dataset.tool ?? ""] ?? false;
    settleStop(this.tools);
    this.#state();
    this.#playhead();
    if (handle && document.activeElement !== focused) this.focusHandle(lane, handle); // its lane was replaced
  }

  /** @param {number} lane @param {import("./envelope.js").Handle} handle */
  focusHandle(lane, handle) {
    /** @type {SVGElement | null} */ (
      this.lanes.querySelector(`[data-lane="${lane}"][data-handle="${handle}"]`)
    )?.focus({ preventScroll: true });
  }

  /** Draw the lanes; reuse a lane's elements as long as its unit stays at its place. */
  #drawLanes() {
    const { envelopes } = this.store.design;
    const rows = envelopes.map(({ au }, index) => {
      const { base } = splitAu(au);
      return this.rows[index]?.base === base ? this.rows[index] : new Lane(this, base, index);
    });
    const stay =
      rows.length > 0 && rows.length === this.rows.length && rows.every((row, index) => row === this.rows[index]);
    if (!stay) this.lanes.replaceChildren(...rows.map(({ element }) => element));
    this.rows = rows;
    for (const [index, row] of rows.entries()) row.update(envelopes[index]);
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
    this.state.textContent =
      moves === null
        ? t("timeline.still")
        : t(long ? "timeline.long" : "timeline.micro", { ms, limit: Math.round(limit * 1000) });
    this.state.classList.toggle("warning", long);
  }

  #playhead() {
    const x = this.scale.x(this.store.timeSeconds);
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

/** A list of frame rates to choose from: those of screens. */
function screens() {
  const rates = SCREENS_HZ.map((hz) => el("option", { value: String(hz), label: t("screen.of", { hz }) }));
  return el("datalist", { id: "screens" }, ...rates);
}
