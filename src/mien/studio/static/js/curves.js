// @ts-check
/** Measured intensities over time: behind the lanes that were made of them, or as lanes that only show. */

import { el, svg } from "./dom.js";
import { splitAu } from "./envelope.js";
import { facsName, t } from "./i18n.js";

/** @typedef {{au: string, times: number[], before: number[], after: number[] | null}} Curves */

/** @param {import("./transfer.js").Transfer} transfer @returns {Curves[]} what there is to draw, one for each AU that moves */
export function allCurves({ context, measurement, recoded, made }) {
  if (!measurement || context.tab !== "transfer") return [];
  const whole = context.mode === "whole";
  const after = (whole ? made?.intensities : recoded?.after) ?? {};
  const most = (/** @type {string} */ au) => Math.max(...["", "L", "R"].flatMap((side) => measurement.raw[splitAu(au).base + side] ?? [0]));
  return Object.entries(measurement.raw).sort(([one], [other]) => most(other) - most(one))
    .map(([au, before]) => ({ au, times: measurement.times_seconds, before, after: after[au] ?? null }));
}

/** @param {import("./transfer.js").Transfer} transfer @param {string} au */
export function curvesOf(transfer, au) {
  return allCurves(transfer).find((each) => each.au === au) ?? null;
}

/**
 * @param {Curves} curves
 * @param {(seconds: number) => number} x
 * @param {(intensity: number) => number} y
 */
export function curveLines({ times, before, after }, x, y) {
  const line = (/** @type {number[]} */ values, /** @type {string} */ which) => svg("polyline", { class: `curve ${which}`,
    points: values.map((value, i) => `${x(times[i] ?? 0).toFixed(1)},${y(value).toFixed(1)}`).join(" ") });
  return [line(before, "before"), ...(after ? [line(after, "after")] : [])];
}

/**
 * Lanes to look at, for motion that is carried as it is.
 * @param {import("./timeline.js").Timeline} timeline
 * @param {number} width px
 * @param {number} height px
 * @param {(intensity: number) => number} y
 */
export function curveRows(timeline, width, height, y) {
  const { context } = timeline;
  const x = (/** @type {number} */ seconds) => (seconds / timeline.spanSeconds) * width;
  return allCurves(context.transfer).map((curves) => {
    const { base, side } = splitAu(curves.au);
    const name = facsName(context.unit(base));
    const most = Math.max(...curves.before);
    const when = curves.times[curves.before.indexOf(most)];
    return el("div", { class: "lane", role: "listitem" },
      el("div", { class: "lane-head", on: { mouseenter: () => context.light(curves.au), mouseleave: () => context.light(null) } },
        el("span", { class: "lane-name" }, el("b", { text: base }), el("span", { text: name })),
        el("span", { class: "hint", text: t(`side.${side}`) })),
      svg("svg", { class: "lane-drawing", height, role: "img",
        "aria-label": t("curve.described", { au: curves.au, name, most: most.toFixed(1), ms: Math.round(when * 1000) }) },
      ...curveLines(curves, x, y), svg("line", { y1: 0, y2: height, class: "playhead" })));
  });
}

/** What the lines mean. */
export function legend() {
  return el("span", { class: "legend" },
    ...["before", "after"].map((which) => el("span", {},
      svg("svg", { width: 26, height: 8, "aria-hidden": "true" }, svg("line", { x1: 0, x2: 26, y1: 4, y2: 4, class: `curve ${which}` })),
      t(`curve.${which}`))));
}
