// @ts-check
/** One envelope: its name and side, and its course with handles to drag or to move by keys. */

import { curveLines, curvesOf } from "./curves.js";
import { el, set, svg } from "./dom.js";
import { corners, intensityAt, joinAu, levelOf, MAX_INTENSITY, splitAu } from "./envelope.js";
import { timeOf, wire } from "./handles.js";
import { facsName, t } from "./i18n.js";
import { finishTyping, show } from "./inputs.js";

/** @typedef {import("./types.js").Envelope} Envelope */
/** @typedef {import("./envelope.js").Handle} Handle */

/** Above the highest level and below the lowest. */
export const LANE_PAD = 8;
/** @type {Handle[]} */
const HANDLES = ["body", "peak", "onset", "apexStart", "apexEnd", "offset"];

/**
 * @param {import("./context.js").Context} context
 * @param {string} base the unit, whatever its side
 * @param {number} index
 */
function laneHead(context, base, index) {
  const { store } = context;
  const unit = context.unit(base);
  const now = () => store.design.envelopes[index];
  const side = el("select", { "aria-label": t("side.label", { au: base }), disabled: !unit.sided, title: unit.sided ? null : t("side.whyNot", { au: base }),
    on: { change: () => store.setEnvelope(index, { ...now(), au: joinAu(base, /** @type {any} */ (side.value)) }) } },
  ...["both", "left", "right"].map((each) => el("option", { value: each, text: t(`side.${each}`) })));
  const pick = el("input", { type: "checkbox", "aria-label": t("all.pick", { au: base }), title: t("all.pick", { au: base }), dataset: { pick: index },
    on: { change: () => store.pick(index, pick.checked) } });
  const element = el("div", { class: "lane-head", title: `${facsName(unit)}\n${unit.muscle}`, on: {
    pointerdown: (/** @type {PointerEvent} */ event) => {
      finishTyping();
      context.light(null);
      store.select(index);
      const inControl = /** @type {Element} */ (event.target).closest("input, select");
      if ((event.ctrlKey || event.metaKey || event.shiftKey) && !inControl) store.pick(index, !store.picked.has(index));
    },
    // Who edits by keys judges the picture, wherever the mouse rests.
    mouseenter: () => { if (!document.activeElement?.matches(".handle, .timeline input, .timeline select")) context.light(now().au); }, mouseleave: () => context.light(null),
  } }, pick, el("span", { class: "lane-name" }, el("b", { text: base }), el("span", { text: facsName(unit) })), side);
  return { element, side, pick };
}

/** One lane; its head stays when its course is drawn again, so that what has the focus there keeps it. */
export class Lane {
  /** @param {import("./timeline.js").Timeline} timeline @param {string} base @param {number} index */
  constructor(timeline, base, index) {
    this.timeline = timeline;
    this.base = base;
    this.index = index;
    this.head = laneHead(timeline.context, base, index);
    this.drawing = svg("svg");
    this.element = el("div", { class: "lane", role: "listitem" }, this.head.element, this.drawing);
  }

  /** @param {Envelope} envelope */
  update(envelope) {
    const { store } = this.timeline;
    set(this.element, { "aria-current": this.index === store.selected ? "true" : null });
    this.head.pick.checked = store.picked.has(this.index);
    show(this.head.side, splitAu(envelope.au).side);
    const drawing = laneDrawing(this.timeline, envelope, this.index);
    this.drawing.replaceWith(drawing);
    this.drawing = drawing;
  }
}

/** Where an intensity is drawn in a lane. @param {number} height px of the lane @returns {(intensity: number) => number} */
export function levels(height) {
  return (intensity) => height - LANE_PAD - (intensity / MAX_INTENSITY) * (height - 2 * LANE_PAD);
}

/**
 * @param {import("./timeline.js").Timeline} timeline
 * @param {Envelope} envelope
 * @param {number} index
 */
