// @ts-check
/** A tour of the page in five steps, shown on the first start and from the help. It can be skipped. */

import { button, el } from "./dom.js";
import { t } from "./i18n.js";

const KEPT_AS = "mien-tour";
const AWAY_PX = 12;

/** The part of the page that each step outlines. */
const STEPS = /** @type {const} */ ([
  ["picture", ".stage-place"],
  ["expression", ".panel"],
  ["lanes", ".lanes-box"],
  ["all", ".whole-row"],
  ["look", ".top"],
]);

/** Show the tour on the first start only. */
export function tourOnce() {
  if (localStorage.getItem(KEPT_AS) === null) tour();
}

export function tour() {
  let step = 0;
  const title = el("h2", { id: "tour-title" });
  const text = el("p", { id: "tour-text" });
  const back = button(t("tour.back"), () => show(step - 1), { dataset: { action: "tour-back" } });
  const next = button("", () => (step + 1 < STEPS.length ? show(step + 1) : dialog.close()), {
    class: "primary",
    dataset: { action: "tour-next" },
  });
  const skip = button(t("tour.skip"), () => dialog.close(), { class: "quiet", dataset: { action: "tour-skip" } });
  const dialog = el(
    "dialog",
    {
      class: "tour",
      "aria-labelledby": title.id,
      "aria-describedby": text.id,
      on: {
        close: () => {
          localStorage.setItem(KEPT_AS, "seen");
          point(null);
          removeEventListener("resize", place);
          dialog.remove();
        },
      },
    },
    title,
    text,
    el("footer", {}, skip, back, next),
  );
  const target = () => document.querySelector(STEPS[step][1]);
  const place = () => putBeside(dialog, target());
  const show = (/** @type {number} */ wanted) => {
    step = wanted;
    const [name] = STEPS[step];
    title.textContent = t("tour.title", { step: step + 1, steps: STEPS.length, title: t(`tour.${name}`) });
    text.textContent = t(`tour.${name}Text`);
    next.textContent = t(step + 1 < STEPS.length ? "tour.next" : "tour.end");
    back.hidden = step === 0;
    point(target());
    place();
    next.focus();
  };
  document.body.append(dialog);
  dialog.showModal();
  addEventListener("resize", place);
  show(0);
}

/** Outline one part of the page, and remove other outlines. @param {Element | null} part */
function point(part) {
  for (const each of document.querySelectorAll(".toured")) each.classList.remove("toured");
  part?.classList.add("toured");
}

/** @param {HTMLElement} dialog @param {Element | null} part */
function putBeside(dialog, part) {
  const box = part?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
  const { width, height } = dialog.getBoundingClientRect();
  const left = box.left + box.width / 2 < innerWidth / 2 ? box.right + AWAY_PX : box.left - AWAY_PX - width;
  const top =
    box.height < innerHeight / 4
      ? box.bottom + AWAY_PX + height < innerHeight
        ? box.bottom + AWAY_PX
        : box.top - AWAY_PX - height
      : box.top + AWAY_PX;
  const within = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ room) =>
    Math.max(Math.min(at, room - size - AWAY_PX), AWAY_PX);
  Object.assign(dialog.style, {
    left: `${within(left, width, innerWidth)}px`,
    top: `${within(top, height, innerHeight)}px`,
  });
}
