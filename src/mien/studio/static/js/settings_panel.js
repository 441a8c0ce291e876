// @ts-check
/** Controls for an engine's settings, made from their descriptions. */

import { el, field } from "./dom.js";
import { choiceText, settingHelp, settingLabel } from "./engines.js";
import { t } from "./i18n.js";
import { check, choice, number } from "./inputs.js";

/** @typedef {import("./types.js").Engine} Engine */
/** @typedef {import("./types.js").Setting} Setting */
/** @typedef {import("./types.js").Settings} Settings */
/** @typedef {import("./types.js").SettingValue} SettingValue */
/** @typedef {{refuse: (text: string) => void}} Refusals where a value that is not accepted is reported */

/**
 * @param {Refusals} refusals
 * @param {Engine | undefined} engine
 * @param {Settings} values that differ from their defaults
 * @param {(values: Settings) => void} change
 * @param {string} [prefix] of the controls' keys
 * @returns {{fields: HTMLElement[], ticks: HTMLElement[]}}
 */
export function settingControls(refusals, engine, values, change, prefix = "setting") {
  const made = { fields: /** @type {HTMLElement[]} */ ([]), ticks: /** @type {HTMLElement[]} */ ([]) };
  let latest = values; // the controls may stay while their values change
  for (const setting of engine?.settings ?? []) {
    if (!engine || setting.kind === "path") continue; // folders of this computer are left to the command line
    const value = setting.name in values ? values[setting.name] : setting.default;
    const key = `${prefix}-${setting.name}`;
    const label = settingLabel(engine, setting);
    const put = (/** @type {SettingValue} */ now) => {
      latest = withSetting(latest, setting, now);
      change(latest);
    };
    const control =
      setting.kind === "switch"
        ? check(key, label, value === true, put)
        : field(label, valueControl(refusals, engine, setting, key, value, put));
    control.title = settingHelp(engine, setting);
    made[setting.kind === "switch" ? "ticks" : "fields"].push(control);
  }
  return made;
}

/**
 * The controls of `settingControls` as rows of a panel.
 * @param {Parameters<typeof settingControls>} given
 */
export function settingRows(...given) {
  const { fields, ticks } = settingControls(...given);
  return [
    fields.length > 0 && el("div", { class: "row" }, ...fields),
    ticks.length > 0 && el("div", { class: "stack checks" }, ...ticks),
  ];
}

/**
 * @param {Refusals} refusals
 * @param {Engine} engine
 * @param {Setting} setting
 * @param {string} key
 * @param {SettingValue} value
 * @param {(value: SettingValue) => void} put
 */
function valueControl(refusals, engine, setting, key, value, put) {
  const { kind, optional } = setting;
  const nothing = setting.default === null ? t("setting.default") : "–";
  if (kind === "choice") {
    // A value from a project of the command line is shown even if it cannot be chosen here.
    const offered =
      value === null || setting.choices.includes(String(value)) ? setting.choices : [...setting.choices, String(value)];
    const choices = Object.fromEntries(offered.map((each) => [each, choiceText(engine, setting, each)]));
    return choice(
      key,
      value === null ? "" : String(value),
      optional ? { "": nothing, ...choices } : choices,
      (chosen) => put(chosen === "" && optional ? null : chosen),
    );
  }
  const placeholder = optional ? nothing : String(setting.default);
  if (kind === "text") {
    const input = el("input", {
      type: "text",
      value: value === null ? "" : String(value),
      placeholder,
      dataset: { key },
      on: { change: () => put(input.value === "" && optional ? null : input.value) },
    });
    return input;
  }
  const whole = kind === "whole number";
  return number(
    refusals,
    key,
    value === null ? null : Number(value),
    { min: setting.least ?? -Infinity, step: whole ? 1 : 0.1, whole, placeholder },
    (typed) => put(typed ?? (optional ? null : setting.default)),
  );
}

/**
 * Return the settings with one value set, or without it if it is the default. The order is fixed, so that equal settings
 * give equal text.
 * @param {Settings} values
 * @param {Setting} setting
 * @param {SettingValue} value
 * @returns {Settings}
 */
function withSetting(values, { name, default: usual }, value) {
  const all = Object.entries(values).filter(([each]) => each !== name);
  if (value !== usual) all.push([name, value]);
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}
