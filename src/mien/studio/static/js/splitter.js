// @ts-check
/** The bar between picture and timeline: dragged, or moved by the arrow keys. Its position is remembered. */

import { el } from "./dom.js";
import { t } from "./i18n.js";

const KEPT_AS = "mien-split";
/** Usual width of the picture, percent of the page's width. */
const USUAL = 36;
const LEAST = 20;
const MOST = 70;
const STEP = 2;

/** @param {AbortSignal} signal of the page that it is on */
export function splitter(signal) {
  const bar = el("div", {
    class: "splitter",
    role: "separator",
    tabindex: 0,
    "aria-orientation": "vertical",
    "aria-label": t("split.label"),
    title: t("split.label"),
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
    "aria-controls": "stage-place",
    on: {
      dblclick: () => put(USUAL),
      pointerdown: (/** @type {PointerEvent} */ event) => {
        event.preventDefault();
        bar.focus();
        const over = new AbortController();
        const grabbed = event.clientX - bar.getBoundingClientRect().left;
        addEventListener("pointermove", (at) => put(share(at.clientX - grabbed)), { signal: over.signal });
        for (const ending of ["pointerup", "pointercancel", "blur"])
          addEventListener(ending, () => over.abort(), { signal: over.signal });
        signal.addEventListener("abort", () => over.abort());
      },
      keydown: (/** @type {KeyboardEvent} */ event) => {
        const to = { ArrowLeft: now - STEP, ArrowRight: now + STEP, Home: LEAST, End: MOST, Enter: USUAL }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        put(to);
      },
    },
  });
  let now = USUAL;
  const share = (/** @type {number} */ x) => {
    const box = /** @type {HTMLElement} */ (bar.parentElement).getBoundingClientRect();
    return (100 * (x - box.left)) / box.width;
  };
  const put = (/** @type {number} */ percent) => {
    now = Math.round(Math.min(Math.max(percent, LEAST), MOST) * 10) / 10;
    document.documentElement.style.setProperty("--split", `${now}%`);
    bar.setAttribute("aria-valuenow", String(Math.round(now)));
    localStorage.setItem(KEPT_AS, String(now));
  };
  put(Number(localStorage.getItem(KEPT_AS)) || USUAL);
  return bar;
}
