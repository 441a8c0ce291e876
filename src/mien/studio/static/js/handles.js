// @ts-check
/** The handles of a lane: dragged with the mouse or moved by keys, for one lane or for the ticked ones. */

import { LANE_PAD } from "./course.js";
import { CORNER_OF_HANDLE, corners, MAX_INTENSITY, moveTo, snap, tidyIntensity } from "./envelope.js";
import { shifted, summary, withIntensity } from "./expression.js";
import { inMs } from "./fields.js";
import { t } from "./i18n.js";
import { finishTyping } from "./inputs.js";
import { snappedLevel, snappedTime } from "./snapping.js";

/** @typedef {import("./types.js").Envelope} Envelope */
/** @typedef {import("./envelope.js").Handle} Handle */

/**
 * @param {SVGElement} shape
 * @param {import("./timeline.js").Timeline} timeline
 * @param {number} index of the lane
 * @param {Handle} handle
 */
export function wire(shape, timeline, index, handle) {
  const { store } = timeline;
  shape.addEventListener("focus", () => {
    store.select(index);
    timeline.showTime(timeOf(store.design.envelopes[index], handle));
  });
  shape.addEventListener("keydown", (event) => byKey(event, timeline, index, handle));
  shape.addEventListener("keyup", () => store.history.endGesture());
  shape.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    // Nothing else may keep the focus: Space would press the button that was clicked last.
    finishTyping();
    store.select(index);
    timeline.focusHandle(index, handle);
    drag(event, timeline, index, handle);
  });
}

/** The time of a handle, seconds: for the peak the middle of the apex, for the body the onset. @param {Envelope} envelope @param {Handle} handle */
export function timeOf(envelope, handle) {
  return handle === "peak"
    ? (envelope.apex_start_seconds + envelope.apex_end_seconds) / 2
    : corners(envelope)[CORNER_OF_HANDLE[handle] ?? 0];
}

