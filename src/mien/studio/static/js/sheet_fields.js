// @ts-check
/** The fields of a stimulus sheet; remembered in the browser, so that a sheet can be completed later. */

import { get } from "./api.js";
import { el, field, icon } from "./dom.js";
import { fpsNumber } from "./envelope.js";
import { gifSlowdown } from "./gif.js";
import { emotionName, t } from "./i18n.js";
import { check } from "./inputs.js";
import { ownName, presetOf } from "./labels.js";
import { ListField } from "./list_field.js";
import { LookFields } from "./look_fields.js";
import { pick, picked, row } from "./picks.js";
import { MAX_FPS, typedRate } from "./rate.js";
import { ScreenField } from "./screen_field.js";
import { settingControls } from "./settings_panel.js";
import { SheetPortraits } from "./sheet_portraits.js";
import { SheetTableFields } from "./sheet_table_fields.js";

const KEPT_AS = "mien-sheet";

/** @returns {any} the request that was started last, or an empty object */
export function keptSheet() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** @param {unknown} request */
export function keepSheet(request) {
  localStorage.setItem(KEPT_AS, JSON.stringify(request));
}

const LEVELS = "ABCDE";
const MOST_INTENSITY = LEVELS.length;
const MOST_MS = 60000;

export class SheetFields {
  /** @param {import("./context.js").Context} context @param {any} kept @param {() => void} changed */
  constructor(context, kept, changed) {
    this.context = context;
    this.kept = kept;
    this.changed = changed;
    /** Names of existing sheets. @type {string[]} */
    this.sheets = [];
    const text = (/** @type {string} */ key, /** @type {string} */ value) =>
      el("input", { type: "text", value, dataset: { key }, on: { input: changed } });
    const scaled = (/** @type {number[] | undefined} */ values, scale = 1) =>
      values?.map((value) => Math.round(value * scale * 1e4) / 1e4);
    this.name = text("sheet-name", kept.name ?? t("sheet.name"));
    this.intensities = new ListField(
      "sheet-intensities",
      t("sheet.intensities"),
      scaled(kept.intensities) ?? [2],
      { most: MOST_INTENSITY, letters: LEVELS },
      changed,
    );
    this.durations = new ListField(
      "sheet-durations",
      t("sheet.durations"),
      scaled(kept.durations_seconds, 1000) ?? [300],
      { most: MOST_MS },
      changed,
    );
    this.fps = text("sheet-fps", kept.fps ?? context.stores.design.design.fps);
    this.fps.className = "number";
    this.screen = new ScreenField(
      kept.screen_hz ?? null,
      () => this.fps.value,
      (fps) => {
        this.fps.value = fps;
        changed();
      },
    );
    this.fps.addEventListener("input", () => this.screen.show());
    this.look = new LookFields(kept.look ?? {}, changed);
    this.table = new SheetTableFields(kept, changed);
    this.neutral = check("sheet-neutral", t("sheet.neutral"), kept.neutral ?? false, changed);
    this.fullColour = check("sheet-444", t("export.fullColour"), kept.chroma === "444", changed);
    const still = (/** @type {string} */ key, /** @type {number | undefined} */ seconds) =>
      el("input", {
        type: "number",
        class: "number",
        min: 0,
        max: 60000,
        step: "any",
        value: String((seconds ?? 0) * 1000),
        dataset: { key },
        on: { input: changed },
      });
    this.lead = still("sheet-lead", kept.lead_seconds);
    this.tail = still("sheet-tail", kept.tail_seconds);
    const select = (
      /** @type {string} */ key,
      /** @type {string} */ value,
      /** @type {[string, string][]} */ choices,
    ) => {
      const made = el(
        "select",
        { dataset: { key }, on: { change: changed } },
        ...choices.map(([each, words]) => el("option", { value: each, text: words })),
      );
      made.value = value;
      return made;
    };
    this.format = select(
      "sheet-format",
      kept.format ?? "mp4",
      ["mp4", "mkv", "gif", "png"].map((each) => [each, t(`export.${each}`)]),
    );
    this.format.setAttribute("aria-label", t("export.kind"));
    const engines = context.engines.filter(({ tabs, installed }) => installed && tabs.includes("design"));
    const engine = engines.find(({ name }) => name === kept.engine);
    /** Settings of each engine chosen so far. @type {Record<string, import("./types.js").Settings>} */
    this.engineSettings = engine ? { [engine.name]: knownSettings(engine, kept.settings ?? {}) } : {};
    this.engine = select(
      "sheet-engine",
      engine?.name ?? context.defaults.design,
      engines.map(({ name }) => [name, name]),
    );
    this.engine.addEventListener("change", () => this.#drawSettings());
    this.settings = el("span", { class: "sheet-settings" });
    this.refused = el("p", { class: "error", role: "alert" });
    this.#drawSettings();
    this.portraits = new SheetPortraits(context, kept.portraits ?? [], changed);
    this.expressions = el(
      "div",
      {
        class: "picks",
        role: "group",
        dataset: { picks: "expressions" },
        "aria-label": t("sheet.expressions"),
        on: { change: changed },
      },
      ...this.#expressions(),
    );
    this.sides = el(
      "div",
      { class: "picks", role: "group", "aria-label": t("sheet.sides"), on: { change: changed } },
      ...["both", "left", "right"].map((side) =>
        pick(side, (kept.sides ?? ["both"]).includes(side), t(`side.${side}`)),
      ),
    );
    const add = el("input", {
      type: "file",
      accept: "image/*",
      multiple: true,
      class: "file",
      "aria-label": t("sheet.add"),
      on: { change: () => void this.portraits.add([...(add.files ?? [])]) },
    });
    this.slow = el("p", { class: "hint sheet-slow", role: "status", hidden: true });
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
      row(t("sheet.intensities"), this.intensities.element, el("span", { class: "hint", text: t("sheet.scale") })),
      row(t("sheet.durations"), this.durations.element, el("span", { class: "unit", text: t("edit.ms") })),
      row(t("sheet.sides"), this.sides, this.neutral),
      row(
        t("sheet.still"),
        field(t("sheet.lead"), this.lead, t("edit.ms")),
        field(t("sheet.tail"), this.tail, t("edit.ms")),
      ),
      row(t("look.title"), this.look.element),
      row(
        t("sheet.file"),
        this.format,
        this.fullColour,
        field(t("timeline.fps"), this.fps),
        this.screen.element,
        field(t("engine.title"), this.engine),
        this.settings,
      ),
      this.screen.warning,
      this.refused,
      this.slow,
      row(t("table.title"), this.table.element),
    );
  }

