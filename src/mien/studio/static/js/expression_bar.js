// @ts-check
/** The whole expression in one row: intensity, side and times of all lanes, or of the ticked ones. */

import { button, cell, el, icon } from "./dom.js";
import { MAX_INTENSITY, snap } from "./envelope.js";
import { aligned, lasting, startingAt, summary, timedAs, withIntensity } from "./expression.js";
import { quietAt, refuseAt, sayAt } from "./field_error.js";
import { inMs } from "./fields.js";
import { t } from "./i18n.js";
import { decimalBox, show } from "./inputs.js";
import { levelText } from "./lane.js";
import { chooseSide } from "./side_choice.js";
import { MAX_DURATION_SECONDS } from "./store.js";
import { toolbar } from "./toolbar.js";
import { typedIntensity, typedNumber } from "./typed.js";

/** @typedef {import("./types.js").Envelope} Envelope */
/** @typedef {"start" | "duration" | "end"} Time */

const TIMES = /** @type {const} */ (["start", "duration", "end"]);
const MOMENTS = /** @type {const} */ (["onset", "apex", "offset"]);

export class ExpressionBar {
  /** @param {import("./context.js").Context} context */
  constructor(context) {
    this.context = context;
    this.store = context.store;
    this.title = el("b", { class: "fields-name" });
    this.intensity = decimalBox({ dataset: { whole: "intensity" } }, 0.1, (text) => this.#takeIntensity(text));
    this.level = el("span", { class: "level-text" });
    const side = el(
      "select",
      {
        dataset: { whole: "side" },
        on: { change: () => chooseSide(context, /** @type {any} */ (side.value), () => this.update()) },
      },
      ...["both", "left", "right"].map((each) => el("option", { value: each, text: t(`side.${each}`) })),
      el("option", { value: "mixed", text: t("side.mixed"), disabled: true, hidden: true }),
    );
    this.side = side;
    this.times = Object.fromEntries(
      TIMES.map((name) => {
        const input = decimalBox({ dataset: { whole: name } }, 1, (text) => this.#takeTime(name, input, text));
        return [name, input];
      }),
    );
    this.align = el(
      "div",
      { class: "segmented", role: "group", "aria-label": t("all.align") },
      ...MOMENTS.map((moment) =>
        button(
          "",
          () => this.#change((lanes, reference) => aligned(lanes, reference, moment, this.store.fps)),
          { title: t(`all.align.${moment}`), "aria-label": t(`all.align.${moment}`), dataset: { align: moment } },
          icon(`align-${moment}`),
        ),
      ),
    );
    this.align.append(
      button(
        "",
        () => this.#change(timedAs),
        { title: t("all.sameHint"), "aria-label": t("all.same"), dataset: { align: "same" } },
        icon("align-same"),
      ),
    );
    toolbar(this.align);
    this.element = el(
      "div",
      { class: "fields whole-bar", role: "group", "aria-label": t("all.title") },
      this.title,
      cell(t("expression.intensity"), this.intensity),
      this.level,
      cell(t("all.side"), side),
      ...TIMES.map((name) => cell(t(`all.${name}`), this.times[name], t("edit.ms"))),
      this.align,
    );
  }

  /** The lane with which the others are aligned: the selected one, if it is among the changed ones. */
  get #reference() {
    const { envelope, group } = this.store;
    return envelope && group.includes(envelope) ? envelope : group[0];
  }

  /** @param {(lanes: Envelope[], reference: Envelope) => Envelope[]} to */
  #change(to) {
    if (this.store.group.length) this.store.setGroup(to(this.store.group, this.#reference));
  }

  /** @param {string} text */
  #takeIntensity(text) {
    const intensity = typedIntensity(text);
    if (intensity !== null) {
      if (this.store.group.length) this.#change((lanes) => withIntensity(lanes, intensity));
      else this.context.ui.intensity = intensity || this.context.ui.intensity;
    }
    this.update();
    if (intensity === null && text) refuseAt(this.intensity, t("edit.badPeak", { most: MAX_INTENSITY, typed: text }));
  }

  /** @param {Time} name @param {HTMLInputElement} input @param {string} text */
  #takeTime(name, input, text) {
    const { store } = this;
    const { fps, design } = store;
    const now = summary(store.group);
    if (!now) return this.update();
    const frame = 1 / fps;
    const length = now.end - now.start;
    // Limited by the clip, or by the lanes' end where it is later.
    const clip = Math.min(Math.max(design.duration_seconds, now.end), MAX_DURATION_SECONDS);
    const [least, most] = {
      start: [0, clip - length],
      duration: [frame, clip - now.start],
      end: [now.start + frame, clip],
    }[name];
    const typed = typedNumber(text);
    const near = typed === null ? -1 : snap(typed / 1000, fps);
    if (typed === null || near < least - 1e-6 || near > most + 1e-6) {
      this.update();
      if (text)
        refuseAt(
          input,
          t("all.badTime", { name: t(`all.${name}`), least: inMs(least), most: inMs(most), typed: text }),
        );
      return;
    }
    this.#change((lanes) =>
      name === "start" ? startingAt(lanes, near, fps) : lasting(lanes, name === "end" ? near - now.start : near, fps),
    );
    this.update();
    if (inMs(near) !== typed) sayAt(input, t("edit.nearest", { typed: text, ms: inMs(near) }));
  }

  /** Show the lanes' values without making new controls. */
  update() {
    const { store, context } = this;
    const { picked, group } = store;
    const now = summary(group);
    if (now && now.intensity > 0 && !picked.size && context.mode === "design") context.ui.intensity = now.intensity;
    const intensity = now?.intensity ?? context.ui.intensity;
    this.title.textContent = picked.size ? t("all.picked", { count: picked.size }) : t("all.title");
    for (const input of [this.intensity, ...Object.values(this.times)]) quietAt(input);
    show(this.intensity, String(intensity));
    this.level.textContent = levelText(intensity);
    this.side.value = now?.side ?? "both";
    const values = now && { start: now.start, duration: now.end - now.start, end: now.end };
    for (const name of TIMES) show(this.times[name], values ? String(inMs(values[name])) : "");
    for (const control of [this.side, ...Object.values(this.times)]) control.disabled = !now;
    for (const each of this.align.querySelectorAll("button")) each.disabled = group.length < 2;
  }
}