/** @param {KeyboardEvent} event @param {import("./timeline.js").Timeline} timeline @param {number} index @param {Handle} handle */
function byKey(event, timeline, index, handle) {
  const { store } = timeline;
  const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const upward = { ArrowDown: -1, ArrowUp: 1 }[event.key] ?? 0;
  const peak = handle === "peak";
  if (!sideways && !(peak && upward)) return;
  const { envelopes } = store.design;
  const by = peak
    ? (sideways + upward) * (event.shiftKey ? 0.5 : 0.1)
    : (sideways * (event.shiftKey ? 10 : 1)) / store.fps;
  const wanted = (peak ? envelopes[index].peak_intensity : timeOf(envelopes[index], handle)) + by;
  put(timeline, envelopes, index, handle, wanted, `key-${index}-${handle}`);
  timeline.showTime(timeOf(store.design.envelopes[index], handle));
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Move a handle; if its lane is ticked, the other ticked lanes move along.
 * @param {import("./timeline.js").Timeline} timeline
 * @param {Envelope[]} first all lanes as they were when the gesture began
 * @param {number} index
 * @param {Handle} handle
 * @param {number} wanted seconds, or an intensity
 * @param {string} gesture
 */
function put({ store, scale }, first, index, handle, wanted, gesture) {
  const { fps, picked, together } = store;
  const lane = first[index];
  const endSeconds = scale.wholeSeconds;
  const group = picked.has(index) && picked.size > 1 ? together.map((each) => first[each]) : null;
  const now = group && summary(group);
  if (group && now && handle === "body") {
    const frames = Math.round(wanted * fps) - Math.round(lane.onset_seconds * fps);
    const [least, most] = [-now.start, endSeconds - now.end].map((seconds) => Math.round(seconds * fps));
    store.setGroup(shifted(group, Math.min(Math.max(frames, least), most), fps), gesture);
  } else if (group && now && handle === "peak" && lane.peak_intensity > 0) {
    store.setGroup(
      withIntensity(group, Math.min((now.intensity * Math.max(wanted, 0.01)) / lane.peak_intensity, MAX_INTENSITY)),
      gesture,
    );
  } else if (handle === "peak") store.setEnvelope(index, { ...lane, peak_intensity: tidyIntensity(wanted) }, gesture);
  else store.setEnvelope(index, moveTo(lane, handle, wanted, { fps, endSeconds }), gesture);
}

/** @param {PointerEvent} event @param {import("./timeline.js").Timeline} timeline @param {number} index @param {Handle} handle */
function drag(event, timeline, index, handle) {
  const { context, store, scale } = timeline;
  const first = store.design.envelopes;
  const lane = first[index];
  const { element, top } = timeline.rows[index].course;
  const box = element.getBoundingClientRect();
  const secondsAt = (/** @type {PointerEvent} */ at) => scale.secondsAt(at.clientX - box.left);
  const grabbed = secondsAt(event) - lane.onset_seconds;
  const pair = apexPair(lane, handle);
  const others = first.filter((_, each) => each !== index && !(store.picked.has(index) && store.picked.has(each)));
  timeline.dragging = context.editing = true;
  context.light(null);
  const move = (/** @type {PointerEvent} */ at) => {
    const held = pair ? pair(secondsAt(at)) : handle;
    let wanted = secondsAt(at);
    if (handle === "peak") {
      const height = box.height - 2 * LANE_PAD;
      wanted = ((box.bottom - LANE_PAD - at.clientY - 4) / height) * top;
      if (!at.altKey) wanted = snappedLevel(wanted, height / top);
    } else if (handle === "body") {
      wanted -= grabbed;
      if (!at.altKey) wanted = snappedBody(wanted, lane, others, scale);
    } else if (!at.altKey) wanted = snappedTime(wanted, others.flatMap(corners), scale);
    put(timeline, first, index, held, wanted, "drag");
    timeline.readout.show(at, readoutText(store.design.envelopes[index], held, store.fps));
  };
  const over = new AbortController();
  const end = () => {
    over.abort();
    timeline.dragging = context.editing = false;
    timeline.readout.hide();
    store.history.endGesture();
    timeline.render();
    context.stage?.settle();
  };
  addEventListener("pointermove", move, { signal: over.signal });
  for (const ending of ["pointerup", "pointercancel", "blur"]) addEventListener(ending, end, { signal: over.signal });
}

/**
 * The onset at which a corner of the movement meets a corner of another lane, if one is near.
 * @param {number} onset
 * @param {Envelope} lane
 * @param {Envelope[]} others
 * @param {import("./time_scale.js").TimeScale} scale
 */
function snappedBody(onset, lane, others, scale) {
  const candidates = others.flatMap(corners);
  const moved = corners(lane).map((time) => time - lane.onset_seconds + onset);
  const by = moved.map((time) => snappedTime(time, candidates, scale) - time).filter((each) => each !== 0);
  return onset + (by.sort((one, other) => Math.abs(one) - Math.abs(other))[0] ?? 0);
}

/** @param {Envelope} envelope @param {Handle} handle @param {number} fps */
function readoutText(envelope, handle, fps) {
  if (handle === "peak")
    return t("drag.peak", { value: envelope.peak_intensity, level: t(`level.${Math.round(envelope.peak_intensity)}`) });
  const seconds = snap(timeOf(envelope, handle), fps);
  return t("edit.atFrame", { ms: inMs(seconds), frame: Math.round(seconds * fps) + 1 });
}

/**
 * If the apex is a single moment, its two handles cover each other: the direction of the drag says which one is meant.
 * @param {Envelope} envelope
 * @param {Handle} handle
 * @returns {((seconds: number) => Handle) | null}
 */
function apexPair({ apex_start_seconds, apex_end_seconds }, handle) {
  if (!["apexStart", "apexEnd"].includes(handle) || apex_end_seconds - apex_start_seconds > 1e-9) return null;
  return (seconds) => (seconds < apex_start_seconds ? "apexStart" : "apexEnd");
}
