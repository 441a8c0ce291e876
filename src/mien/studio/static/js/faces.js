// @ts-check
/** Which of a picture's faces is chosen, and a small picture to choose it in. */

import { el, field, svg } from "./dom.js";
import { t } from "./i18n.js";

/**
 * @param {import("./types.js").PortraitInfo} portrait
 * @param {number | "largest" | null} face as a design has it
 * @returns {number} its number from the left
 */
export function chosenFace({ faces }, face) {
  if (typeof face === "number") return face;
  if (face === null || !faces.length) return 1;
  const area = (/** @type {number[]} */ [left, top, right, bottom]) => (right - left) * (bottom - top);
  return faces.reduce((most, each) => (area(each.box_px) > area(most.box_px) ? each : most)).number;
}

/**
 * A small portrait with each of its faces outlined; a click chooses one.
 * @param {import("./context.js").Context} context
 * @param {import("./types.js").PortraitInfo} portrait
 */
export function facePicture(context, portrait) {
  const chosen = chosenFace(portrait, context.store.design.face);
  const { id, width_px, height_px } = portrait;
  return el(
    "div",
    { class: "face-picture" },
    el("img", { src: `/api/portraits/${id}/picture?size_px=512`, alt: "" }),
    svg(
      "svg",
      { viewBox: `0 0 ${width_px} ${height_px}`, "aria-hidden": "true" },
      ...portrait.faces.map(({ number, outline_px }) =>
        svg(
          "polygon",
          {
            points: outline_px.map((point) => point.join(",")).join(" "),
            class: number === chosen ? "face chosen" : "face",
            dataset: { face: number },
            on: { click: () => void context.setPortrait(portrait, number), ...lighting(context, portrait, number) },
          },
          svg("title", { text: t("portrait.faceNumber", { number }) }),
        ),
      ),
    ),
  );
}

/**
 * A list of the faces, for choosing one by the keyboard.
 * @param {import("./context.js").Context} context
 * @param {import("./types.js").PortraitInfo} portrait
 */
export function faceField(context, portrait) {
  const chosen = chosenFace(portrait, context.store.design.face);
  const select = el(
    "select",
    {
      dataset: { key: "face" },
      on: {
        change: () => void context.setPortrait(portrait, Number(select.value)),
        ...lighting(context, portrait, chosen),
      },
    },
    ...portrait.faces.map(({ number }) =>
      el("option", { value: String(number), text: t("portrait.faceNumber", { number }), selected: number === chosen }),
    ),
  );
  return field(t("portrait.face"), select);
}

/** Handlers that light a face in the large picture while the pointer is on it. @param {import("./context.js").Context} context @param {import("./types.js").PortraitInfo} portrait @param {number} number */
function lighting(context, { faces }, number) {
  const outline = faces.find((face) => face.number === number)?.outline_px;
  const show = () => context.lightUp(outline ? [outline] : []);
  const hide = () => context.lightUp([]);
  return { mouseenter: show, mouseleave: hide, focus: show, blur: hide };
}
