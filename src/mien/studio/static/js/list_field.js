// @ts-check
/** A field for a list of numbers: it shows how it reads the list, and asks if the list can be read in two ways. */

import { button, el } from "./dom.js";
import { t } from "./i18n.js";
import { meanings, numberList } from "./number_list.js";

export class ListField {
  /**
   * @param {string} key
   * @param {string} label
   * @param {number[]} values
   * @param {{most: number, letters?: string}} limits
   * @param {() => void} changed
   */
  constructor(key, label, values, { most, letters = "" }, changed) {
    this.most = most;
    this.letters = letters;
    this.changed = changed;
    this.input = el("input", {
      type: "text",
      value: values.join(", "),
      "aria-label": label,
      dataset: { key },
      on: {
        input: () => {
          this.#show();
          changed();
        },
      },
    });
    this.said = el("span", { class: "list-said", role: "status" });
    this.element = el("span", { class: "list-field" }, this.input, this.said);
    this.#show();
  }

  get list() {
    return numberList(this.input.value, this.most, this.letters);
  }

  #show() {
    const { values, unclear } = this.list;
    if (!unclear) {
      this.said.replaceChildren(values.length ? t("list.understood", { values: values.join(" · ") }) : "");
      return;
    }
    const { one, two } = meanings(unclear);
    const take = (/** @type {string} */ text) => {
      this.input.value = text;
      this.#show();
      this.changed();
      this.input.focus();
    };
    this.said.replaceChildren(
      t("list.unclear"),
      " ",
      button(t("list.one", { number: Number(one) }), () => take(one), { dataset: { action: "list-one" } }),
      " ",
      button(t("list.two", { first: two.split("; ")[0], second: two.split("; ")[1] }), () => take(two), {
        dataset: { action: "list-two" },
      }),
    );
  }
}
