// @ts-check
/** One envelope: its name and side, and its course with handles to drag or to move by keys. */

import { curveLines, curvesOf } from "./curves.js";
import { el, set, svg } from "./dom.js";
import { corners, intensityAt, joinAu, levelOf, MAX_INTENSITY, moveTo, splitAu, tidyIntensity } from "./envelope.js";
import { facsName, t } from "./i18n.js";
import { finishTyping, show } from "./inputs.js";

/** @typedef {import("./types.js").Envelope} Envelope */
/** @typedef {import("./envelope.js").Handle} Handle */

export const LANE_HEIGHT = 48;
const PAD = 8;
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
  const side = el("select", { "aria-label": t("side.label", { au: base }), disabled: !unit.sided,
    on: { change: () => store.setEnvelope(index, { ...now(), au: joinAu(base, /** @type {any} */ (side.value)) }) } },
  ...["both", "left", "right"].map((each) => el("option", { value: each, text: t(`side.${each}`) })));
  const element = el("div", { class: "lane-head", title: `${facsName(unit)}\n${unit.muscle}`, on: {
    pointerdown: () => { finishTyping(); store.select(index); },
    mouseenter: () => context.light(now().au), mouseleave: () => context.light(null),
  } }, el("span", { class: "lane-name" }, el("b", { text: base }), el("span", { text: facsName(unit) })), side);
  return { element, side };
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

  /** @param {Envelope} envelope @param {number} width px */
  update(envelope, width) {
    set(this.element, { "aria-current": this.index === this.timeline.store.selected ? "true" : null });
    show(this.head.side, splitAu(envelope.au).side);
    const drawing = laneDrawing(this.timeline, envelope, this.index, width);
    this.drawing.replaceWith(drawing);
    this.drawing = drawing;
  }
}

/** @param {number} intensity */
export const yOf = (intensity) => LANE_HEIGHT - PAD - (intensity / MAX_INTENSITY) * (LANE_HEIGHT - 2 * PAD);

/**
 * @param {import("./timeline.js").Timeline} timeline
 * @param {Envelope} envelope
 * @param {number} index
 * @param {number} width px
 */
function laneDrawing(timeline, envelope, index, width) {
  const x = (/** @type {number} */ seconds) => (seconds / timeline.spanSeconds) * width;
  const [onset, start, end, offset] = corners(envelope);
  const drawing = svg("svg", { class: "lane-drawing", height: LANE_HEIGHT, role: "group",
    "aria-label": t("timeline.lane", { au: envelope.au, name: facsName(timeline.context.unit(splitAu(envelope.au).base)) }) });
  for (let level = 1; level <= MAX_INTENSITY; level++) {
    drawing.append(svg("line", { x1: 0, x2: width, y1: yOf(level), y2: yOf(level), class: "level" }));
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
    wire(shape, drawing, timeline, index, handle);
    drawing.append(shape);
  }
  // Where the apex is short its two handles lie over the peak's, which is reached before them by Tab: what the mouse
  // takes hold of lies over them.
  const grip = svg("rect", { ...bar, class: "grip" });
  wire(grip, drawing, timeline, index, "peak");
  drawing.append(grip);
  const curves = curvesOf(timeline.context.transfer, envelope.au);
  if (curves) shapes.body.after(...curveLines(curves, x, yOf));
  drawing.append(svg("line", { y1: 0, y2: LANE_HEIGHT, class: "playhead" }));
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
  const times = { body: envelope.onset_seconds, onset: envelope.onset_seconds, apexStart: envelope.apex_start_seconds,
    apexEnd: envelope.apex_end_seconds, offset: envelope.offset_seconds, peak: 0 };
  const ms = Math.round(times[handle] * 1000);
  shape.classList.add("handle");
  Object.assign(shape.dataset, { handle, lane: String(index) });
  const label = handle === "body" ? t("timeline.move", { au: envelope.au }) : `${envelope.au}: ${t(`edit.${handle}`)}`;
  const text = peak
    ? t("edit.intensityText", { value: envelope.peak_intensity, level: t(`level.${Math.round(envelope.peak_intensity)}`) })
    : t("edit.atFrame", { ms, frame: Math.round(times[handle] * timeline.store.fps) + 1 });
  for (const [name, value] of Object.entries({ tabindex: 0, role: "slider", "aria-label": label, "aria-valuetext": text,
    "aria-valuemin": 0, "aria-valuenow": peak ? envelope.peak_intensity : ms,
    "aria-valuemax": peak ? MAX_INTENSITY : Math.round(timeline.spanSeconds * 1000),
    "aria-orientation": peak ? "vertical" : "horizontal" })) shape.setAttribute(name, String(value));
}

