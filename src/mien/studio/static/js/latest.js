// @ts-check
/** One request at a time: of the requests that come meanwhile, only the newest is made afterwards. */

/** @template T */
export class Latest {
  /** @param {(wanted: T) => Promise<void>} work */
  constructor(work) {
    this.work = work;
    this.busy = false;
    /** @type {{wanted: T} | null} */
    this.next = null;
  }

  /** @param {T} wanted */
  async ask(wanted) {
    this.next = { wanted };
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.next) {
        const { wanted: now } = this.next;
        this.next = null;
        await this.work(now);
      }
    } finally {
      this.busy = false;
    }
  }
}
