// @ts-check
/** A rendered clip: its frames come as a stream, stay packed, and are unpacked around where it plays. */

import { frames } from "./api.js";

const MOST_UNPACKED = 120;

export class Film {
  /** @param {number} total frames */
  constructor(total) {
    this.total = total;
    /** @type {Blob[]} */
    this.packed = [];
    /** @type {Map<number, ImageBitmap>} */
    this.pictures = new Map();
    /** @type {Set<number>} */
    this.unpacking = new Set();
    this.abort = new AbortController();
  }

  get complete() {
    return this.packed.length >= this.total;
  }

  /** @param {string} path @param {unknown} json @param {() => void} onFrame */
  async load(path, json, onFrame) {
    for await (const frame of frames("POST", path, { json, signal: this.abort.signal })) {
      this.packed.push(frame);
      onFrame();
    }
  }

  /**
   * The picture of a frame, if it is unpacked; it and the next ones are on their way in any case.
   * @param {number} index
   * @returns {ImageBitmap | null}
   */
  picture(index) {
    for (let ahead = 0; ahead < 6; ahead++) void this.unpack((index + ahead) % this.total);
    return this.pictures.get(index) ?? null;
  }

  /** @param {number} index */
  async unpack(index) {
    if (this.pictures.has(index) || this.unpacking.has(index) || !this.packed[index]) return;
    this.unpacking.add(index);
    const picture = await createImageBitmap(this.packed[index]);
    this.unpacking.delete(index);
    if (this.abort.signal.aborted) return picture.close();
    this.pictures.set(index, picture);
    if (this.pictures.size > MOST_UNPACKED) {
      const oldest = /** @type {number} */ (this.pictures.keys().next().value);
      this.pictures.get(oldest)?.close();
      this.pictures.delete(oldest);
    }
  }

  drop() {
    this.abort.abort();
    for (const picture of this.pictures.values()) picture.close();
    this.pictures.clear();
  }
}
