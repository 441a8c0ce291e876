// @ts-check
/** How stimuli are shown: size and eyes, oval, and the mask after the clip. */

import { el, field } from "./dom.js";
import { t } from "./i18n.js";
import { check, choice, number } from "./inputs.js";

/** @typedef {{size: string | null, eye_distance_px: number | null, eye_height_px: number | null, oval: boolean, background: number, mask: string, mask_seconds: number}} Look */

/** @returns {Look} as the portrait's own picture */
export const plainLook = () => ({
  size: null,
  eye_distance_px: null,
  eye_height_px: null,
  oval: false,
  background: 128,
  mask: "none",
  mask_seconds: 0.1,
});

/**
 * Return a size in the server's format, null for an empty text, undefined for text that is not a size.
 * @param {string} text such as 512, 480x640 or 480 × 640
 */
export function typedSize(text) {
  const found = /^(\d{2,4})(?:\s*[x×*]\s*(\d{2,4}))?$/i.exec(text.trim());
  if (!text.trim()) return null;
  if (!found) return undefined;
  const sides = [Number(found[1]), Number(found[2] ?? found[1])];
  return sides.every((side) => side >= 16 && side <= 4096 && side % 2 === 0) ? sides.join("x") : undefined;
}

export class LookFields {
  /** @param {Partial<Look>} kept @param {() => void} changed */
  constructor(kept, changed) {
    this.look = { ...plainLook(), ...kept };
    this.changed = changed;
    this.problem = el("p", { class: "error", role: "alert" });
    this.element = el("div", { class: "stack look-fields" });
    this.#draw();
  }

  /** @param {Partial<Look>} part */
  #set(part) {
    Object.assign(this.look, part);
    if (!this.look.size) Object.assign(this.look, { eye_distance_px: null, eye_height_px: null });
    this.problem.textContent = "";
    const held = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
    this.#draw();
    /** @type {HTMLElement | null} */ (held ? this.element.querySelector(`[data-key="${held}"]`) : null)?.focus();
    this.changed();
  }

  #draw() {
    const { look } = this;
    const refuse = {
      refuse: (/** @type {string} */ text) => {
        this.problem.textContent = text;
      },
    };
    const size = el("input", {
      type: "text",
      class: "number",
      value: look.size ?? "",
      placeholder: t("look.own"),
      dataset: { key: "look-size" },
      on: {
        change: () => {
          const typed = typedSize(size.value);
          if (typed !== undefined) return this.#set({ size: typed });
          this.problem.textContent = t("look.badSize", { typed: size.value });
          size.value = look.size ?? "";
        },
      },
    });
    const [width, height] = (look.size ?? "0x0").split("x").map(Number);
    const px = (
      /** @type {"eye_distance_px" | "eye_height_px"} */ which,
      /** @type {number} */ most,
      /** @type {number} */ own,
    ) =>
      number(
        refuse,
        `look-${which}`,
        look[which],
        { min: 4, max: most, step: 1, placeholder: String(Math.round(own)) },
        (value) => this.#set({ [which]: value }),
      );
    const masks = Object.fromEntries(["none", "noise", "scramble"].map((each) => [each, t(`look.mask.${each}`)]));
    this.element.replaceChildren(
      el(
        "div",
        { class: "row" },
        field(t("look.size"), size, "px"),
        look.size && field(t("look.eyeDistance"), px("eye_distance_px", width, width / 4), "px"),
        look.size && field(t("look.eyeHeight"), px("eye_height_px", height, height * 0.42), "px"),
        check("look-oval", t("look.oval"), look.oval, (oval) => this.#set({ oval })),
        (look.oval || look.size) &&
          field(
            t("look.background"),
            number(refuse, "look-background", look.background, { min: 0, max: 255, step: 1, whole: true }, (value) =>
              this.#set({ background: value ?? 128 }),
            ),
          ),
      ),
      el(
        "div",
        { class: "row" },
        field(
          t("look.mask"),
          choice("look-mask", look.mask, masks, (mask) => this.#set({ mask })),
        ),
        look.mask !== "none" &&
          field(
            t("look.maskFor"),
            number(
              refuse,
              "look-mask-ms",
              Math.round(look.mask_seconds * 1e4) / 10,
              { min: 1, max: 60000, step: 10 },
              (value) => this.#set({ mask_seconds: (value ?? 100) / 1000 }),
            ),
            t("edit.ms"),
          ),
      ),
      this.problem,
    );
  }
}
