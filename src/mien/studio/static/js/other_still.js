// @ts-check
/** Another picture of a design, such as its apex or an earlier version; requested again only if it has changed. */

import { blob } from "./api.js";
import { Latest } from "./latest.js";

export class OtherStill {
  /** @param {() => void} come @param {(error: unknown) => void} failed */
  constructor(come, failed) {
    /** @type {ImageBitmap | null} */
    this.picture = null;
    /** The request that the picture answers, as text. */
    this.of = "";
    this.asked = new Latest(async (/** @type {any} */ request) => {
      const of = JSON.stringify(request);
      if (of === this.of) return;
      try {
        this.picture = await createImageBitmap(await blob("/api/preview/frame", request));
        this.of = of;
        come();
      } catch (error) {
        failed(error);
      }
    });
  }

  /** @param {object} request */
  ask(request) {
    void this.asked.ask(request);
  }

  forget() {
    this.picture = null;
    this.of = "";
  }
}
