// @ts-check
/** A row of buttons that the Tab key reaches as one stop; the arrow keys move between the buttons. */

/**
 * @template {HTMLElement} T
 * @param {T} bar that already has its buttons; disabled and hidden ones are skipped
 * @param {string} [label] if nothing else names the bar
 * @returns {T}
 */
export function toolbar(bar, label) {
  bar.setAttribute("role", "toolbar");
  if (label) bar.setAttribute("aria-label", label);
  const all = () => /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("button")]);
  const usable = () => all().filter((each) => each.matches(":enabled") && each.checkVisibility());
  const stop = (/** @type {HTMLElement | undefined} */ one) => {
    for (const each of all()) each.tabIndex = each === one ? 0 : -1;
  };
  stop(all()[0]);
  bar.addEventListener("focusin", ({ target }) => stop(/** @type {HTMLElement} */ (target)));
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const buttons = usable();
    const here = buttons.indexOf(/** @type {any} */ (document.activeElement));
    if (here < 0) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[Math.min(Math.max(here + by, 0), buttons.length - 1)].focus();
  });
  return bar;
}

/** Make a usable button the bar's stop. @param {HTMLElement} bar */
export function settleStop(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const usable = (/** @type {HTMLButtonElement} */ each) => !each.disabled && !each.hidden; // called often, so without a layout
  if (buttons.some((each) => each.tabIndex === 0 && usable(each))) return;
  const first = buttons.find(usable);
  if (!first) return;
  for (const each of buttons) each.tabIndex = each === first ? 0 : -1;
}
