// @ts-check
/** The tabs Design and Transfer. */

import { el } from "./dom.js";
import { t } from "./i18n.js";

/** @type {("design" | "transfer")[]} */
const TABS = ["design", "transfer"];

/** @param {import("./context.js").Context} context */
export function tabs(context) {
  const choose = (/** @type {"design" | "transfer"} */ tab) => {
    context.setTab(tab);
    document.getElementById(`tab-${tab}`)?.focus();
  };
  return el(
    "div",
    {
      class: "tabs",
      role: "tablist",
      "aria-label": t("tab.label"),
      on: {
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          event.preventDefault();
          choose(context.tab === "design" ? "transfer" : "design");
        },
      },
    },
    ...TABS.map((tab) =>
      el("button", {
        type: "button",
        role: "tab",
        id: `tab-${tab}`,
        "aria-controls": "work",
        "aria-selected": String(tab === context.tab),
        tabindex: tab === context.tab ? 0 : -1,
        dataset: { tab },
        text: t(`tab.${tab}`),
        on: { click: () => choose(tab) },
      }),
    ),
  );
}
