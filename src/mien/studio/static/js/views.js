// @ts-check
/** The bar over the picture: the view, and the magnification of a difference. */

import { button, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { toolbar } from "./toolbar.js";

/** @typedef {import("./types.js").View} View */

/** @type {Record<import("./context.js").Mode, View[]>} */
export const VIEWS = {
  design: ["result", "side", "difference", "arrows", "versions"],
  lanes: ["result", "side", "difference", "arrows", "versions"],
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
    this.group = el(
      "div",
      { class: "segmented", role: "group", "aria-label": t("view.label") },
      ...VIEWS[this.mode].map((view) => button(this.name(view), () => this.choose(view), { dataset: { view } })),
    );
    const { ui } = context;
    this.magnify = el(
      "select",
      {
        "aria-label": t("view.magnify"),
        title: t("view.magnify"),
        class: "magnify",
        on: {
          change: () => {
            ui.magnify = Number(this.magnify.value);
            changed();
          },
        },
      },
      ...[2, 4, 8, 16, 32].map((times) => el("option", { value: String(times), text: `×${times}` })),
    );
    this.magnify.value = String(ui.magnify);
    this.pin = button(
      "",
      () => this.#pin(context.store.design),
      { class: "quiet", title: t("versions.pin"), "aria-label": t("versions.pin"), dataset: { look: "pin" } },
      icon("pin"),
    );
    this.element = el("div", { class: "row view-bar" }, toolbar(this.group), this.magnify, this.pin);
    this.#show();
  }

  get view() {
    return this.context.views[this.mode];
  }

  /** The version for comparison: the one before the last edit, unless another was pinned. @type {import("./types.js").Design} */
  get pinned() {
    const { design } = this.context.store;
    const { portrait, face } = design;
    return { ...(this.context.pins[this.mode] ?? design), portrait, face };
  }

  /** @param {import("./types.js").Design} design */
  #pin(design) {
    this.context.pins[this.mode] = design;
    this.changed();
  }

  /** The captions of the two pictures, the main one last. @returns {[string, string]} */
  get captions() {
    if (this.view === "versions") return [t("versions.before"), t("versions.now")];
    return [t(this.mode === "design" ? "portrait.title" : "caption.driver"), t("view.result")];
  }

  /** @param {View} view */
  name(view) {
    return t(view === "side" && this.mode !== "design" ? "view.driver" : `view.${view}`);
  }

  /** @param {View | undefined} view */
  choose(view) {
    if (!view) return;
    const { store, pins } = this.context;
    if (view === "versions" && this.view !== view) pins[this.mode] = store.history.past.at(-1) ?? store.design;
    this.context.views[this.mode] = view;
    this.#show();
    this.changed();
  }

  #show() {
    this.magnify.hidden = this.view !== "difference";
    this.pin.hidden = this.view !== "versions";
    for (const each of this.group.children) {
      each.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (each).dataset.view === this.view));
    }
  }
}
