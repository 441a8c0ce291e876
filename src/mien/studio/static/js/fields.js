// @ts-check
/** The selected lane in numbers. */

import { el, field } from "./dom.js";
import { corners, tidyIntensity, typeCorner } from "./envelope.js";
import { t } from "./i18n.js";
import { show } from "./inputs.js";
import { levelText } from "./lane.js";

/** @typedef {import("./types.js").Envelope} Envelope */

const NAMES = ["onset", "apexStart", "apexEnd", "offset"];

export class Fields {
  /** @param {import("./context.js").Context} context */
  constructor({ store }) {
    this.store = store;
    this.element = el("div", { class: "fields" });
    /** Which lane they show, so that nothing typed for one reaches another. @type {string | null} */
    this.shown = null;
    const change = (/** @type {(envelope: Envelope) => Envelope} */ to) => {
      if (store.envelope) store.setEnvelope(store.selected, to(store.envelope));
    };
    this.name = el("b", { class: "fields-name" });
    this.times = NAMES.map((name, corner) => {
      const input = el("input", { type: "number", class: "number", min: 0, step: "any", dataset: { field: name }, on: { change: () => {
        const typed = Number(input.value);
        if (input.value && typed >= 0 && typed <= 60000) change((envelope) => typeCorner(envelope, corner, typed / 1000, store.fps));
        else this.update();
      } } });
      return input;
    });
    const peak = el("input", { type: "number", class: "number", min: 0, max: 5, step: 0.1, dataset: { field: "peak" },
      on: { change: () => {
        if (peak.value) change((envelope) => ({ ...envelope, peak_intensity: tidyIntensity(Number(peak.value)) }));
        else this.update();
      } } });
    const shape = el("select", { on: { change: () => change((envelope) => ({ ...envelope, shape: /** @type {any} */ (shape.value) })) } },
      ...["minimum_jerk", "smooth", "linear"].map((each) => el("option", { value: each, text: t(`shape.${each}`) })));
    this.peak = peak;
    this.shape = shape;
    this.level = el("span", { class: "level-text" });
    this.all = [this.name, ...this.times.map((input, corner) => field(t(`edit.${NAMES[corner]}`), input, t("edit.ms"))),
      field(t("edit.shape"), shape), field(t("edit.peak"), peak), this.level];
  }

  /** Show the lane that is selected, in the same controls: made anew they would lose the focus. */
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
