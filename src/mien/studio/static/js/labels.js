// @ts-check
/** What an expression is called: a stimulus sheet writes it into its table, so it must be true of what moves. */

import { onFrames } from "./envelope.js";
import { emotionName, t } from "./i18n.js";

/** @typedef {import("./types.js").Envelope} Envelope */

/**
 * Whether a name came with an expression, and goes when another comes. One that the user gave stays.
 * @param {import("./context.js").Context} context
 * @param {string} name
 */
export function isLabel({ presets, emotions }, name) {
  return name === "" || [...presets, ...emotions].some((each) => each.name === name);
}

/**
 * The ready expression that these envelopes are, at any intensity: a sheet sets that anyway.
 * @param {import("./types.js").Preset[]} presets
 * @param {Envelope[]} envelopes
 * @param {number} fps whose frames they lie on
 * @returns {string | null} its name
 */
export function presetOf(presets, envelopes, fps) {
  return (
    presets.find((preset) =>
      same(
        preset.envelopes.map((each) => onFrames(each, fps)),
        envelopes,
      ),
    )?.name ?? null
  );
}

/** @param {Envelope[]} ready @param {Envelope[]} ours */
function same(ready, ours) {
  if (ready.length !== ours.length || !ours.length) return false;
  const near = (/** @type {number} */ one, /** @type {number} */ other) => Math.abs(one - other) < 1e-6;
  const scale = ours[0].peak_intensity / ready[0].peak_intensity;
  return (
    scale > 0 &&
    ready.every((each, index) => {
      const other = ours[index];
      return (
        each.au === other.au &&
        each.shape === other.shape &&
        near(each.peak_intensity * scale, other.peak_intensity) &&
        near(each.onset_seconds, other.onset_seconds) &&
        near(each.apex_start_seconds, other.apex_start_seconds) &&
        near(each.apex_end_seconds, other.apex_end_seconds) &&
        near(each.offset_seconds, other.offset_seconds)
      );
    })
  );
}

/**
 * What a sheet calls the lanes that are on the page.
 * @param {import("./context.js").Context} context
 * @param {import("./types.js").Design} design
 */
export function ownName(context, { name, seed, envelopes }) {
  if (!isLabel(context, name)) return name;
  const aus = new Set(context.presets.find((preset) => preset.name === name)?.envelopes.map(({ au }) => au));
  // Of a ready expression nothing may be left.
  if (!name || (seed === null && !envelopes.some(({ au }) => aus.has(au)))) return t("sheet.own");
  return seed === null
    ? t("sheet.edited", { name: emotionName(name) })
    : t("sheet.drawn", { name: emotionName(name), seed });
}
