// @ts-check
/** Listeners that are called on a change; a subscription ends with the page that it was made for. */

export class Listeners {
  constructor() {
    /** @type {Set<() => void>} */
    this.listeners = new Set();
  }

  /** @param {() => void} listener @param {AbortSignal} signal ends the subscription */
  subscribe(listener, signal) {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }

  tell() {
    for (const listener of [...this.listeners]) listener();
  }
}
