// @ts-check
/** The selected lane in numbers. */

import { el, field } from "./dom.js";
import { corners, tidyIntensity, typeCorner } from "./envelope.js";
import { t } from "./i18n.js";
import { levelText } from "./lane.js";

const NAMES = ["onset", "apexStart", "apexEnd", "offset"];

/** @param {import("./context.js").Context} context */
export function fields({ store }) {
  const { envelope, selected } = store;
  if (!envelope) return store.design.envelopes.length ? [el("p", { class: "empty", text: t("edit.none") })] : [];
  const times = corners(envelope).map((seconds, corner) => {
    const input = el("input", { type: "number", class: "number", min: 0, step: "any", dataset: { field: NAMES[corner] },
      value: String(Math.round(seconds * 1e4) / 10), on: { change: () => {
        const typed = Number(input.value);
        if (input.value && typed >= 0 && typed <= 60000) {
          store.setEnvelope(selected, typeCorner(envelope, corner, typed / 1000, store.fps));
        } else store.tell("design");
      } } });
    return field(t(`edit.${NAMES[corner]}`), input, t("edit.ms"));
  });
  const peak = el("input", { type: "number", class: "number", min: 0, max: 5, step: 0.1, dataset: { field: "peak" },
    value: String(envelope.peak_intensity),
    on: { change: () => store.setEnvelope(selected, { ...envelope, peak_intensity: tidyIntensity(Number(peak.value)) }) } });
  const shape = el("select", { on: { change: () => store.setEnvelope(selected, { ...envelope, shape: /** @type {any} */ (shape.value) }) } },
    ...["minimum_jerk", "smooth", "linear"].map((each) => el("option", { value: each, text: t(`shape.${each}`) })));
  shape.value = envelope.shape;
  return [el("b", { class: "fields-name", text: envelope.au }), ...times, field(t("edit.shape"), shape),
    field(t("edit.peak"), peak), el("span", { class: "level-text", text: levelText(envelope.peak_intensity) })];
}
