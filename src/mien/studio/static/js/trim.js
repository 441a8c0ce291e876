// @ts-check
/** Trim the film by dragging two handles on a bar that shows how much the face moves, and when most. */

import { button, el, svg } from "./dom.js";
import { t } from "./i18n.js";

const WIDTH = 340;
const HEIGHT = 44;
/** For films longer than this, a cut around the strongest moment is offered. */
const LONG_SECONDS = 2;
const AROUND_SECONDS = 0.6;

/** @param {import("./context.js").Context} context */
export function trimBar(context) {
  const { transfer } = context;
  const clip = /** @type {import("./types.js").Clip} */ (transfer.clip);
  // Times as in the cut: a typed frame rate replaces the file's time stamps.
  const { overview } = transfer;
  const total = Math.max(clip.duration_seconds, overview?.times.at(-1) ?? 0);
  const { cut } = transfer;
  const x = (/** @type {number} */ seconds) => (seconds / total) * WIDTH;
  const ms = (/** @type {number} */ seconds) => Math.round(seconds * 1000);
  /** @type {{start: number, end: number}} */
  const now = { start: cut.start_seconds ?? 0, end: Math.min(cut.end_seconds ?? total, total) };
  const least = Math.min(total, Math.max((total / clip.frames) * 4, 0.04));
  const kept = svg("rect", { y: 0, height: HEIGHT, class: "trim-kept" });
  const said = el("small", { class: "trim-said", role: "status" });
  const drawing = svg(
    "svg",
    {
      class: "trim",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "group",
      "aria-label": t("trim.title"),
    },
    kept,
  );
  if (overview) {
    const most = Math.max(...overview.sums);
    const points = overview.times.map(
      (time, i) => `${x(time).toFixed(1)},${(HEIGHT - 3 - (overview.sums[i] / most) * (HEIGHT - 12)).toFixed(1)}`,
    );
    drawing.append(
      svg("polyline", { class: "curve before", points: points.join(" ") }),
      svg(
        "path",
        { class: "spotted strongest", d: `M${x(overview.strongest) - 5},0 h10 l-5,8z` },
        svg("title", {}, t("trim.strongest", { ms: ms(overview.strongest) })),
      ),
    );
  }
  const show = () => {
    kept.setAttribute("x", String(x(now.start)));
    kept.setAttribute("width", String(x(now.end) - x(now.start)));
    for (const which of /** @type {("start" | "end")[]} */ (["start", "end"])) {
      handles[which].setAttribute("x", String(x(now[which]) - 4));
      handles[which].setAttribute("aria-valuenow", String(ms(now[which])));
      handles[which].setAttribute("aria-valuetext", `${ms(now[which])} ms`);
    }
    said.textContent = t("trim.said", { from: ms(now.start), to: ms(now.end), all: ms(total) });
  };
  /** @param {"start" | "end"} which @param {number} seconds */
  const put = (which, seconds) => {
    now[which] =
      which === "start"
        ? Math.min(Math.max(seconds, 0), now.end - least)
        : Math.max(Math.min(seconds, total), now.start + least);
    show();
  };
  /** Measure the chosen part. */
  const take = () => {
    const start = now.start > 1e-6 ? Math.round(now.start * 1e4) / 1e4 : null;
    const end = now.end < total - 1e-6 ? Math.round(now.end * 1e4) / 1e4 : null;
    if (start === cut.start_seconds && end === cut.end_seconds) return;
    Object.assign(cut, { start_seconds: start, end_seconds: end });
    void transfer.measureAgain();
  };
  const handle = (/** @type {"start" | "end"} */ which) => {
    const shape = svg("rect", {
      y: 0,
      width: 8,
      height: HEIGHT,
      rx: 3,
      class: "trim-handle",
      tabindex: 0,
      role: "slider",
      "aria-label": t(`trim.${which}`),
      "aria-valuemin": 0,
      "aria-valuemax": ms(total),
      "data-trim": which,
      "data-key": `trim-${which}`,
    });
    shape.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const box = drawing.getBoundingClientRect();
      const over = new AbortController();
      const from = now[which]; // the handle moves as far as the pointer, wherever it was grabbed
      addEventListener("pointermove", (at) => put(which, from + ((at.clientX - event.clientX) / box.width) * total), {
        signal: over.signal,
      });
      for (const ending of ["pointerup", "pointercancel"])
        addEventListener(
          ending,
          () => {
            over.abort();
            take();
          },
          { signal: over.signal },
        );
    });
    shape.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === "Enter") take();
      if (!by) return;
      event.preventDefault();
      put(which, now[which] + (by * (event.shiftKey ? 10 : 1) * total) / clip.frames);
    });
    shape.addEventListener("blur", () => take());
    return shape;
  };
  const handles = { start: handle("start"), end: handle("end") };
  drawing.append(handles.start, handles.end);
  show();
  const around =
    overview &&
    total > LONG_SECONDS &&
    button(
      t("trim.around", { ms: ms(overview.strongest) }),
      () => {
        now.start = Math.max(0, overview.strongest - AROUND_SECONDS);
        now.end = Math.min(total, overview.strongest + AROUND_SECONDS);
        show();
        take();
      },
      { dataset: { action: "trim-around", key: "trim-around" } },
    );
  const all =
    (cut.start_seconds !== null || cut.end_seconds !== null) &&
    button(
      t("trim.all"),
      () => {
        Object.assign(now, { start: 0, end: total });
        show();
        take();
      },
      { dataset: { action: "trim-all", key: "trim-all" } },
    );
  return el("div", { class: "stack trim-box" }, drawing, el("div", { class: "row" }, said, around, all));
}
