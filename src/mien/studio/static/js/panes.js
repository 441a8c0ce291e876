// @ts-check
/** One picture or two, beside or above each other depending on the room, zoomed and moved together. */

import { el } from "./dom.js";
import { fitting } from "./viewport.js";

/** @typedef {import("./viewport.js").Box} Box */

const WHEEL_PX = 400;
const PINCH_PX = 100;
const CAPTION_PX = 18;

class Pane {
  /** @param {string} name @param {import("./dom.js").Attributes} attributes of its canvas */
  constructor(name, attributes) {
    this.canvas = el("canvas", { class: name, width: 8, height: 8, ...attributes });
    this.caption = el("span", { class: "caption" });
    this.view = el("div", { class: "pane-view" }, this.canvas);
    this.element = el("div", { class: "pane" }, this.caption, this.view);
    /** The box of the face. @type {Box} */
    this.box = [0, 0, 8, 8];
    this.room = { width: 1, height: 1 };
  }

  measure() {
    this.room = { width: Math.max(this.view.clientWidth, 1), height: Math.max(this.view.clientHeight, 1) };
  }
}

export class Panes {
  /** @param {import("./viewport.js").Viewport} viewport @param {string} label @param {() => void} moved called when another part of the picture is visible */
  constructor(viewport, label, moved) {
    this.viewport = viewport;
    this.moved = moved;
    this.main = new Pane("picture", { role: "img", "aria-label": label });
    this.beside = new Pane("beside", { role: "img" });
    this.beside.element.hidden = true;
    this.element = el("div", { class: "frame-box" }, this.beside.element, this.main.element);
    for (const pane of [this.main, this.beside]) this.#wire(pane);
    /** The last placement, to avoid needless layouts: a drag paints often. */
    this.placed = "";
  }

  /** Width of the main picture, in px of the screen. */
  get shownWidth() {
    const { main } = this;
    return this.viewport.place(main.canvas, main.box, main.room).scale * main.canvas.width;
  }

  /** The visible part of the main picture: left, top, right and bottom in its px, as whole numbers. */
  get window() {
    const { canvas, box, room } = this.main;
    const { scale, left, top } = this.viewport.place(canvas, box, room);
    const within = (/** @type {number} */ px, /** @type {number} */ most) => Math.min(Math.max(px, 0), most);
    return [
      within(Math.floor(-left / scale), canvas.width),
      within(Math.floor(-top / scale), canvas.height),
      within(Math.ceil((room.width - left) / scale), canvas.width),
      within(Math.ceil((room.height - top) / scale), canvas.height),
    ];
  }

  /** @param {Pane} pane */
  #wire(pane) {
    const { view } = pane;
    /** @type {Map<number, {x: number, y: number}>} */
    const held = new Map();
    view.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.zoomBy(2 ** (-event.deltaY / (event.ctrlKey ? PINCH_PX : WHEEL_PX)), this.#inView(pane, event), pane);
      },
      { passive: false },
    );
    view.addEventListener("pointerdown", (event) => {
      view.setPointerCapture(event.pointerId);
      held.set(event.pointerId, this.#inView(pane, event));
    });
    view.addEventListener("pointermove", (event) => {
      const before = held.get(event.pointerId);
      if (!before) return;
      const now = this.#inView(pane, event);
      const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
      held.set(event.pointerId, now);
      if (other) {
        const apart = (/** @type {{x: number, y: number}} */ one) =>
          Math.max(Math.hypot(one.x - other.x, one.y - other.y), 1);
        this.zoomBy(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }, pane);
      } else this.panBy({ x: now.x - before.x, y: now.y - before.y }, pane);
    });
    for (const over of ["pointerup", "pointercancel"])
      view.addEventListener(over, (event) => held.delete(/** @type {PointerEvent} */ (event).pointerId));
    view.addEventListener("dblclick", () => this.toFace());
  }

  /** @param {Pane} pane @param {MouseEvent} event */
  #inView({ view }, event) {
    const { left, top } = view.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** Show a second picture, or none. @param {Box | null} box of the face in it @param {[string, string]} captions of both pictures, the main one last */
  showBeside(box, captions) {
    const { beside, main } = this;
    beside.element.hidden = !box;
    if (box) beside.box = box;
    [beside.caption.textContent, main.caption.textContent] = box ? captions : ["", ""];
    beside.canvas.setAttribute("aria-label", captions[0]);
    const now = JSON.stringify([main.box, box, main.canvas.width, main.canvas.height]);
    if (now !== this.placed) this.place();
    this.placed = now;
  }

  /** @param {number} times @param {{x: number, y: number}} [at] @param {Pane} [pane] */
  zoomBy(times, at, pane = this.main) {
    const { room, canvas, box } = pane;
    this.viewport.zoomTo(
      this.viewport.zoom * times,
      at ?? { x: room.width / 2, y: room.height / 2 },
      canvas,
      box,
      room,
    );
    this.#changed();
  }

  /** @param {{x: number, y: number}} by px @param {Pane} [pane] */
  panBy(by, pane = this.main) {
    this.viewport.pan(by, pane.canvas, pane.box, pane.room);
    this.#changed();
  }

  toFace() {
    this.viewport.toFace();
    this.#changed();
  }

  /** Show one pixel of the portrait as one pixel of the page. @param {number} widthPx of the portrait */
  toActual(widthPx) {
    const { room, canvas, box } = this.main;
    this.viewport.zoomTo(
      widthPx / canvas.width / fitting(box, room),
      { x: room.width / 2, y: room.height / 2 },
      canvas,
      box,
      room,
    );
    this.#changed();
  }

  #changed() {
    this.place();
    this.moved();
  }

  /** Place the pictures; two are placed so that both are as large as possible. */
  place() {
    const { main, beside, element } = this;
    if (!beside.element.hidden) {
      const { clientWidth: width, clientHeight: height } = element;
      const across = fitting(main.box, { width: width / 2, height: height - CAPTION_PX });
      const down = fitting(main.box, { width, height: height / 2 - CAPTION_PX });
      element.classList.toggle("stacked", down > across);
    }
    for (const pane of [main, beside]) {
      pane.measure();
      const { canvas, box, room } = pane;
      const { scale, left, top } = this.viewport.place(canvas, box, room);
      canvas.style.transform = `translate(${left.toFixed(2)}px, ${top.toFixed(2)}px) scale(${scale.toFixed(5)})`;
    }
  }
}
