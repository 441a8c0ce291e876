// @ts-check
/** The page's language and the texts in it. The choice is stored in the browser. */

import { EMOTION_ZH, FACS_ZH } from "./names_zh.js";
import { EN } from "./strings_en.js";
import { ZH } from "./strings_zh.js";

/** @typedef {"en" | "zh-Hans"} Language */

const KEPT_AS = "mien-language";
const TABLES = { en: EN, "zh-Hans": ZH };

/** @type {Language} */
let language = startLanguage();

/** @returns {Language} */
function startLanguage() {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === "en" || kept === "zh-Hans") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-Hans" : "en";
}

export function currentLanguage() {
  return language;
}

/** @param {Language} wanted */
export function setLanguage(wanted) {
  language = wanted;
  localStorage.setItem(KEPT_AS, wanted);
  document.documentElement.lang = wanted;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] that replace the names in braces
 */
export function t(key, values = {}) {
  const text = TABLES[language][key];
  if (text === undefined) throw new Error(`no text ${key} in ${language}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Whether there is a text with this key, for example for a kind of error. @param {string} key */
export function hasText(key) {
  return key in TABLES[language];
}

/** @param {import("./types.js").ActionUnit} unit */
export function facsName(unit) {
  return language === "en" ? unit.facs_name : (FACS_ZH[unit.name] ?? unit.facs_name);
}

/** @param {string} name */
export function emotionName(name) {
  return language === "en" ? name : (EMOTION_ZH[name] ?? name);
}