/**
 * @param {SVGElement} shape
 * @param {SVGElement} drawing
 * @param {import("./timeline.js").Timeline} timeline
 * @param {number} index
 * @param {Handle} handle
 */
function wire(shape, drawing, timeline, index, handle) {
  const { store } = timeline;
  const limits = () => ({ fps: store.fps, endSeconds: timeline.spanSeconds });
  shape.addEventListener("refocus", () => shape.focus({ preventScroll: true }));
  shape.addEventListener("focus", () => store.select(index));
  shape.addEventListener("keydown", (event) => {
    const now = store.design.envelopes[index];
    const many = event.shiftKey;
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const upward = { ArrowDown: -1, ArrowUp: 1 }[event.key] ?? 0;
    const gesture = `key-${index}-${handle}`;
    if (handle === "peak" && (sideways || upward)) {
      const peak = tidyIntensity(now.peak_intensity + (sideways + upward) * (many ? 0.5 : 0.1));
      store.setEnvelope(index, { ...now, peak_intensity: peak }, gesture);
    } else if (sideways) {
      const corner = { body: 0, onset: 0, apexStart: 1, apexEnd: 2, offset: 3, peak: 0 }[handle];
      const by = (sideways * (many ? 10 : 1)) / store.fps;
      store.setEnvelope(index, moveTo(now, handle, corners(now)[corner] + by, limits()), gesture);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  shape.addEventListener("keyup", () => store.history.endGesture());
  shape.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const box = drawing.getBoundingClientRect();
    // Nothing else may keep the focus: Space would press the button that was clicked last.
    finishTyping();
    store.select(index);
    timeline.focusHandle(index, handle);
    const first = store.design.envelopes[index];
    const secondsAt = (/** @type {PointerEvent} */ at) => ((at.clientX - box.left) / box.width) * timeline.spanSeconds;
    const grabbed = secondsAt(event) - first.onset_seconds;
    const pair = apexPair(first, handle);
    timeline.dragging = true;
    // The lanes are drawn again under the pointer, so the window follows it.
    const drag = (/** @type {PointerEvent} */ at) => {
      const now = pair ? first : store.design.envelopes[index];
      const height = box.height - 2 * PAD;
      const next = handle === "peak"
        ? { ...now, peak_intensity: tidyIntensity(((box.bottom - PAD - at.clientY - 4) / height) * MAX_INTENSITY) }
        : moveTo(now, pair ? pair(secondsAt(at)) : handle, secondsAt(at) - (handle === "body" ? grabbed : 0), limits());
      store.setEnvelope(index, next, "drag");
    };
    const over = new AbortController();
    const end = () => {
      over.abort();
      timeline.dragging = false;
      store.history.endGesture();
      timeline.render();
    };
    addEventListener("pointermove", drag, { signal: over.signal });
    for (const ending of ["pointerup", "pointercancel", "blur"]) addEventListener(ending, end, { signal: over.signal });
  });
}

/**
 * Where the apex is one moment, its two handles lie on each other: the way of the drag says which is meant.
 * @param {Envelope} envelope
 * @param {Handle} handle
 * @returns {((seconds: number) => Handle) | null}
 */
function apexPair({ apex_start_seconds, apex_end_seconds }, handle) {
  if (!["apexStart", "apexEnd"].includes(handle) || apex_end_seconds - apex_start_seconds > 1e-9) return null;
  return (seconds) => (seconds < apex_start_seconds ? "apexStart" : "apexEnd");
}

/** @param {number} intensity */
export function levelText(intensity) {
  return levelOf(intensity) ? t(`level.${Math.round(intensity)}`) : t("level.0");
}
