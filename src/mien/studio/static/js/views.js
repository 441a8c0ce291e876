// @ts-check
/** The bar over the picture: which view, and how much a difference is magnified. */

import { button, el } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("./types.js").View} View */

/** @type {Record<import("./context.js").Mode, View[]>} */
export const VIEWS = {
  design: ["result", "side", "difference", "arrows"],
  lanes: ["result", "side", "difference", "arrows"],
  whole: ["result", "side", "difference", "arrows"],
};

export class ViewBar {
  /**
   * @param {import("./context.js").Context} context
   * @param {() => void} changed
   */
  constructor(context, changed) {
    this.context = context;
    this.mode = context.mode;
    this.changed = changed;
    this.group = el("div", { class: "segmented", role: "group", "aria-label": t("view.label") },
      ...VIEWS[this.mode].map((view) => button(this.name(view), () => this.choose(view), { dataset: { view } })));
    const { ui } = context;
    this.magnify = el("select", { "aria-label": t("view.magnify"), title: t("view.magnify"), class: "magnify",
      on: { change: () => { ui.magnify = Number(this.magnify.value); changed(); } } },
    ...[2, 4, 8, 16, 32].map((times) => el("option", { value: String(times), text: `×${times}` })));
    this.magnify.value = String(ui.magnify);
    this.element = el("div", { class: "row" }, this.group, this.magnify);
    this.#show();
  }

  get view() {
    return this.context.views[this.mode];
  }

  /** @param {View} view */
  name(view) {
    return t(view === "side" && this.mode !== "design" ? "view.driver" : `view.${view}`);
  }

  /** @param {View | undefined} view */
  choose(view) {
    if (!view) return;
    this.context.views[this.mode] = view;
    this.#show();
    this.changed();
  }

  #show() {
    this.magnify.hidden = this.view !== "difference";
    for (const each of this.group.children) {
      each.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (each).dataset.view === this.view));
    }
  }
}
