// @ts-check
/** Help; the other dialogs are passed on. */

import { showDialog } from "./dialog.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

export { showDialog } from "./dialog.js";
export { exportDialog } from "./export_dialog.js";
export { openDialog, openFile } from "./opening.js";
export { saveDialog } from "./saving.js";

const KEYS = [["Space", "space"], [", .", "comma"], ["← → ↑ ↓", "arrows"], ["Shift", "shift"], ["Ctrl+Z  Ctrl+Y", "undo"],
  ["Ctrl+C  Ctrl+V  Delete", "copy"], ["Ctrl+S", "save"], ["1 – 4", "number"], ["← →", "tabs"]];

export function helpDialog() {
  showDialog(t("app.help"), el("h3", { text: t("help.intensity") }), el("p", { text: t("help.intensityText") }),
    el("ul", {}, ...[1, 2, 3, 4, 5].map((level) => el("li", { text: `${level}: ${t(`level.${level}`)}` }))),
    el("p", { text: t("help.sides") }), el("h3", { text: t("help.keys") }),
    el("dl", {}, ...KEYS.flatMap(([keys, what]) => [el("dt", {}, el("kbd", { text: keys })), el("dd", { text: t(`help.key.${what}`) })])),
    el("p", { class: "hint", text: t("app.synthetic") }));
}
