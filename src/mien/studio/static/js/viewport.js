// @ts-check
/** Which part of the pictures is visible, and how large: the face as large as fits, or what the user zoomed to. */

/** @typedef {[number, number, number, number]} Box left, top, right, bottom in px of a canvas */

/** Free space around a face, as shares of its width (left, right) and height (top, bottom). */
const MARGIN = { left: 0.12, top: 0.22, right: 0.12, bottom: 0.12 };
const MOST_ZOOM = 16;

/**
 * The box of a face with some room around it, within the picture.
 * @param {number[]} box_px of the face
 * @param {number} width of the picture
 * @param {number} height
 * @returns {Box}
 */
export function roomFor([left, top, right, bottom], width, height) {
  const [wide, high] = [right - left, bottom - top];
  return [
    Math.max(left - MARGIN.left * wide, 0),
    Math.max(top - MARGIN.top * high, 0),
    Math.min(right + MARGIN.right * wide, width),
    Math.min(bottom + MARGIN.bottom * high, height),
  ];
}

/** The scale at which a whole box fits into the room. @param {Box} box @param {{width: number, height: number}} room */
export function fitting([left, top, right, bottom], { width, height }) {
  return Math.min(width / Math.max(right - left, 1), height / Math.max(bottom - top, 1));
}

/**
 * The position of a picture's left or top edge: the picture fills the room, or is centred in it.
 * @param {number} centre px of the picture that should be in the middle
 * @param {number} length of the picture
 * @param {number} room
 * @param {number} scale
 */
function edge(centre, length, room, scale) {
  const free = room - length * scale;
  return free >= 0 ? free / 2 : Math.min(Math.max(room / 2 - centre * scale, free), 0);
}

export class Viewport {
  constructor() {
    /** Zoom factor; at 1 the face fills the room. */
    this.zoom = 1;
    /** Distance of the view's centre from the face's, as shares of the face's box, so that it fits pictures of any size. */
    this.away = { x: 0, y: 0 };
  }

  /** Whether the view is fitted to the face. */
  get onFace() {
    return this.zoom === 1 && this.away.x === 0 && this.away.y === 0;
  }

  toFace() {
    this.zoom = 1;
    this.away = { x: 0, y: 0 };
  }

  /**
   * The position and scale of a picture.
   * @param {{width: number, height: number}} picture
   * @param {Box} box of its face
   * @param {{width: number, height: number}} room
   */
  place(picture, box, room) {
    const base = fitting(box, room);
    const scale = base * Math.max(this.zoom, this.#least(picture, base, room));
    const centre = {
      x: (box[0] + box[2]) / 2 + this.away.x * (box[2] - box[0]),
      y: (box[1] + box[3]) / 2 + this.away.y * (box[3] - box[1]),
    };
    return {
      scale,
      left: edge(centre.x, picture.width, room.width, scale),
      top: edge(centre.y, picture.height, room.height, scale),
    };
  }

  /** The zoom at which a whole picture is visible. @param {{width: number, height: number}} picture @param {number} base @param {{width: number, height: number}} room */
  #least(picture, base, room) {
    return Math.min(fitting([0, 0, picture.width, picture.height], room) / base, 1);
  }

  /**
   * Zoom, and keep the point under the pointer at its place.
   * @param {number} zoom wanted
   * @param {{x: number, y: number}} at px of the room
   * @param {{width: number, height: number}} picture
   * @param {Box} box
   * @param {{width: number, height: number}} room
   */
  zoomTo(zoom, at, picture, box, room) {
    const before = this.place(picture, box, room);
    const base = fitting(box, room);
    this.zoom = Math.min(Math.max(zoom, this.#least(picture, base, room)), MOST_ZOOM);
    const scale = base * this.zoom;
    this.#centreOn(
      (at.x - before.left) / before.scale + (room.width / 2 - at.x) / scale,
      (at.y - before.top) / before.scale + (room.height / 2 - at.y) / scale,
      box,
    );
  }

  /** @param {{x: number, y: number}} by px on the screen @param {{width: number, height: number}} picture @param {Box} box @param {{width: number, height: number}} room */
  pan(by, picture, box, room) {
    const { scale, left, top } = this.place(picture, box, room);
    const middle = (
      /** @type {number} */ size,
      /** @type {number} */ length,
      /** @type {number} */ from,
      /** @type {number} */ moved,
    ) => (size / 2 - edge((size / 2 - from - moved) / scale, length, size, scale)) / scale;
    this.#centreOn(middle(room.width, picture.width, left, by.x), middle(room.height, picture.height, top, by.y), box);
  }

  /** @param {number} x @param {number} y @param {Box} box */
  #centreOn(x, y, box) {
    this.away = {
      x: (x - (box[0] + box[2]) / 2) / (box[2] - box[0]),
      y: (y - (box[1] + box[3]) / 2) / (box[3] - box[1]),
    };
  }
}
