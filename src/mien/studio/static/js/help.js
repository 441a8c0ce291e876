// @ts-check
/** The help dialog: intensities, sides, keyboard shortcuts, and a button that shows the tour again. */

import { showDialog } from "./dialog.js";
import { button, el } from "./dom.js";
import { t } from "./i18n.js";
import { tour } from "./tour.js";

const KEYS = [
  ["Space", "space"],
  [", .", "comma"],
  ["← → ↑ ↓", "arrows"],
  ["Shift", "shift"],
  ["Alt", "alt"],
  ["Ctrl+Z  Ctrl+Y", "undo"],
  ["Ctrl+C  Ctrl+V  Delete", "copy"],
  ["Ctrl+S", "save"],
  ["1 – 5", "number"],
  ["+  −  0", "zoom"],
  ["Shift+← → ↑ ↓", "pan"],
  ["A", "flip"],
  ["G", "ghost"],
  ["F", "full"],
  ["← →", "tabs"],
];

export function helpDialog() {
  const dialog = showDialog(
    t("app.help"),
    el("h3", { text: t("help.intensity") }),
    el("p", { text: t("help.intensityText") }),
    el("ul", {}, ...[1, 2, 3, 4, 5].map((level) => el("li", { text: `${level}: ${t(`level.${level}`)}` }))),
    el("p", { text: t("help.sides") }),
    el("h3", { text: t("help.keys") }),
    el(
      "dl",
      {},
      ...KEYS.flatMap(([keys, what]) => [
        el("dt", {}, el("kbd", { text: keys })),
        el("dd", { text: t(`help.key.${what}`) }),
      ]),
    ),
    el("p", { class: "hint", text: t("app.synthetic") }),
    el(
      "footer",
      {},
      button(
        t("tour.again"),
        () => {
          dialog.close();
          tour();
        },
        { dataset: { action: "tour" } },
      ),
    ),
  );
}
