// @ts-check
/** The selected lane in numbers. */

import { el, field } from "./dom.js";
import { corners, MAX_INTENSITY, tidyIntensity, typeCorner } from "./envelope.js";
import { t } from "./i18n.js";
import { decimalBox, show, typedNumber } from "./inputs.js";
import { levelText } from "./lane.js";
import { MAX_DURATION_SECONDS } from "./store.js";

/** @typedef {import("./types.js").Envelope} Envelope */

const NAMES = ["onset", "apexStart", "apexEnd", "offset"];

export class Fields {
  /** @param {import("./context.js").Context} context */
  constructor({ store, notices }) {
    this.store = store;
    this.element = el("div", { class: "fields" });
    /** Which lane they show, so that nothing typed for one reaches another. @type {string | null} */
    this.shown = null;
    const change = (/** @type {(envelope: Envelope) => Envelope} */ to) => {
      if (store.envelope) store.setEnvelope(store.selected, to(store.envelope));
    };
    this.name = el("b", { class: "fields-name" });
    this.times = NAMES.map((name, corner) => {
      const most = MAX_DURATION_SECONDS * 1000;
      return decimalBox({ dataset: { field: name } }, 1, (text) => {
        const typed = typedNumber(text);
        if (typed !== null && typed >= 0 && typed <= most) return change((envelope) => typeCorner(envelope, corner, typed / 1000, store.fps));
        this.update();
        if (text) notices.refuse(t("edit.badTime", { name: t(`edit.${name}`), most, typed: text }));
      });
    });
    const peak = decimalBox({ dataset: { field: "peak" } }, 0.1, (text) => {
      const typed = typedNumber(text);
      if (typed !== null) change((envelope) => ({ ...envelope, peak_intensity: tidyIntensity(typed) }));
      this.update();
      if (typed === null && text) notices.refuse(t("edit.badPeak", { most: MAX_INTENSITY, typed: text }));
      else if (typed !== null && (typed < 0 || typed > MAX_INTENSITY)) notices.refuse(t("edit.clamped", { most: MAX_INTENSITY, typed: text, taken: tidyIntensity(typed) }));
    });
    const shape = el("select", { on: { change: () => change((envelope) => ({ ...envelope, shape: /** @type {any} */ (shape.value) })) } },
      ...["minimum_jerk", "smooth", "linear"].map((each) => el("option", { value: each, text: t(`shape.${each}`) })));
    this.peak = peak;
    this.shape = shape;
    this.level = el("span", { class: "level-text" });
    this.all = [this.name, ...this.times.map((input, corner) => field(t(`edit.${NAMES[corner]}`), input, t("edit.ms"))),
      field(t("edit.shape"), shape), field(t("edit.peak"), peak), this.level];
  }

  /** Show the lane that is selected, in the same controls: made again they would lose the focus. */
  update() {
    const { envelope, selected, design } = this.store;
    if (!envelope) {
      this.shown = null;
      this.element.replaceChildren(...(design.envelopes.length ? [el("p", { class: "empty", text: t("edit.none") })] : []));
      return;
    }
    if (this.shown === null) this.element.replaceChildren(...this.all);
    const lane = `${selected} ${envelope.au}`;
    const put = lane === this.shown ? show
      : (/** @type {HTMLInputElement | HTMLSelectElement} */ control, /** @type {string} */ value) => { control.value = value; };
    this.shown = lane;
    this.name.textContent = envelope.au;
    corners(envelope).forEach((seconds, corner) => put(this.times[corner], String(Math.round(seconds * 1e4) / 10)));
    put(this.peak, String(envelope.peak_intensity));
    put(this.shape, envelope.shape);
    this.level.textContent = levelText(envelope.peak_intensity);
  }
}
