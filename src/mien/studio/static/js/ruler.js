// @ts-check
/** The ruler over the lanes: times, the clip's length, marks of the movement, and the playhead, which can be dragged. */

import { svg } from "./dom.js";
import { movement } from "./envelope.js";
import { t } from "./i18n.js";

export const RULER_HEIGHT = 28;
const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

/** @param {import("./timeline.js").Timeline} timeline */
export function makeRuler(timeline) {
  const { store, scale } = timeline;
  const ruler = svg("svg", { class: "ruler", tabindex: 0, role: "slider", "aria-label": t("timeline.playhead") });
  const seek = (/** @type {PointerEvent} */ event) => {
    store.seekFrame(Math.round(scale.secondsAt(event.clientX - ruler.getBoundingClientRect().left) * store.fps));
  };
  ruler.addEventListener("pointerdown", (event) => {
    ruler.setPointerCapture(event.pointerId);
    seek(event);
  });
  ruler.addEventListener("pointermove", (event) => event.buttons && seek(event));
  ruler.addEventListener("keydown", (event) => {
    const times = { "+": 2, "=": 2, "-": 0.5, 0: 1e-9 }[event.key];
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(by || times)) return;
    event.preventDefault();
    event.stopPropagation();
    if (times) return timeline.zoomTime(times);
    if (by) store.seekFrame(store.frame + by * (event.shiftKey ? 10 : 1));
  });
  return ruler;
}

/** @param {import("./timeline.js").Timeline} timeline */
export function drawRuler({ ruler, store, scale, context }) {
  const x = (/** @type {number} */ seconds) => scale.x(seconds);
  const { width, spanSeconds, fromSeconds } = scale;
  const stepMs = STEPS_MS.find((ms) => (ms / 1000 / spanSeconds) * width >= 56) ?? 20000;
  const parts = [];
  for (
    let ms = Math.ceil((fromSeconds * 1000) / stepMs) * stepMs;
    ms / 1000 <= fromSeconds + spanSeconds;
    ms += stepMs
  ) {
    const at = x(ms / 1000);
    parts.push(svg("line", { x1: at, x2: at, y1: 20, y2: RULER_HEIGHT, class: "tick" }));
    if (at > width - 20) continue; // the text would be cut off
    const first = at < 12;
    parts.push(
      svg("text", {
        x: at + (first ? 2 : 0),
        y: 14,
        class: "tick-text",
        "text-anchor": first ? "start" : "middle",
        text: String(ms),
      }),
    );
  }
  const [begins, ends] = [Math.max(x(0), 0), Math.min(x(store.design.duration_seconds), width)];
  parts.push(
    svg("rect", { x: begins, y: RULER_HEIGHT - 4, width: Math.max(ends - begins, 0), height: 4, class: "clip-bar" }),
  );
  const moves = movement(store.design.envelopes);
  if (moves) {
    const limit = x(moves.onset + context.about.me_limit_seconds);
    parts.push(svg("line", { x1: limit, x2: limit, y1: 17, y2: RULER_HEIGHT, class: "limit" }));
  }
  ruler.replaceChildren(...parts, ...spotted(context, x), svg("line", { y1: 0, y2: RULER_HEIGHT, class: "playhead" }));
}

/** Onset, apex and offset of the driver. @param {import("./context.js").Context} context @param {(seconds: number) => number} x */
function spotted(context, x) {
  const found = context.mode === "design" ? null : context.transfer.measurement?.spotted;
  if (!found) return [];
  return /** @type {const} */ (["onset", "apex", "offset"]).map((name) => {
    const at = x(found[`${name}_seconds`]);
    return svg(
      "path",
      { d: `M${at - 5},${RULER_HEIGHT - 12} h10 l-5,8z`, class: "spotted" },
      svg("title", { text: `${t(`curve.${name}`)}: ${Math.round(found[`${name}_seconds`] * 1000)} ${t("edit.ms")}` }),
    );
  });
}
