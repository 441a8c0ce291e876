// @ts-check
/** The selected lane in numbers. */

import { cell, el } from "./dom.js";
import { cornerRange, corners, MAX_INTENSITY, snap, withCorners } from "./envelope.js";
import { quietAt, refuseAt, sayAt } from "./field_error.js";
import { t } from "./i18n.js";
import { decimalBox, show } from "./inputs.js";
import { levelText } from "./lane.js";
import { typedIntensity, typedNumber } from "./typed.js";

/** @typedef {import("./types.js").Envelope} Envelope */

const NAMES = ["onset", "apexStart", "apexEnd", "offset"];

/** Seconds as the fields show them. @param {number} seconds */
export const inMs = (seconds) => Math.round(seconds * 1e4) / 10;

export class Fields {
  /** @param {import("./context.js").Context} context */
  constructor({ store }) {
    this.store = store;
    this.element = el("div", { class: "fields" });
    /** The lane that the fields show, so that a value typed for one lane does not reach another. @type {string | null} */
    this.shown = null;
    this.name = el("b", { class: "fields-name" });
    this.times = NAMES.map((name, corner) => {
      const input = decimalBox({ dataset: { field: name } }, 1, (text) => this.#takeTime(input, corner, text));
      return input;
    });
    const peak = decimalBox({ dataset: { field: "peak" } }, 0.1, (text) => this.#takePeak(peak, text));
    const shape = el(
      "select",
      {
        dataset: { field: "shape" },
        title: t("shape.help"),
        on: { change: () => this.#change((envelope) => ({ ...envelope, shape: /** @type {any} */ (shape.value) })) },
      },
      ...["minimum_jerk", "smooth", "linear"].map((each) => el("option", { value: each, text: t(`shape.${each}`) })),
    );
    this.peak = peak;
    this.shape = shape;
    this.level = el("span", { class: "level-text" });
    this.all = [
      this.name,
      ...this.times.map((input, corner) => cell(t(`edit.${NAMES[corner]}`), input, t("edit.ms"))),
      cell(t("edit.peak"), peak),
      cell(t("edit.shape"), shape),
      this.level,
    ];
  }

  /** @param {(envelope: Envelope) => Envelope} to */
  #change(to) {
    const { store } = this;
    if (store.envelope) store.setEnvelope(store.selected, to(store.envelope));
  }

  /** @param {HTMLInputElement} input @param {number} corner @param {string} text */
  #takeTime(input, corner, text) {
    const { envelope, fps, design } = this.store;
    if (!envelope) return;
    const typed = typedNumber(text);
    const { least, most } = cornerRange(envelope, corner, {
      fps,
      endSeconds: Math.max(design.duration_seconds, envelope.offset_seconds),
    });
    const near = typed === null ? -1 : snap(typed / 1000, fps);
    if (typed === null || near < least - 1e-9 || near > most + 1e-9) {
      this.update();
      if (text)
        refuseAt(
          input,
          t("edit.badTime", {
            name: t(`edit.${NAMES[corner]}`),
            least: inMs(least),
            most: inMs(most),
            between: t(`edit.${NAMES[corner]}Between`),
            typed: text,
          }),
        );
      return;
    }
    this.#change((now) =>
      withCorners(
        now,
        corners(now).map((time, index) => (index === corner ? near : time)),
      ),
    );
    this.update();
    if (inMs(near) !== typed) sayAt(input, t("edit.nearest", { typed: text, ms: inMs(near) }));
  }

  /** @param {HTMLInputElement} input @param {string} text */
  #takePeak(input, text) {
    const peak_intensity = typedIntensity(text);
    if (peak_intensity !== null) this.#change((now) => ({ ...now, peak_intensity }));
    this.update();
    if (peak_intensity === null && text) refuseAt(input, t("edit.badPeak", { most: MAX_INTENSITY, typed: text }));
  }

  /** Show the selected lane in the same controls: new ones would not have the focus. */
  update() {
    const { envelope, selected, design } = this.store;
    for (const input of [...this.times, this.peak]) quietAt(input);
    if (!envelope) {
      this.shown = null;
      this.element.replaceChildren(
        ...(design.envelopes.length ? [el("p", { class: "empty", text: t("edit.none") })] : []),
      );
      return;
    }
    if (this.shown === null) this.element.replaceChildren(...this.all);
    const lane = `${selected} ${envelope.au}`;
    const put =
      lane === this.shown
        ? show
        : (/** @type {HTMLInputElement | HTMLSelectElement} */ control, /** @type {string} */ value) => {
            control.value = value;
          };
    this.shown = lane;
    this.name.textContent = envelope.au;
    for (const [corner, seconds] of corners(envelope).entries()) put(this.times[corner], String(inMs(seconds)));
    put(this.peak, String(envelope.peak_intensity));
    put(this.shape, envelope.shape);
    this.level.textContent = levelText(envelope.peak_intensity);
  }
}
