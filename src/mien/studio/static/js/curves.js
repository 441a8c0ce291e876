// @ts-check
/** Measured intensities over time: behind the lanes made from them, or as rows that cannot be edited. */

import { el, svg } from "./dom.js";
import { splitAu } from "./envelope.js";
import { facsName, t } from "./i18n.js";

/** @typedef {{au: string, times: number[], before: number[] | null, after: number[] | null, result: {times: number[], values: number[]} | null}} Curves measured, re-encoded, and measured in the result */

const ROW_PAD = 8;
/** The upper edge of a row is never below this intensity. */
const LEAST_TOP = 0.5;

/** A line with more points than this looks the same. */
const MOST_POINTS = 1500;

/** The measured and the re-encoded curves. @param {import("./transfer.js").Transfer} transfer */
function courses(transfer) {
  const { context, measurement, recoded, made } = transfer;
  if (!measurement || context.tab !== "transfer") return null;
  // With a portrait, a few more units drive its rig than were measured in the clip.
  const { before, times_seconds: times } = recoded ?? {
    before: measurement.raw,
    times_seconds: measurement.times_seconds,
  };
  return {
    times,
    before,
    result: transfer.comparison.now,
    after: (context.mode === "whole" ? made?.intensities : recoded?.after) ?? {},
  };
}

/**
 * Return the curves of each AU that moves before or after re-encoding, the strongest first, the sides of an AU together.
 * @param {import("./transfer.js").Transfer} transfer
 * @returns {Curves[]}
 */
export function allCurves(transfer) {
  const found = courses(transfer);
  if (!found) return [];
  const { times, before, after, result } = found;
  const aus = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const peaks = Object.fromEntries(aus.map((au) => [au, Math.max(0, ...(before[au] ?? []), ...(after[au] ?? []))]));
  const most = (/** @type {string} */ au) =>
    Math.max(...["", "L", "R"].map((side) => peaks[splitAu(au).base + side] ?? 0));
  const { least } = transfer.encoding;
  return aus
    .filter((au) => peaks[au] > 0 && most(au) >= least)
    .sort((one, other) => most(other) - most(one))
    .map((au) => ({ au, times, before: before[au] ?? null, after: after[au] ?? null, result: inResult(result, au) }));
}

/** @param {import("./transfer.js").Transfer} transfer @param {string} au @returns {Curves | null} */
export function curvesOf(transfer, au) {
  const found = courses(transfer);
  if (!found || !(au in found.before || au in found.after)) return null;
  return {
    au,
    times: found.times,
    before: found.before[au] ?? null,
    after: found.after[au] ?? null,
    result: inResult(found.result, au),
  };
}

/** @param {import("./comparison.js").Compared | null} result @param {string} au @returns {Curves["result"]} */
function inResult(result, au) {
  return result?.raw[au] ? { times: result.times_seconds, values: result.raw[au] } : null;
}

/**
 * @param {Curves} curves
 * @param {(seconds: number) => number} x
 * @param {(intensity: number) => number} y
 */
export function curveLines({ times: shared, before, after, result }, x, y) {
  const line = (/** @type {number[]} */ values, /** @type {string} */ which, times = shared) => {
    const step = Math.ceil(values.length / MOST_POINTS);
    const shown = [...values.keys()].filter((i) => i % step === 0 && i < times.length);
    return svg("polyline", {
      class: `curve ${which}`,
      points: shown.map((i) => `${x(times[i]).toFixed(1)},${y(values[i]).toFixed(1)}`).join(" "),
    });
  };
  return [
    ...(before ? [line(before, "before")] : []),
    ...(after ? [line(after, "after")] : []),
    ...(result ? [line(result.values, "result", result.times)] : []),
  ];
}

/**
 * Rows of curves that cannot be edited, for motion that is transferred whole.
 * @param {import("./timeline.js").Timeline} timeline
 * @param {number} height px
 */
export function curveRows(timeline, height) {
  const { context } = timeline;
  const x = (/** @type {number} */ seconds) => timeline.scale.x(seconds);
  return allCurves(context.transfer).map((curves) => {
    const { base, side } = splitAu(curves.au);
    const name = facsName(context.unit(base));
    const shown = curves.after ?? curves.before ?? [];
    // Each row has its own scale, with its largest intensity written beside it, so that weak movement is visible too.
    const top = Math.max(...shown, ...(curves.before ?? []), ...(curves.result?.values ?? []), LEAST_TOP);
    const y = (/** @type {number} */ intensity) => height - ROW_PAD - (intensity / top) * (height - 2 * ROW_PAD);
    const most = Math.max(...shown);
    const when = curves.times[shown.indexOf(most)] ?? 0;
    return el(
      "div",
      { class: "lane", role: "listitem" },
      el(
        "div",
        {
          class: "lane-head",
          on: { mouseenter: () => context.light(curves.au), mouseleave: () => context.light(null) },
        },
        el("span", { class: "lane-name" }, el("b", { text: base }), el("span", { text: name })),
        el("span", { class: "hint", text: t(`side.${side}`) }),
        el("span", { class: "hint row-top", text: top.toFixed(1), title: t("curve.top") }),
      ),
      svg(
        "svg",
        {
          class: "lane-drawing",
          height,
          role: "img",
          "aria-label": t("curve.described", {
            au: curves.au,
            name,
            most: most.toFixed(1),
            ms: Math.round(when * 1000),
          }),
        },
        ...curveLines(curves, x, y),
        svg("line", { y1: 0, y2: height, class: "playhead" }),
      ),
    );
  });
}

/** What the lines and marks mean. @param {import("./transfer.js").Transfer} transfer */
export function legend(transfer) {
  const curves = allCurves(transfer);
  const line = (/** @type {string} */ which) => svg("line", { x1: 0, x2: 22, y1: 4, y2: 4, class: `curve ${which}` });
  /** @type {[string, boolean, SVGElement][]} */
  const marks = [
    ["before", curves.some(({ before }) => before), line("before")],
    ["after", curves.some(({ after }) => after), line("after")],
    ["result", curves.some(({ result }) => result), line("result")],
    [
      "spotted",
      Boolean(curves.length && transfer.measurement?.spotted),
      svg("path", { d: "M6,0 h10 l-5,8z", class: "spotted" }),
    ],
  ];
  return marks
    .filter(([, there]) => there)
    .map(([which, , mark]) =>
      el("span", {}, svg("svg", { width: 22, height: 8, "aria-hidden": "true" }, mark), t(`curve.${which}`)),
    );
}
