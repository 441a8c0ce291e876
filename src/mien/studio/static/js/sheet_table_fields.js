// @ts-check
/** The fields for a stimulus sheet's table: its file formats, path prefix and correct answers. */

import { el, field } from "./dom.js";
import { emotionName, t } from "./i18n.js";
import { check } from "./inputs.js";

const KINDS = ["csv", "xlsx", "js"];

export class SheetTableFields {
  /** @param {any} kept @param {() => void} changed */
  constructor(kept, changed) {
    /** @type {Record<string, string>} by expression */
    this.answers = { ...kept.answers };
    this.tables = new Set(["csv", ...(kept.tables ?? [])]);
    this.changed = changed;
    this.prefix = el("input", {
      type: "text",
      value: kept.prefix ?? "",
      placeholder: t("table.prefixNone"),
      dataset: { key: "sheet-prefix" },
      on: { input: changed },
    });
    const kinds = KINDS.map((kind) => {
      const label = check(`table-${kind}`, t(`table.${kind}`), this.tables.has(kind), (ticked) => {
        if (ticked) this.tables.add(kind);
        else this.tables.delete(kind);
        changed();
      });
      const input = /** @type {HTMLInputElement} */ (label.querySelector("input"));
      input.disabled = kind === "csv"; // a sheet always has this table
      return label;
    });
    this.answerFields = el("div", { class: "row answers" });
    this.element = el(
      "div",
      { class: "stack" },
      el("div", { class: "row" }, ...kinds, field(t("table.prefix"), this.prefix)),
      el(
        "details",
        {},
        el("summary", { text: t("table.answers"), dataset: { key: "answers" } }),
        el("p", { class: "hint", text: t("table.answersHint") }),
        this.answerFields,
      ),
    );
  }

  /** Show a field for the correct answer of each expression. @param {string[]} names */
  offer(names) {
    const now = names.join("\n");
    if (this.answerFields.dataset.names === now) return;
    this.answerFields.dataset.names = now;
    this.answerFields.replaceChildren(
      ...names.map((name) => {
        const input = el("input", {
          type: "text",
          value: this.answers[name] ?? "",
          placeholder: name,
          dataset: { answer: name },
          on: {
            input: () => {
              this.answers[name] = input.value.trim();
              this.changed();
            },
          },
        });
        return field(emotionName(name), input);
      }),
    );
  }

  /** @param {string[]} names of the expressions */
  values(names) {
    const answers = Object.fromEntries(
      names.filter((name) => this.answers[name]).map((name) => [name, this.answers[name]]),
    );
    return { prefix: this.prefix.value.trim(), answers, tables: KINDS.filter((kind) => this.tables.has(kind)) };
  }
}
