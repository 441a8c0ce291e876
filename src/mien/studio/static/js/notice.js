// @ts-check
/** The line at the foot of the page. Screen readers read news when they are idle, and errors at once. */

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
    /** The cause of the error, if `right` may remove it. */
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
   * Say that something has ended, unless a newer text is shown.
   * @param {string} start the text that was shown when it began
   * @param {string} text
   */
  follow(start, text) {
    if (["", start].includes(this.element.textContent ?? "")) this.say(text);
  }

  /**
   * Show an error; nothing is shown for a request that was aborted on purpose.
   * @param {unknown} error
   * @param {string} [cause] with which `right` removes the error
   */
  fail(error, cause = "") {
    if (isAbort(error)) return;
    this.cause = cause;
    this.news.textContent = "";
    this.#tell(errorText(error));
  }

  /** Say why a typed value is not accepted. @param {string} text */
  refuse(text) {
    this.say("");
    this.#tell(text);
  }

  /** @param {string} text */
  #tell(text) {
    this.error.textContent = text;
    showNear(text);
  }

  /** Remove the error of a cause that no longer exists. @param {string} cause */
  right(cause) {
    if (this.cause !== cause) return;
    clearNear();
    this.cause = "";
    this.error.textContent = "";
  }

  /** Remove news and errors. */
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
  // In the page's language if the message is known; otherwise the server's English text is shown and marked as English.
  const own = currentLanguage() === "en" ? null : inChinese(error.message);
  return own ?? t("app.detail", { known, message: error.message });
}

/**
 * Why the server refuses a choice for which nothing was started: the reason alone, without "This did not work".
 * @param {unknown} error
 */
export function reasonText(error) {
  const isReason =
    currentLanguage() === "en" &&
    error instanceof ApiError &&
    error.message &&
    !hasText(`error.${error.kind}`) &&
    !["Internal", "Refused"].includes(error.kind);
  return isReason ? sentence(error.message) : errorText(error);
}

/** The server's line as a sentence. A file's name or an option at its beginning stays as it is. @param {string} line */
function sentence(line) {
  const begun = line.replace(/^[a-z](?=[a-z]* [a-z\d])/, (letter) => letter.toUpperCase());
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** A note of the server, in the page's language if the note is known. @param {string} note */
export function noteText(note) {
  return (currentLanguage() === "en" ? null : noteInChinese(note)) ?? note;
}