function laneDrawing(timeline, envelope, index) {
  const { scale, laneHeight } = timeline;
  const x = (/** @type {number} */ seconds) => scale.x(seconds);
  const yOf = levels(laneHeight);
  const [onset, start, end, offset] = corners(envelope);
  const drawing = svg("svg", { class: "lane-drawing", height: laneHeight, role: "group",
    "aria-label": t("timeline.lane", { au: envelope.au, name: facsName(timeline.context.unit(splitAu(envelope.au).base)) }) });
  for (let level = 1; level <= MAX_INTENSITY; level++) {
    drawing.append(svg("line", { x1: 0, x2: scale.width, y1: yOf(level), y2: yOf(level), class: "level" }));
  }
  const points = [];
  for (let i = 0; i <= 16; i++) points.push(onset + ((start - onset) * i) / 16);
  for (let i = 0; i <= 16; i++) points.push(end + ((offset - end) * i) / 16);
  const path = points.map((time) => `${x(time).toFixed(1)},${yOf(intensityAt(envelope, time)).toFixed(1)}`);
  const d = `M${x(onset).toFixed(1)},${yOf(0)} L${path.join(" ")} L${x(offset).toFixed(1)},${yOf(0)}Z`;
  const middle = x((start + end) / 2);
  const top = yOf(envelope.peak_intensity);
  const bar = { x: middle - 9, y: top - 8, width: 18, height: 6, rx: 3 };
  /** @type {Record<Handle, SVGElement>} */
  const shapes = {
    body: svg("path", { d, class: "course" }),
    peak: svg("rect", bar),
    onset: svg("circle", { cx: x(onset), cy: yOf(0), r: 6 }),
    apexStart: svg("circle", { cx: x(start), cy: top, r: 6 }),
    apexEnd: svg("circle", { cx: x(end), cy: top, r: 6 }),
    offset: svg("circle", { cx: x(offset), cy: yOf(0), r: 6 }),
  };
  for (const handle of HANDLES) {
    const shape = shapes[handle];
    describe(shape, timeline, envelope, index, handle);
    wire(shape, timeline, index, handle);
    drawing.append(shape);
  }
  // Where the apex is short its two handles lie over the peak's, which is reached before them by Tab: what the mouse
  // takes hold of lies over them.
  const grip = svg("rect", { ...bar, class: "grip" });
  wire(grip, timeline, index, "peak");
  drawing.append(grip);
  const curves = curvesOf(timeline.context.transfer, envelope.au);
  if (curves) shapes.body.after(...curveLines(curves, x, yOf));
  drawing.append(svg("line", { y1: 0, y2: laneHeight, class: "playhead" }));
  return drawing;
}

/**
 * What a screen reader says of a handle.
 * @param {SVGElement} shape
 * @param {import("./timeline.js").Timeline} timeline
 * @param {Envelope} envelope
 * @param {number} index
 * @param {Handle} handle
 */
function describe(shape, timeline, envelope, index, handle) {
  const peak = handle === "peak";
  const seconds = timeOf(envelope, handle);
  const ms = Math.round(seconds * 1000);
  shape.classList.add("handle");
  Object.assign(shape.dataset, { handle, lane: String(index) });
  const label = handle === "body" ? t("timeline.move", { au: envelope.au }) : `${envelope.au}: ${t(`edit.${handle}`)}`;
  const text = peak
    ? t("edit.intensityText", { value: envelope.peak_intensity, level: t(`level.${Math.round(envelope.peak_intensity)}`) })
    : t("edit.atFrame", { ms, frame: Math.round(seconds * timeline.store.fps) + 1 });
  for (const [name, value] of Object.entries({ tabindex: 0, role: "slider", "aria-label": label, "aria-valuetext": text,
    "aria-valuemin": 0, "aria-valuenow": peak ? envelope.peak_intensity : ms,
    "aria-valuemax": peak ? MAX_INTENSITY : Math.round(timeline.scale.wholeSeconds * 1000),
    "aria-orientation": peak ? "vertical" : "horizontal" })) shape.setAttribute(name, String(value));
}

/** The level beside a number, in few words. @param {number} intensity */
export function levelText(intensity) {
  return t(`levelShort.${levelOf(intensity) || 0}`);
}
