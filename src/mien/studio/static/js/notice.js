// @ts-check
/** One line at the foot of the page: news for everybody, errors at once for screen readers. */

import { ApiError, isAbort } from "./api.js";
import { el } from "./dom.js";
import { currentLanguage, hasText, t } from "./i18n.js";
import { inChinese } from "./messages_zh.js";
import { clearNear, showNear } from "./near.js";
import { noteInChinese } from "./notes_zh.js";

export class Notices {
  constructor() {
    this.news = el("span", { class: "news", role: "status", "aria-live": "polite" });
    this.error = el("span", { class: "error", role: "alert" });
    /** What went wrong, if its being right again is told. */
    this.cause = "";
    this.element = el("div", { class: "notices" }, this.error, this.news);
  }

  /** @param {string} text */
  say(text) {
    clearNear();
    this.cause = "";
    this.error.textContent = "";
    this.news.textContent = text;
  }

  /**
   * Say that something has ended, unless a newer line stands there by now.
   * @param {string} start what was said at its beginning
   * @param {string} text
   */
  follow(start, text) {
    if (["", start].includes(this.element.textContent ?? "")) this.say(text);
  }

  /**
   * Tell an error; nothing is shown for what was aborted on purpose.
   * @param {unknown} error
   * @param {string} [cause] so that `right` takes the error away
   */
  fail(error, cause = "") {
    if (isAbort(error)) return;
    this.cause = cause;
    this.news.textContent = "";
    this.#tell(errorText(error));
  }

  /** Say why something that was typed is not taken. @param {string} text */
  refuse(text) {
    this.say("");
    this.#tell(text);
  }

  /** @param {string} text */
  #tell(text) {
    this.error.textContent = text;
    showNear(text);
  }

  /** What was wrong before is right again. @param {string} cause */
  right(cause) {
    if (this.cause !== cause) return;
    clearNear();
    this.cause = "";
    this.error.textContent = "";
  }

  /** Nothing more to say. */
  clear() {
    this.say("");
  }
}

/** @param {unknown} error */
export function errorText(error) {
  if (!(error instanceof ApiError)) {
    console.error(error);
    return t("app.detail", { known: t("app.failed"), message: String(error) });
  }
  const known = t(hasText(`error.${error.kind}`) ? `error.${error.kind}` : "app.failed");
  if (!error.message) return known;
  // Whole in the language of the page, where the message is known; else the server's own words are marked as such.
  const own = currentLanguage() === "en" ? null : inChinese(error.message);
  return own ?? t("app.detail", { known, message: error.message });
}

/** A note of the server, in the language of the page where the note is known. @param {string} note */
export function noteText(note) {
  return (currentLanguage() === "en" ? null : noteInChinese(note)) ?? note;
}
