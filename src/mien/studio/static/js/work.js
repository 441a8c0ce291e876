// @ts-check
/** One long task at a time, its progress, and the line that shows it with a cancel button. */

import { button, el } from "./dom.js";
import { t } from "./i18n.js";
import { Listeners } from "./listeners.js";

export class Work extends Listeners {
  constructor() {
    super();
    /** @type {{kind: string, done: number, total: number | null, reading: boolean, cancelling: boolean, abort: AbortController} | null} */
    this.now = null;
    /** The promise of its result. @type {Promise<any> | null} */
    this.under = null;
  }

  /**
   * Cancel the task under way, and run this one.
   * @template T
   * @param {string} kind
   * @param {(signal: AbortSignal) => Promise<T>} task
   */
  async run(kind, task) {
    this.cancel();
    const abort = new AbortController();
    const now = { kind, done: 0, total: null, reading: false, cancelling: false, abort };
    this.now = now;
    this.tell();
    try {
      return await task(abort.signal);
    } finally {
      if (this.now === now) this.now = null;
      this.tell();
    }
  }

  /**
   * Show the progress of a job. A job without a total is reading a clip.
   * @param {import("./types.js").Job} job
   * @param {number} frames of that clip
   */
  progress({ done, total }, frames) {
    if (!this.now) return;
    Object.assign(this.now, {
      done,
      total: total ?? frames,
      reading: total === null && done > 0 && this.now.kind !== "compare",
    });
    this.tell();
  }

  cancel() {
    if (!this.now) return;
    // The task may take a while to end.
    this.now.cancelling = true;
    this.now.abort.abort();
    this.tell();
  }

  /** The line that shows the task. @param {AbortSignal} signal of the page that it is on */
  line(signal) {
    const bar = el("progress", { "aria-label": t("work.label") });
    // Screen readers hear the task once, not each of its steps.
    const what = el("span", { role: "status" });
    const count = el("span");
    const stop = button(t("export.cancel"), () => this.cancel(), { dataset: { action: "cancel" } });
    const line = el("div", { class: "work" }, el("span", { class: "work-text" }, what, " ", count), bar, stop);
    const show = () => {
      line.hidden = !this.now;
      if (!this.now) return;
      const { done, total, reading, cancelling } = this.now;
      stop.disabled = cancelling;
      const kind = reading ? "measure" : this.now.kind;
      const counted = total !== null && total > 0 && done > 0 && !cancelling;
      const text = t(cancelling ? "work.cancelling" : `work.${kind}`);
      if (what.textContent !== text) what.textContent = text;
      count.textContent = counted ? t("work.count", { done, total }) : "";
      if (counted) [bar.max, bar.value] = [total, done];
      else bar.removeAttribute("value");
    };
    this.subscribe(show, signal);
    show();
    return line;
  }
}
