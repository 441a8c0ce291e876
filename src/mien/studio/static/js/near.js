// @ts-check
/** Show an error also beside the control that was used last, until the next action. */

const GAP_PX = 6;
const WIDTH_PX = 380;

/** Where the last action was; null for an action without a place, such as a reload. @type {DOMRect | null} */
let place = null;
/** @type {HTMLElement | null} */
let shown = null;

/** @param {Event} event */
function remember(event) {
  const target = event.target instanceof Element ? event.target : null;
  const control =
    target?.closest("button, label, input, select, summary, [role=slider], .stage, section, header, .timeline") ?? null;
  place = control?.getBoundingClientRect() ?? null;
}

for (const kind of ["pointerdown", "keydown", "change", "drop"]) {
  document.addEventListener(
    kind,
    (event) => {
      if (kind !== "change") clearNear();
      remember(event);
    },
    true,
  );
}
for (const kind of ["scroll", "resize"]) addEventListener(kind, clearNear, true);

/** Remove the error there. */
export function clearNear() {
  shown?.remove();
  shown = null;
}

/** @param {string} text of the error; screen readers get it from the notices */
export function showNear(text) {
  clearNear();
  // A dialog has its own status line, and covers the page.
  if (!place || !text || document.querySelector("dialog[open]")) return;
  const box = document.createElement("p");
  box.className = "near-error";
  box.setAttribute("aria-hidden", "true");
  box.textContent = text;
  document.body.append(box);
  const { height } = box.getBoundingClientRect();
  const below = place.bottom + GAP_PX + height < innerHeight;
  box.style.left = `${Math.max(GAP_PX, Math.min(place.left, innerWidth - WIDTH_PX - GAP_PX))}px`;
  box.style.top = `${below ? place.bottom + GAP_PX : Math.max(GAP_PX, place.top - GAP_PX - height)}px`;
  shown = box;
}
