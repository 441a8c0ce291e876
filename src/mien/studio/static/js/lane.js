// @ts-check
/** One lane: the name and side of its AU, and its curve. */

import { Course } from "./course.js";
import { el, set } from "./dom.js";
import { joinAu, levelOf, MAX_INTENSITY, splitAu } from "./envelope.js";
import { facsName, t } from "./i18n.js";
import { finishTyping, show } from "./inputs.js";

/** @typedef {import("./types.js").Envelope} Envelope */

/**
 * @param {import("./context.js").Context} context
 * @param {string} base the unit without its side
 * @param {number} index
 */
function laneHead(context, base, index) {
  const { store } = context;
  const unit = context.unit(base);
  const now = () => store.design.envelopes[index];
  const side = el(
    "select",
    {
      "aria-label": t("side.label", { au: base }),
      disabled: !unit.sided,
      title: unit.sided ? null : t("side.whyNot", { au: base }),
      on: { change: () => store.setEnvelope(index, { ...now(), au: joinAu(base, /** @type {any} */ (side.value)) }) },
    },
    ...["both", "left", "right"].map((each) => el("option", { value: each, text: t(`side.${each}`) })),
  );
  const pick = el("input", {
    type: "checkbox",
    "aria-label": t("all.pick", { au: base }),
    title: t("all.pick", { au: base }),
    dataset: { pick: index },
    on: { change: () => store.pick(index, pick.checked) },
  });
  const top = el("span", { class: "hint row-top", title: t("curve.top") });
  const element = el(
    "div",
    {
      class: "lane-head",
      title: `${facsName(unit)}\n${unit.muscle}`,
      on: {
        pointerdown: (/** @type {PointerEvent} */ event) => {
          finishTyping();
          context.light(null);
          store.select(index);
          const inControl = /** @type {Element} */ (event.target).closest("input, select");
          if ((event.ctrlKey || event.metaKey || event.shiftKey) && !inControl)
            store.pick(index, !store.picked.has(index));
        },
        // Somebody who edits by keys judges the picture, so a resting mouse must light nothing.
        mouseenter: () => {
          if (!document.activeElement?.matches(".handle, .timeline input, .timeline select")) context.light(now().au);
        },
        mouseleave: () => context.light(null),
      },
    },
    pick,
    el("span", { class: "lane-name" }, el("b", { text: base }), el("span", { text: facsName(unit) })),
    top,
    side,
  );
  return { element, side, pick, top };
}

/** One lane. Its elements stay when it shows another envelope, so that a control in it keeps the focus. */
export class Lane {
  /** @param {import("./timeline.js").Timeline} timeline @param {string} base @param {number} index */
  constructor(timeline, base, index) {
    this.timeline = timeline;
    this.base = base;
    this.index = index;
    this.head = laneHead(timeline.context, base, index);
    this.course = new Course(timeline, index);
    this.element = el("div", { class: "lane", role: "listitem" }, this.head.element, this.course.element);
  }

  /** @param {Envelope} envelope */
  update(envelope) {
    const { store } = this.timeline;
    set(this.element, { "aria-current": this.index === store.selected ? "true" : null });
    this.head.pick.checked = store.picked.has(this.index);
    show(this.head.side, splitAu(envelope.au).side);
    this.course.draw(envelope);
    const { top } = this.course;
    set(this.head.top, { hidden: top === MAX_INTENSITY });
    this.head.top.textContent = String(top);
  }
}

/** The short name of the level nearest to an intensity. @param {number} intensity */
export function levelText(intensity) {
  return t(`levelShort.${levelOf(intensity) || 0}`);
}
