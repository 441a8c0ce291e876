// @ts-check
/** The fields of a study: what it combines, and how each trial shows it. */

import { el, field, icon } from "./dom.js";
import { emotionName, t } from "./i18n.js";
import { check } from "./inputs.js";
import { ListField } from "./list_field.js";
import { pick, picked, row } from "./picks.js";
import { SCREENS_HZ } from "./screen.js";
import { SheetPortraits } from "./sheet_portraits.js";

const MOST_INTENSITY = 5;
const MOST_MS = 10000;
const FORMS = ["clip", "jacbart", "bart", "mett"];
const MASKS = ["none", "noise", "scramble"];
/** Names that are the same in both languages. @type {Record<string, string>} */
const PROGRAMS = {
  jspsych: "jsPsych",
  psychopy: "PsychoPy",
  opensesame: "OpenSesame",
  gorilla: "Gorilla",
  qualtrics: "Qualtrics",
};

export class StudyFields {
  /** @param {import("./context.js").Context} context @param {() => void} changed */
  constructor(context, changed) {
    this.changed = changed;
    this.name = this.#input("study-name", "text", t("study.name"));
    this.portraits = new SheetPortraits(context, [], changed);
    this.expressions = this.#picks(
      "expressions",
      context.presets.map(({ name }) =>
        pick(name, ["anger", "happiness", "surprise"].includes(name), emotionName(name)),
      ),
    );
    this.intensities = new ListField(
      "study-intensities",
      t("sheet.intensities"),
      [2, 3],
      { most: MOST_INTENSITY, letters: "ABCDE" },
      changed,
    );
    this.durations = new ListField("study-durations", t("sheet.durations"), [200], { most: MOST_MS }, changed);
    this.sides = this.#picks(
      "sides",
      ["both", "left", "right"].map((side) => pick(side, side === "both", t(`side.${side}`))),
    );
    this.programs = this.#picks(
      "programs",
      Object.entries(PROGRAMS).map(([name, shown]) => pick(name, name === "jspsych", shown)),
    );
    this.form = this.#choice("study-form", FORMS, (each) => t(`study.form.${each}`));
    this.mask = this.#choice("study-mask", MASKS, (each) => t(`look.mask.${each}`));
    this.maskMs = this.#input("study-mask-ms", "number", "100");
    this.maskTime = el("span", {}, this.maskMs, " ", el("span", { class: "unit", text: t("edit.ms") }));
    this.screen = this.#choice("study-screen", SCREENS_HZ.map(String), (hz) => t("screen.hz", { hz }));
    this.disclosure = this.#choice("study-disclosure", ["before", "after"], (each) => t(`study.${each}`));
    this.catches = this.#input("study-catch", "number", "1");
    this.repetitions = this.#input("study-repetitions", "number", "1");
    this.blocks = this.#input("study-blocks", "number", "1");
    this.size = this.#input("study-size", "number", "512");
    this.oval = check("study-oval", t("look.oval"), false, changed);
    const add = el("input", {
      type: "file",
      accept: "image/*",
      multiple: true,
      class: "file",
      "aria-label": t("sheet.add"),
      on: { change: () => void this.portraits.add([...(add.files ?? [])]) },
    });
    this.element = el(
      "div",
      { class: "sheet-fields" },
      field(t("project.name"), this.name),
      row(
        t("sheet.portraits"),
        this.portraits.element,
        el("label", { class: "button" }, icon("plus"), t("sheet.add"), add),
        this.portraits.problem,
      ),
      row(t("sheet.expressions"), this.expressions),
      row(
        t("sheet.intensities"),
        this.intensities.element,
        el("span", { class: "hint", text: `(${t("sheet.scale")})` }),
      ),
      row(t("sheet.durations"), this.durations.element, el("span", { class: "unit", text: t("edit.ms") })),
      row(t("sheet.sides"), this.sides),
      row(t("study.form"), this.form),
      row(t("look.size"), this.size, el("span", { class: "unit", text: "px" }), this.oval),
      row(t("look.mask"), this.mask, this.maskTime),
      row(
        t("study.trials"),
        field(t("study.catch"), this.catches),
        field(t("study.repetitions"), this.repetitions),
        field(t("study.blocks"), this.blocks),
      ),
      row(t("screen.title"), this.screen, field(t("study.disclosure"), this.disclosure)),
      row(t("study.programs"), this.programs),
      el("p", { class: "hint", text: t("study.more") }),
    );
  }

  /** @param {string} key @param {string} type @param {string} value */
  #input(key, type, value) {
    const limits = type === "number" ? { class: "number", min: 0, step: 1 } : {};
    return el("input", { type, value, ...limits, dataset: { key }, on: { input: this.changed } });
  }

  /** @param {string} key @param {string[]} values @param {(value: string) => string} label */
  #choice(key, values, label) {
    return el(
      "select",
      { dataset: { key }, "aria-label": t(`study.label.${key}`), on: { change: this.changed } },
      ...values.map((value) => el("option", { value, text: label(value) })),
    );
  }

  /** @param {string} what @param {Node[]} boxes */
  #picks(what, boxes) {
    const label = t(what === "programs" ? "study.programs" : `sheet.${what}`);
    return el(
      "div",
      { class: "picks", role: "group", dataset: { picks: what }, "aria-label": label, on: { change: this.changed } },
      ...boxes,
    );
  }

  /** Show the mask's duration if there is a mask, which also replaces the neutral face after the expression. */
  #showMask() {
    const masked = this.mask.value !== "none";
    this.maskTime.hidden = !masked;
    const clip = this.form.querySelector("[value=clip]");
    if (clip) clip.textContent = t(masked ? "study.form.clipMasked" : "study.form.clip");
  }

  /** The request to the server. */
  get request() {
    const oval = /** @type {HTMLInputElement} */ (this.oval.querySelector("input"));
    return {
      name: this.name.value.trim(),
      portraits: this.portraits.choices.map(({ id }) => id),
      expressions: picked(this.expressions),
      intensities: this.intensities.list.values,
      durations_ms: this.durations.list.values,
      sides: picked(this.sides),
      form: this.form.value,
      mask: this.mask.value,
      mask_ms: Number(this.maskMs.value),
      catch_trials: Number(this.catches.value),
      repetitions: Number(this.repetitions.value),
      blocks: Number(this.blocks.value),
      size: Number(this.size.value),
      oval: oval.checked,
      refresh_hz: Number(this.screen.value),
      disclosure: this.disclosure.value,
      programs: picked(this.programs),
    };
  }

  /** A text that says what is wrong or not chosen yet; null if nothing is. */
  get missing() {
    this.#showMask();
    const asked = this.request;
    if (!asked.name) return t("study.noName");
    const { wrong: intensity, unclear: either } = this.intensities.list;
    const { wrong: duration, unclear } = this.durations.list;
    if (either || unclear) return t("list.ask", { text: either ?? unclear ?? "" });
    if (intensity) return t("sheet.badIntensity", { wrong: intensity, most: MOST_INTENSITY });
    if (duration) return t("sheet.badDuration", { wrong: duration, most: MOST_MS });
    const lacking = /** @type {[string, unknown[]][]} */ ([
      ["sheet.portraits", asked.portraits],
      ["sheet.expressions", asked.expressions],
      ["sheet.intensities", asked.intensities],
      ["sheet.durations", asked.durations_ms],
      ["sheet.sides", asked.sides],
      ["study.programs", asked.programs],
    ]).filter(([, chosen]) => !chosen.length);
    return lacking.length ? t("sheet.lacking", { what: lacking.map(([key]) => t(key)).join(", ") }) : null;
  }
}
