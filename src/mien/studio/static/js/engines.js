// @ts-check
/** The list of a tab's engines, and the texts of engines and settings in the page's language. */

import { el } from "./dom.js";
import { ENGINES_ZH } from "./engines_zh.js";
import { currentLanguage, hasText, t } from "./i18n.js";

/** @typedef {import("./types.js").Engine} Engine */
/** @typedef {import("./types.js").Setting} Setting */

/**
 * A radio button for each engine of a tab, the default engine first.
 * @param {import("./context.js").Context} context
 * @param {"design" | "transfer"} tab
 * @param {string} group of the radio buttons
 * @param {string} chosen
 * @param {(name: string) => void} choose
 */
export function engineChoices({ engines, defaults }, tab, group, chosen, choose) {
  const offered = engines.filter(({ tabs }) => tabs.includes(tab));
  offered.sort((one, other) => Number(other.name === defaults[tab]) - Number(one.name === defaults[tab]));
  return offered.map((engine) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type: "radio",
        name: group,
        value: engine.name,
        disabled: !engine.installed,
        checked: engine.name === chosen,
        dataset: { key: `${group}-${engine.name}` },
        on: { change: () => choose(engine.name) },
      }),
      el(
        "span",
        {},
        el("b", { text: engine.name }),
        el("span", { class: "tag", text: t(`engine.${engine.installed ? engine.speed : "missing"}`) }),
        hasText(`engineName.${engine.name}`) &&
          el("small", { class: "full-name", text: t(`engineName.${engine.name}`) }),
        el("small", { text: engine.installed ? about(engine, tab) : (engine.why_not ?? "") }),
      ),
    ),
  );
}

/** @param {Engine} engine @param {"design" | "transfer"} tab */
function about(engine, tab) {
  const text = words(engine)?.text ?? engine.text;
  return tab === "transfer" && engine.uses_aus ? t("engine.usesUnits", { text }) : text;
}

/** Translations of an engine; undefined if there are none. @param {Engine} engine */
function words({ name }) {
  return currentLanguage() === "en" ? undefined : ENGINES_ZH[name];
}

/** @param {Engine} engine @param {Setting} setting */
export function settingLabel(engine, { name }) {
  const plain = name.replaceAll("_", " ").replace(/\bau\b/g, "AU");
  return words(engine)?.settings[name]?.label ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** @param {Engine} engine @param {Setting} setting */
export function settingHelp(engine, { name, help }) {
  return words(engine)?.settings[name]?.help ?? help;
}

/** @param {Engine} engine @param {Setting} setting @param {string} value */
export function choiceText(engine, { name }, value) {
  return words(engine)?.settings[name]?.choices?.[value] ?? value;
}
