// @ts-check
/** A rendered clip: its frames come as a stream, stay compressed, and are decoded shortly before they are played. */

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
    /** @type {Map<number, Promise<void>>} */
    this.unpacking = new Map();
    this.abort = new AbortController();
  }

  get complete() {
    return this.packed.length >= this.total;
  }

  /** @param {string} method @param {string} path @param {unknown} json @param {() => void} [onFrame] */
  async load(method, path, json, onFrame = () => {}) {
    for await (const frame of frames(method, path, { json, signal: this.abort.signal })) {
      this.packed.push(frame);
      onFrame();
    }
  }

  /**
   * The picture of a frame if it is decoded, else null. In any case it and the next ones are being decoded afterwards.
   * @param {number} index
   * @returns {ImageBitmap | null}
   */
  picture(index) {
    for (let ahead = 0; ahead < 6; ahead++) void this.unpack((index + ahead) % this.total);
    return this.pictures.get(index) ?? null;
  }

  /** Wait for the picture of a frame, or of the last frame that has come; null if none has. @param {number} index */
  async unpacked(index) {
    const nearest = Math.min(index, this.packed.length - 1);
    await this.unpack(nearest);
    return this.pictures.get(nearest) ?? null;
  }

  /** @param {number} index @returns {Promise<void> | undefined} */
  unpack(index) {
    if (this.pictures.has(index) || !this.packed[index]) return undefined;
    const under = this.unpacking.get(index) ?? this.#unpack(index);
    this.unpacking.set(index, under);
    return under;
  }

  /** @param {number} index */
  async #unpack(index) {
    const picture = await createImageBitmap(this.packed[index]);
    this.unpacking.delete(index);
    if (this.abort.signal.aborted) return picture.close();
    this.pictures.set(index, picture);
    if (this.pictures.size <= MOST_UNPACKED) return;
    const oldest = /** @type {number} */ (this.pictures.keys().next().value);
    this.pictures.get(oldest)?.close();
    this.pictures.delete(oldest);
  }

  drop() {
    this.abort.abort();
    for (const picture of this.pictures.values()) picture.close();
    this.pictures.clear();
  }
}
