// @ts-check
/** A small text beside a dragged handle that shows its value. Screen readers read the handle's own value. */

import { el } from "./dom.js";

const AWAY_PX = 16;
const HIGH_PX = 28;
/** Nearer than this to the window's edge, the text is placed on the other side. Measuring its width would cost a layout. */
const WIDE_PX = 220;

export class Readout {
  constructor() {
    this.element = el("div", { class: "readout", "aria-hidden": "true", hidden: true });
  }

  /** @param {{clientX: number, clientY: number}} at @param {string} text */
  show({ clientX, clientY }, text) {
    this.element.hidden = false;
    this.element.textContent = text;
    const atRight = clientX + WIDE_PX < innerWidth;
    const x = atRight ? `${clientX + AWAY_PX}px` : `calc(${clientX - AWAY_PX}px - 100%)`;
    this.element.style.transform = `translate(${x}, ${Math.max(clientY - AWAY_PX - HIGH_PX, 0)}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}
