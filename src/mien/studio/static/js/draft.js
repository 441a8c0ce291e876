// @ts-check
/**
 * What the page shows is kept in the studio's folder while people work, and is there again after a reload. Each tab of
 * the browser has a draft of its own, whose id stays with the tab.
 */

import { call, get, remove } from "./api.js";
import { draftOf, restore } from "./snapshot.js";

const KEPT_AS = "mien-draft";
/** The last state of a tab that is reloaded: no request is as quick. */
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
    /** What the server has. */
    this.held = "";
    this.busy = false;
    this.stopped = false;
  }

  /** Take up the draft of this tab. @returns {Promise<() => Promise<void>>} what is left to do once the page is built */
  async begin() {
    const before = sessionStorage.getItem(KEPT_AS);
    // A tab that was duplicated has the id of the first, which goes on using it.
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

  /** Take up another draft, of a tab that was closed. @param {string} id */
  async take(id) {
    const { state } = await get(`/api/drafts/${id}`);
    const goOn = await restore(this.context, state);
    this.context.rebuild();
    await this.keep();
    // Not before this draft is kept: keeping may have failed, or was going on with an earlier state.
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

  /** Whether the last state could not be kept. */
  get failed() {
    return this.context.unkept !== null;
  }

  /** Keep the state, if it is another than was kept last. */
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

  /** The page goes: its last state is kept for a reload, and sent for the day after. */
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

  /** Start again on an empty page. A draft with unsaved work stays in the list of drafts. */
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

/** Hold a draft for as long as the page lives. @param {string} id @returns {Promise<boolean>} whether no other tab holds it */
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
