// @ts-check
/** Measured intensities over time: behind the lanes that were made of them, or as lanes that only show. */

import { el, svg } from "./dom.js";
import { splitAu } from "./envelope.js";
import { facsName, t } from "./i18n.js";

/** @typedef {{au: string, times: number[], before: number[] | null, after: number[] | null}} Curves */

/** A line of more points than this looks no different. */
const MOST_POINTS = 1500;

/** What was measured and what was made of it. @param {import("./transfer.js").Transfer} transfer */
function courses({ context, measurement, recoded, made }) {
  if (!measurement || context.tab !== "transfer") return null;
  // With a portrait, the units that drive its rig are a few more than were measured of the clip.
  const { before, times_seconds: times } = recoded ?? { before: measurement.raw, times_seconds: measurement.times_seconds };
  return { times, before, after: (context.mode === "whole" ? made?.intensities : recoded?.after) ?? {} };
}

/**
 * What there is to draw, one for each AU that moves before or after, the strongest first, sides together.
 * @param {import("./transfer.js").Transfer} transfer
 * @returns {Curves[]}
 */
export function allCurves(transfer) {
  const found = courses(transfer);
  if (!found) return [];
  const { times, before, after } = found;
  const aus = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const peaks = Object.fromEntries(aus.map((au) => [au, Math.max(0, ...(before[au] ?? []), ...(after[au] ?? []))]));
  const most = (/** @type {string} */ au) => Math.max(...["", "L", "R"].map((side) => peaks[splitAu(au).base + side] ?? 0));
  return aus.filter((au) => peaks[au] > 0).sort((one, other) => most(other) - most(one))
    .map((au) => ({ au, times, before: before[au] ?? null, after: after[au] ?? null }));
}

/** @param {import("./transfer.js").Transfer} transfer @param {string} au @returns {Curves | null} */
export function curvesOf(transfer, au) {
  const found = courses(transfer);
  if (!found || !(au in found.before || au in found.after)) return null;
  return { au, times: found.times, before: found.before[au] ?? null, after: found.after[au] ?? null };
}

/**
 * @param {Curves} curves
 * @param {(seconds: number) => number} x
 * @param {(intensity: number) => number} y
 */
export function curveLines({ times, before, after }, x, y) {
  const line = (/** @type {number[]} */ values, /** @type {string} */ which) => {
    const step = Math.ceil(values.length / MOST_POINTS);
    const shown = [...values.keys()].filter((i) => i % step === 0 && i < times.length);
    return svg("polyline", { class: `curve ${which}`,
      points: shown.map((i) => `${x(times[i]).toFixed(1)},${y(values[i]).toFixed(1)}`).join(" ") });
  };
  return [...(before ? [line(before, "before")] : []), ...(after ? [line(after, "after")] : [])];
}

/**
 * Lanes to look at, for motion that is carried as it is.
 * @param {import("./timeline.js").Timeline} timeline
 * @param {number} height px
 * @param {(intensity: number) => number} y
 */
export function curveRows(timeline, height, y) {
  const { context } = timeline;
  const x = (/** @type {number} */ seconds) => timeline.scale.x(seconds);
  return allCurves(context.transfer).map((curves) => {
    const { base, side } = splitAu(curves.au);
    const name = facsName(context.unit(base));
    const shown = curves.after ?? curves.before ?? [];
    const most = Math.max(...shown);
    const when = curves.times[shown.indexOf(most)] ?? 0;
    return el("div", { class: "lane", role: "listitem" },
      el("div", { class: "lane-head", on: { mouseenter: () => context.light(curves.au), mouseleave: () => context.light(null) } },
        el("span", { class: "lane-name" }, el("b", { text: base }), el("span", { text: name })),
        el("span", { class: "hint", text: t(`side.${side}`) })),
      svg("svg", { class: "lane-drawing", height, role: "img",
        "aria-label": t("curve.described", { au: curves.au, name, most: most.toFixed(1), ms: Math.round(when * 1000) }) },
      ...curveLines(curves, x, y), svg("line", { y1: 0, y2: height, class: "playhead" })));
  });
}

/** What the lines and marks mean. @param {import("./transfer.js").Transfer} transfer */
export function legend(transfer) {
  const curves = allCurves(transfer);
  const line = (/** @type {string} */ which) => svg("line", { x1: 0, x2: 22, y1: 4, y2: 4, class: `curve ${which}` });
  /** @type {[string, boolean, SVGElement][]} */
  const marks = [["before", curves.some(({ before }) => before), line("before")], ["after", curves.some(({ after }) => after), line("after")],
    ["spotted", Boolean(curves.length && transfer.measurement?.spotted), svg("path", { d: "M6,0 h10 l-5,8z", class: "spotted" })]];
  return marks.filter(([, there]) => there).map(([which, , mark]) => el("span", {},
    svg("svg", { width: 22, height: 8, "aria-hidden": "true" }, mark), t(`curve.${which}`)));
}
