// @ts-check
/** Draw the stage's picture: the frame, another frame half-transparent over it, the lit region, the arrows. */

/** @typedef {{points_px: number[][], displacement_px: number[][][], magnification: number}} Motion */

/** @typedef {{picture: ImageBitmap, left: number, top: number}} Patch position in px of the picture that it covers */

/**
 * @typedef {object} Scene
 * @property {ImageBitmap} picture
 * @property {Patch | null} [patch] a newer part of it
 * @property {ImageBitmap | null} [ghost] drawn half-transparent over it
 * @property {number[][][]} [lit] polygons
 * @property {Motion | null} [motion]
 * @property {number} widthPx width of the portrait at its own size; polygons and arrows are in its px
 */

const GHOST = 0.5;

/** Canvases that show a picture with nothing over it: on these, only the patch has to be drawn. @type {WeakMap<HTMLCanvasElement, ImageBitmap>} */
const bare = new WeakMap();

/** @param {HTMLCanvasElement} canvas @param {Scene} scene */
export function draw(canvas, { picture, patch = null, ghost = null, lit = [], motion = null, widthPx }) {
  const { width, height } = picture;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const covered = ghost || lit.length > 0 || motion;
  if (!patch || covered || bare.get(canvas) !== picture) {
    context.clearRect(0, 0, width, height);
    context.drawImage(picture, 0, 0);
  }
  if (covered) bare.delete(canvas);
  else bare.set(canvas, picture);
  if (patch) context.drawImage(patch.picture, patch.left, patch.top);
  if (ghost) {
    context.globalAlpha = GHOST;
    context.drawImage(ghost, 0, 0, width, height);
    context.globalAlpha = 1;
  }
  const scale = width / widthPx;
  for (const polygon of lit) fillPolygon(context, polygon, scale);
  if (motion) arrows(context, motion, scale);
}

/** Pixel centres have whole coordinates here, and half ones on a canvas. @param {number} px @param {number} scale */
const at = (px, scale) => (px + 0.5) * scale;

/** @param {CanvasRenderingContext2D} context @param {number[][]} polygon @param {number} scale */
function fillPolygon(context, polygon, scale) {
  context.beginPath();
  for (const [x, y] of polygon) context.lineTo(at(x, scale), at(y, scale));
  context.closePath();
  context.fillStyle = "rgba(255, 196, 0, 0.38)";
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {Motion} motion @param {number} scale */
function arrows(context, { points_px, displacement_px, magnification }, scale) {
  const moves = displacement_px[0];
  context.lineWidth = 1.5;
  for (let i = 0; i < points_px.length; i++) {
    const [dx, dy] = moves[i].map((length) => length * magnification * scale);
    const length = Math.hypot(dx, dy);
    if (length < 1.5) continue;
    const [x, y] = points_px[i].map((px) => at(px, scale));
    const head = Math.min(length * 0.4, 5) / length;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + dx, y + dy);
    context.lineTo(x + dx - head * (dx + 0.6 * dy), y + dy - head * (dy - 0.6 * dx));
    context.moveTo(x + dx, y + dy);
    context.lineTo(x + dx - head * (dx - 0.6 * dy), y + dy - head * (dy + 0.6 * dx));
    context.strokeStyle = "#00e5a8";
    context.stroke();
  }
}
