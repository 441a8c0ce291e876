// @ts-check
/** A small line beside what is dragged: where it is now. Screen readers have it as the handle's value. */

import { el } from "./dom.js";

const AWAY_PX = 16;

export class Readout {
  constructor() {
    this.element = el("div", { class: "readout", "aria-hidden": "true", hidden: true });
  }

  /** @param {{clientX: number, clientY: number}} at @param {string} text */
  show({ clientX, clientY }, text) {
    this.element.hidden = false;
    this.element.textContent = text;
    const { width, height } = this.element.getBoundingClientRect();
    const left = clientX + AWAY_PX + width > innerWidth ? clientX - AWAY_PX - width : clientX + AWAY_PX;
    Object.assign(this.element.style, { left: `${left}px`, top: `${Math.max(clientY - AWAY_PX - height, 0)}px` });
  }

  hide() {
    this.element.hidden = true;
  }
}
