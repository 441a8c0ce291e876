// @ts-check
/**
 * The page's state is saved in the studio's folder while people work, and restored after a reload. Each browser tab has
 * its own draft, whose id stays with the tab.
 */

import { call, get, remove } from "./api.js";
import { draftOf, restore } from "./snapshot.js";

const KEPT_AS = "mien-draft";
/** Key in the browser's storage for the last state of a tab that is reloaded: faster than any request. */
const LAST_AS = "mien-draft-last";
const LOCK = "mien-draft-";
const EVERY_MS = 800;

/** @typedef {import("./context.js").Context} Context */
/** @typedef {{id: string, title: string, portrait: string | null, unsaved: boolean, modified: string}} DraftSummary */

export class Keeper {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.id = "";
    /** The draft as the server has it, as text. */
    this.held = "";
    this.busy = false;
    this.stopped = false;
  }

  /** Restore the draft of this tab. @returns {Promise<() => Promise<void>>} what remains to be done after the page is built */
  async begin() {
    const before = sessionStorage.getItem(KEPT_AS);
    // A duplicated tab has the id of the first tab, which still uses it.
    const own = before !== null && (await holds(before));
    this.id = own ? before : newId();
    if (!own) await holds(this.id);
    sessionStorage.setItem(KEPT_AS, this.id);
    const last = sessionStorage.getItem(LAST_AS);
    sessionStorage.removeItem(LAST_AS);
    setInterval(() => void this.keep(), EVERY_MS);
    addEventListener("pagehide", () => this.#leave());
    addEventListener("beforeunload", (event) => {
      if (this.failed && draftOf(this.context).unsaved) event.preventDefault();
    });
    if (before === null) return async () => {};
    return this.#restored(last && own ? JSON.parse(last) : await get(`/api/drafts/${before}`).catch(() => null));
  }

  /** Restore the draft of a tab that was closed. @param {string} id */
  async take(id) {
    const { state } = await get(`/api/drafts/${id}`);
    const goOn = await restore(this.context, state);
    this.context.rebuild();
    await this.keep();
    // Only when this draft is saved: saving may have failed, or may still be running with an earlier state.
    if (this.held === JSON.stringify(draftOf(this.context))) await remove(`/api/drafts/${id}`);
    await goOn();
  }

  /** @param {any} draft */
  async #restored(draft) {
    if (!draft) return async () => {};
    try {
      return await restore(this.context, draft.state);
    } catch (error) {
      return async () => this.context.notices.fail(error);
    }
  }

  /** Whether the last state could not be saved. */
  get failed() {
    return this.context.unkept !== null;
  }

  /** Save the state if it has changed since it was saved last. */
  async keep() {
    const { context } = this;
    const draft = draftOf(context);
    const text = JSON.stringify(draft);
    const nothing = !context.portrait && !context.transfer.clip;
    if (this.busy || this.stopped || text === this.held || (nothing && !this.held)) return;
    this.busy = true;
    try {
      await call("PUT", `/api/drafts/${this.id}`, { json: draft });
      this.held = text;
      context.unkept = null;
    } catch (error) {
      context.unkept = error;
    } finally {
      this.busy = false;
    }
  }

  /** When the page is left, keep its last state in the browser for a reload, and send it to the server for later. */
  #leave() {
    if (this.stopped) return;
    const draft = draftOf(this.context);
    if (!draft.portrait && !this.context.transfer.clip) return;
    const text = JSON.stringify(draft);
    sessionStorage.setItem(LAST_AS, text);
    if (text !== this.held) {
      void fetch(`/api/drafts/${this.id}`, {
        method: "PUT",
        body: text,
        keepalive: true,
        headers: { "Content-Type": "application/json" },
      }).catch(() => {});
    }
  }

  /** Start with an empty page. A draft with unsaved work stays in the list of drafts. */
  async startAnew() {
    await this.keep();
    this.stopped = true;
    if (!draftOf(this.context).unsaved) await remove(`/api/drafts/${this.id}`).catch(() => {});
    for (const key of [KEPT_AS, LAST_AS]) sessionStorage.removeItem(key);
    location.reload();
  }
}

/** Drafts with unsaved work whose tab is closed, newest first. @returns {Promise<DraftSummary[]>} */
export async function leftDrafts() {
  const [{ drafts }, locks] = await Promise.all([get("/api/drafts"), navigator.locks.query()]);
  const open = new Set((locks.held ?? []).map(({ name }) => name));
  return drafts.filter((/** @type {DraftSummary} */ { id, unsaved }) => unsaved && !open.has(LOCK + id));
}

/** Lock a draft for as long as the page is open. @param {string} id @returns {Promise<boolean>} false if another tab has locked it */
function holds(id) {
  return new Promise((answer) => {
    void navigator.locks.request(LOCK + id, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock && new Promise(() => {});
    });
  });
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
