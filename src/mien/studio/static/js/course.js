// @ts-check
/** What is drawn in a lane: the curve of its AU with its handles, and behind it the curves measured in a film. */

import { curveLines, curvesOf } from "./curves.js";
import { set, svg } from "./dom.js";
import { corners, intensityAt, MAX_INTENSITY, splitAu } from "./envelope.js";
import { timeOf, wire } from "./handles.js";
import { facsName, t } from "./i18n.js";

/** @typedef {import("./types.js").Envelope} Envelope */
/** @typedef {import("./envelope.js").Handle} Handle */

/** Free space above the highest level and below the lowest, px. */
export const LANE_PAD = 8;
/** @type {Handle[]} */
const HANDLES = ["body", "peak", "onset", "apexStart", "apexEnd", "offset"];
/** Possible intensities of a lane's upper edge if the lane shows measured curves, which are mostly faint. */
const TOPS = [1, 2, 3, MAX_INTENSITY];
/** Points with which a slope is drawn. */
const STEPS = 16;

/** Return the y coordinate of each intensity in a lane, px from the top. @param {number} height px of the lane @param {number} top intensity at its upper edge @returns {(intensity: number) => number} */
function levels(height, top) {
  return (intensity) => height - LANE_PAD - (intensity / top) * (height - 2 * LANE_PAD);
}

/** Reuses its elements, so that a dragged handle keeps the focus and the page needs no new layout. */
export class Course {
  /** @param {import("./timeline.js").Timeline} timeline @param {number} index of the lane */
  constructor(timeline, index) {
    this.timeline = timeline;
    this.index = index;
    /** The intensity at the lane's upper edge. */
    this.top = MAX_INTENSITY;
    this.levels = svg("g");
    this.curves = svg("g");
    /** @type {Record<Handle, SVGElement>} */
    this.shapes = {
      body: svg("path"),
      peak: svg("rect", { width: 18, height: 6, rx: 3 }),
      onset: svg("circle", { r: 6 }),
      apexStart: svg("circle", { r: 6 }),
      apexEnd: svg("circle", { r: 6 }),
      offset: svg("circle", { r: 6 }),
    };
    this.shapes.body.classList.add("course");
    for (const handle of HANDLES) {
      this.shapes[handle].classList.add("handle");
      set(this.shapes[handle], {
        tabindex: 0,
        role: "slider",
        "aria-valuemin": 0,
        "aria-orientation": handle === "peak" ? "vertical" : "horizontal",
        "data-handle": handle,
        "data-lane": index,
      });
      wire(this.shapes[handle], timeline, index, handle);
    }
    // If the apex is short, its two handles cover the peak's handle, which comes before them in the Tab order. The mouse
    // therefore takes the peak by this grip, which lies above them.
    this.grip = svg("rect", { width: 18, height: 6, rx: 3, class: "grip" });
    wire(this.grip, timeline, index, "peak");
    this.playhead = svg("line", { class: "playhead", y1: 0 });
    const { body, ...others } = this.shapes;
    this.element = svg(
      "svg",
      { class: "lane-drawing", role: "group" },
      this.levels,
      body,
      this.curves,
      ...Object.values(others),
      this.grip,
      this.playhead,
    );
  }

  /** @param {Envelope} envelope */
  draw(envelope) {
    const { timeline, shapes } = this;
    const { context, scale, laneHeight } = timeline;
    const curves = curvesOf(context.transfer, envelope.au);
    if (!timeline.dragging) this.top = curves ? topOf(envelope, curves) : MAX_INTENSITY;
    const x = (/** @type {number} */ seconds) => scale.x(seconds);
    const y = levels(laneHeight, this.top);
    set(this.element, {
      height: laneHeight,
      "aria-label": t("timeline.lane", { au: envelope.au, name: facsName(context.unit(splitAu(envelope.au).base)) }),
    });
    this.#drawLevels(y);
    this.curves.replaceChildren(...(curves ? curveLines(curves, x, y) : []));
    const [onset, start, end, offset] = corners(envelope);
    const [middle, peak] = [x((start + end) / 2), y(envelope.peak_intensity)];
    set(shapes.body, { d: path(envelope, x, y) });
    for (const bar of [shapes.peak, this.grip]) set(bar, { x: middle - 9, y: peak - 8 });
    set(shapes.onset, { cx: x(onset), cy: y(0) });
    set(shapes.apexStart, { cx: x(start), cy: peak });
    set(shapes.apexEnd, { cx: x(end), cy: peak });
    set(shapes.offset, { cx: x(offset), cy: y(0) });
    set(this.playhead, { y2: laneHeight });
    for (const handle of HANDLES) this.#describe(envelope, handle);
  }

  /** @param {(intensity: number) => number} y */
  #drawLevels(y) {
    while (this.levels.children.length > this.top) this.levels.lastChild?.remove();
    while (this.levels.children.length < this.top) this.levels.append(svg("line", { x1: 0, class: "level" }));
    for (const [at, line] of [...this.levels.children].entries())
      set(line, { x2: this.timeline.scale.width, y1: y(at + 1), y2: y(at + 1) });
  }

  /**
   * Set what a screen reader says about a handle.
   * @param {Envelope} envelope
   * @param {Handle} handle
   */
  #describe(envelope, handle) {
    const { timeline } = this;
    const isPeak = handle === "peak";
    const seconds = timeOf(envelope, handle);
    const ms = Math.round(seconds * 1000);
    const text = isPeak
      ? t("edit.intensityText", {
          value: envelope.peak_intensity,
          level: t(`level.${Math.round(envelope.peak_intensity)}`),
        })
      : t("edit.atFrame", { ms, frame: Math.round(seconds * timeline.store.fps) + 1 });
    set(this.shapes[handle], {
      "aria-label":
        handle === "body" ? t("timeline.move", { au: envelope.au }) : `${envelope.au}: ${t(`edit.${handle}`)}`,
      "aria-valuetext": text,
      "aria-valuenow": isPeak ? envelope.peak_intensity : ms,
      "aria-valuemax": isPeak ? MAX_INTENSITY : Math.round(timeline.scale.wholeSeconds * 1000),
    });
  }
}

/** The lowest possible upper edge that is above everything in the lane. @param {Envelope} envelope @param {import("./curves.js").Curves} curves */
function topOf(envelope, { before, after, result }) {
  const most = Math.max(
    envelope.peak_intensity,
    ...[before, after, result?.values].flatMap((values) => (values ? largest(values) : [])),
  );
  return TOPS.find((top) => top >= most) ?? MAX_INTENSITY;
}

/** Return the largest value; `Math.max(...values)` fails for long films. @param {number[]} values */
function largest(values) {
  return values.reduce((most, each) => Math.max(most, each), 0);
}

/**
 * @param {Envelope} envelope
 * @param {(seconds: number) => number} x
 * @param {(intensity: number) => number} y
 */
function path(envelope, x, y) {
  const [onset, start, end, offset] = corners(envelope);
  const times = [
    [onset, start],
    [end, offset],
  ].flatMap(([from, to]) => Array.from({ length: STEPS + 1 }, (_, step) => from + ((to - from) * step) / STEPS));
  const points = times.map((time) => `${x(time).toFixed(1)},${y(intensityAt(envelope, time)).toFixed(1)}`);
  return `M${x(onset).toFixed(1)},${y(0)} L${points.join(" ")} L${x(offset).toFixed(1)},${y(0)}Z`;
}