  /** Show controls for the settings of the chosen engine. */
  #drawSettings() {
    const engine = this.engine.value;
    this.refused.textContent = "";
    const { fields, ticks } = settingControls(
      {
        refuse: (text) => {
          this.refused.textContent = text;
        },
      },
      this.context.engine(engine),
      this.engineSettings[engine] ?? {},
      (values) => {
        this.engineSettings[engine] = values;
        this.refused.textContent = "";
        this.changed();
      },
      "sheet-setting",
    );
    this.settings.replaceChildren(...fields, ...ticks);
  }

  /** Offer the lanes on the page, the expressions of the sheet made last, and the ready-made expressions. */
  #expressions() {
    const { kept, context } = this;
    /** @type {any[]} */
    const own = (kept.expressions ?? []).filter((/** @type {any} */ { envelopes }) => envelopes);
    const { design } = context.stores[context.mode === "whole" ? "lanes" : context.mode];
    const ready = presetOf(context.presets, design.envelopes, fpsNumber(design.fps));
    const now = JSON.stringify(design.envelopes);
    // Lanes with the same name that were changed since are a different expression from the sheet's.
    if (design.envelopes.length && !ready && !own.some((each) => JSON.stringify(each.envelopes) === now)) {
      own.unshift({
        name: freeName(
          ownName(context, design),
          own.map((each) => each.name),
        ),
        envelopes: design.envelopes,
      });
    }
    const otherwise = ready ?? (own.length ? null : "happiness");
    // Tick those of the last sheet, so that it can be completed, and the lanes on the page, which the user edits now.
    const wanted = new Set([
      ...(kept.expressions?.map((/** @type {any} */ { preset }) => preset) ?? [otherwise]),
      ready,
    ]);
    return [
      ...own.map((each) => pick(JSON.stringify(each), true, each.name)),
      ...context.presets.map(({ name: preset }) =>
        pick(JSON.stringify({ preset }), wanted.has(preset), emotionName(preset)),
      ),
    ];
  }

  async load() {
    await this.portraits.load();
    await this.loadSheets();
  }

  async loadSheets() {
    this.sheets = (await get("/api/stimuli")).sheets.map((/** @type {{name: string}} */ { name }) => name);
  }

  get #intensities() {
    return this.intensities.list;
  }

  get #durations() {
    return this.durations.list;
  }

  /** The request to the server. A list that cannot be read is empty; the server refuses it. */
  get request() {
    const seconds = (/** @type {HTMLInputElement} */ input) => Number(input.value) / 1000;
    const ticked = (/** @type {HTMLElement} */ label) =>
      /** @type {HTMLInputElement} */ (label.querySelector("input")).checked;
    return {
      name: this.name.value.trim(),
      portraits: this.portraits.choices,
      expressions: picked(this.expressions).map((each) => JSON.parse(each)),
      intensities: this.#intensities.values,
      durations_seconds: this.#durations.values.map((ms) => ms / 1000),
      sides: picked(this.sides),
      fps: typedRate(this.fps.value) ?? this.fps.value,
      lead_seconds: seconds(this.lead),
      tail_seconds: seconds(this.tail),
      format: this.format.value,
      engine: this.engine.value,
      settings: this.engineSettings[this.engine.value] ?? {},
      chroma: this.format.value === "mp4" && ticked(this.fullColour) ? "444" : null,
      look: this.look.look,
      neutral: ticked(this.neutral),
      ...this.table.values(this.names),
    };
  }

  /** What is remembered for the next time: the request and the chosen screen. */
  get remembered() {
    return { ...this.request, screen_hz: this.screen.chosen };
  }

  /** Names of the ticked expressions. */
  get names() {
    return picked(this.expressions)
      .map((each) => JSON.parse(each))
      .map(({ preset, name }) => preset ?? name);
  }

  /** Say how much slower files of the chosen kind play, if they do. */
  tellSlow() {
    const { format, fps } = this.request;
    this.table.offer(this.names);
    this.fullColour.hidden = format !== "mp4";
    this.screen.show();
    const times = format === "gif" && typedRate(fps) ? gifSlowdown(fps) : null;
    this.slow.hidden = !times || times === 1;
    this.slow.textContent = this.slow.hidden ? "" : t("export.slow", { times: times ?? 1 });
  }

  /** The number of values of each factor, for the count of clips. */
  get counts() {
    const { portraits, expressions, intensities, durations_seconds, sides } = this.request;
    return {
      portraits: portraits.length,
      expressions: expressions.length,
      intensities: new Set(intensities).size,
      durations: new Set(durations_seconds).size,
      sides: sides.length,
    };
  }

  /** A text that says what is wrong or not chosen yet; null if nothing is. */
  get missing() {
    const { name, fps, format } = this.request;
    if (!name) return t("sheet.noName");
    if (![this.lead, this.tail].every(({ validity }) => validity.valid))
      return t("sheet.badStill", { most: this.lead.max });
    const { wrong: intensity, unclear: either } = this.#intensities,
      { wrong: duration, unclear } = this.#durations;
    if (either || unclear) return t("list.ask", { text: either ?? unclear ?? "" });
    if (intensity) return t("sheet.badIntensity", { wrong: intensity, most: MOST_INTENSITY });
    if (duration) return t("sheet.badDuration", { wrong: duration, most: MOST_MS });
    if (!typedRate(fps)) return t("timeline.badRate", { most: MAX_FPS });
    if (format === "gif" && !gifSlowdown(fps)) return t("sheet.noGif", { fps });
    const lacking = Object.entries(this.counts)
      .filter(([, count]) => !count)
      .map(([what]) => t(`sheet.${what}`));
    return lacking.length ? t("sheet.lacking", { what: lacking.join(", ") }) : null;
  }
}

/** Drop settings that the engine no longer has. @param {import("./types.js").Engine} engine @param {import("./types.js").Settings} kept */
function knownSettings({ settings }, kept) {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => settings.some((each) => each.name === name)));
}

/** @param {string} name @param {string[]} taken */
function freeName(name, taken) {
  let free = name;
  for (let number = 2; taken.includes(free); number++) free = `${name} ${number}`;
  return free;
}
