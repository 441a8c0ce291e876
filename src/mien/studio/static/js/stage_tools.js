// @ts-check
/** The tools under the views: zoom, full screen, switch between onset and apex, and the half-transparent apex. */

import { button, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { toolbar } from "./toolbar.js";

/** @typedef {"zoomOut" | "zoomIn" | "face" | "actual" | "ghost" | "flip" | "full"} Tool */

/** @type {[Tool, string][]} */
const ICONS = [
  ["zoomOut", "zoom-out"],
  ["zoomIn", "zoom-in"],
  ["face", "face"],
  ["actual", ""],
  ["flip", "flip"],
  ["ghost", "ghost"],
  ["full", "full"],
];

/**
 * @param {Record<Tool, () => void>} acts
 * @param {Tool[]} left tools to leave out, for example where there are no lanes
 */
export function stageTools(acts, left) {
  const tools = ICONS.filter(([name]) => !left.includes(name)).map(([name, drawing]) =>
    button(
      "",
      acts[name],
      { class: "quiet", title: t(`look.${name}`), "aria-label": t(`look.${name}`), dataset: { look: name } },
      drawing ? icon(drawing) : el("span", { text: "100 %" }),
    ),
  );
  return toolbar(el("div", { class: "stage-tools" }, ...tools), t("look.label"));
}

/** @param {HTMLElement} bar @param {Partial<Record<Tool, boolean>>} pressed */
export function showPressed(bar, pressed) {
  for (const [name, on] of Object.entries(pressed))
    bar.querySelector(`[data-look="${name}"]`)?.setAttribute("aria-pressed", String(on));
}
