// @ts-check
/** The name of an expression: a stimulus sheet writes it into its table, so it must fit what moves. */

import { onFrames } from "./envelope.js";
import { emotionName, t } from "./i18n.js";

/** @typedef {import("./types.js").Envelope} Envelope */

/**
 * Whether a name came with an expression and is replaced by the name of the next one. A name that the user gave stays.
 * @param {import("./context.js").Context} context
 * @param {string} name
 */
export function isLabel({ presets, emotions }, name) {
  return name === "" || [...presets, ...emotions].some((each) => each.name === name);
}

/**
 * The ready-made expression that these envelopes equal, at any intensity, because a sheet sets the intensity itself.
 * @param {import("./types.js").Preset[]} presets
 * @param {Envelope[]} envelopes
 * @param {number} fps frame rate to whose frames the times are rounded
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
 * The name under which a sheet offers the lanes on the page.
 * @param {import("./context.js").Context} context
 * @param {import("./types.js").Design} design
 */
export function ownName(context, { name, seed, envelopes }) {
  if (!isLabel(context, name)) return name;
  const aus = new Set(context.presets.find((preset) => preset.name === name)?.envelopes.map(({ au }) => au));
  // Perhaps nothing of the ready-made expression is left.
  if (!name || (seed === null && !envelopes.some(({ au }) => aus.has(au)))) return t("sheet.own");
  return seed === null
    ? t("sheet.edited", { name: emotionName(name) })
    : t("sheet.drawn", { name: emotionName(name), seed });
}
