// @ts-check
/** The portraits of a stimulus sheet: which are ticked, and which face of a picture with several. */

import { get, upload } from "./api.js";
import { el } from "./dom.js";
import { chosenFace } from "./faces.js";
import { pictures } from "./frames_dialog.js";
import { t } from "./i18n.js";
import { errorText } from "./notice.js";

/** @typedef {import("./types.js").PortraitInfo} PortraitInfo */
/** @typedef {{id: string, face: number | "largest" | null}} Choice */

export class SheetPortraits {
  /** @param {import("./context.js").Context} context @param {(string | Choice)[]} kept @param {() => void} changed */
  constructor(context, kept, changed) {
    this.about = context.about;
    this.changed = changed;
    /** The face that was chosen for a portrait, by its id. @type {Map<string, Choice["face"]>} */
    this.wanted = new Map(kept.map((each) => (typeof each === "string" ? [each, null] : [each.id, each.face])));
    // The portrait on the page is ticked too, with its chosen face.
    const { portrait } = context;
    this.current = portrait;
    if (portrait) this.wanted.set(portrait.id, context.stores.design.design.face);
    this.element = el("div", {
      class: "picks",
      role: "group",
      "aria-label": t("sheet.portraits"),
      dataset: { picks: "portraits" },
    });
    this.problem = el("span", { class: "error", role: "alert" });
  }

  /** Show all portraits in the studio's folder, and tick the wanted ones. */
  async load() {
    const { portraits } = await get("/api/portraits");
    for (const { id, name } of portraits) this.#pick(id, name, this.wanted.has(id));
    await Promise.all(this.choices.map(({ id }) => this.#askFaces(id)));
  }

  /** @param {File[]} files */
  async add(files) {
    const usable = pictures(this.about, files);
    this.problem.textContent = usable.length === files.length ? "" : t("error.UnreadableImageError");
    for (const file of usable) {
      try {
        /** @type {PortraitInfo} */
        const portrait = await upload(`/api/portraits?name=${encodeURIComponent(file.name)}`, file);
        this.#pick(portrait.id, portrait.name, true);
        this.#offerFaces(portrait);
      } catch (error) {
        this.problem.textContent = errorText(error);
      }
    }
    this.changed();
  }

  /** The ticked portraits. @returns {Choice[]} */
  get choices() {
    return [...this.element.children]
      .filter((each) => each.querySelector("input")?.checked)
      .map((each) => {
        const { id } = /** @type {HTMLElement} */ (each).dataset;
        const face = each.querySelector("select")?.value;
        return { id: String(id), face: face ? Number(face) : null };
      });
  }

  /** @param {string} id */
  #find(id) {
    return /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-id="${id}"]`));
  }

  /** @param {string} id @param {string} name @param {boolean} checked */
  #pick(id, name, checked) {
    const there = this.#find(id)?.querySelector("input");
    if (there) {
      there.checked ||= checked;
      return;
    }
    const box = el("input", {
      type: "checkbox",
      value: id,
      checked,
      on: {
        change: async () => {
          if (box.checked) await this.#askFaces(id);
          this.changed();
        },
      },
    });
    this.element.append(
      el(
        "div",
        { class: "pick", dataset: { id } },
        el(
          "label",
          {},
          box,
          el("img", { src: `/api/portraits/${id}/picture?size_px=64`, alt: "" }),
          el("span", { text: name }),
        ),
      ),
    );
  }

  /** Ask the server for the faces of a portrait; only for ticked ones, because the detection takes a moment. @param {string} id */
  async #askFaces(id) {
    if (this.#find(id)?.dataset.asked) return;
    try {
      this.#offerFaces(this.current?.id === id ? this.current : await get(`/api/portraits/${id}`));
    } catch (error) {
      this.problem.textContent = errorText(error);
    }
  }

  /** @param {PortraitInfo} portrait */
  #offerFaces(portrait) {
    const pick = this.#find(portrait.id);
    if (!pick || pick.dataset.asked) return;
    pick.dataset.asked = "true";
    if (portrait.faces.length < 2) return;
    const face = chosenFace(portrait, this.wanted.get(portrait.id) ?? null);
    pick.append(
      el(
        "select",
        { "aria-label": `${portrait.name}: ${t("portrait.face")}`, on: { change: this.changed } },
        ...portrait.faces.map(({ number }) =>
          el("option", {
            value: String(number),
            text: t("portrait.faceNumber", { number }),
            selected: number === face,
          }),
        ),
      ),
    );
  }
}
