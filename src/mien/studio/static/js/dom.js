// @ts-check
/** Make elements in one call. Text never goes through innerHTML, so that no name can become markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {Record<string, any>} Attributes `class`, `on` (event handlers by name), `text`, `style`,
 *   `dataset`; a boolean sets or omits an attribute; everything else is set as an attribute.
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  fill(made, attributes, children);
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const made = /** @type {SVGElementTagNameMap[K]} */ (document.createElementNS(SVG, tag));
  fill(made, attributes, children);
  return made;
}

/**
 * @param {Element} made
 * @param {Attributes} attributes
 * @param {(Node | string | null | undefined | false)[]} children
 */
function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) made.addEventListener(event, handler);
    } else if (name === "text") made.textContent = value;
    else if (name === "value") /** @type {any} */ (made).value = value;
    else if (name === "dataset") Object.assign(/** @type {HTMLElement} */ (made).dataset, value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) made.append(child);
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * A labelled field: the label names it for screen readers too.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [unit]
 */
export function field(label, control, unit) {
  return el(
    "label",
    { class: "field" },
    el("span", { class: "field-label", text: label }),
    el("span", { class: "field-control" }, control, unit ? el("span", { class: "unit", text: unit }) : null),
  );
}

/**
 * A field with its label above it, for rows with little room.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [unit] shown after the label
 */
export function cell(label, control, unit) {
  return el(
    "label",
    { class: "field cell" },
    el("span", { class: "field-label" }, label, unit ? el("span", { class: "unit", text: ` ${unit}` }) : null),
    control,
  );
}

/**
 * @param {string} label
 * @param {(event: MouseEvent) => void} onClick
 * @param {Attributes} [attributes]
 * @param {...Node} children
 */
export function button(label, onClick, attributes = {}, ...children) {
  return el(
    "button",
    { type: "button", ...attributes, on: { click: onClick } },
    ...children,
    children.length ? null : label,
  );
}

/**
 * Render a container's content again. The control with the focus, known by its `data-key`, gets the focus back.
 * @param {HTMLElement} container
 * @param {() => void} render
 */
export function keepFocus(container, render) {
  const held = document.activeElement;
  const key = container.contains(held) ? /** @type {HTMLElement} */ (held).dataset.key : undefined;
  const { scrollTop } = container;
  render();
  container.scrollTop = scrollTop;
  if (key)
    /** @type {HTMLElement | null} */ (container.querySelector(`[data-key="${key}"]`))?.focus({ preventScroll: true });
}

/**
 * @param {string} name of a drawing below
 */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] }),
  );
}

/** Drawn on a 20 x 20 grid as strokes. @type {Record<string, string>} */
const ICONS = {
  play: "M6 4l10 6-10 6z",
  pause: "M6.5 4v12M13.5 4v12",
  back: "M12 4l-6 6 6 6",
  forward: "M8 4l6 6-6 6",
  start: "M5 4v12M15 4l-7 6 7 6",
  end: "M15 4v12M5 4l7 6-7 6",
  loop: "M4 9a6 5 0 0 1 10-3l2 2M16 4v4h-4M16 11a6 5 0 0 1-10 3l-2-2M4 16v-4h4",
  undo: "M8 5L4 9l4 4M4 9h7a5 4 0 0 1 0 8H8",
  redo: "M12 5l4 4-4 4M16 9H9a5 4 0 0 0 0 8h3",
  copy: "M7 7h9v9H7zM4 13V4h9",
  paste: "M7 4H5v13h10V4h-2M7 3h6v3H7z",
  trash: "M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11",
  dice: "M4 4h12v12H4zM7.5 7.5h.01M12.500 7.500h.01M10 10h.01M7.500 12.500h.01M12.500 12.500h.01",
  moon: "M15 12A6 6 0 0 1 8 4a6.500 6.500 0 1 0 7 8z",
  help: "M7.500 7.500a2.500 2.500 0 1 1 3.500 2.500c-.8.400-1 1-1 2M10 15h.01",
  close: "M5 5l10 10M15 5L5 15",
  picture: "M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 3M13 7.500h.01",
  film: "M3 4h14v12H3zM7 4v12M13 4v12M3 8h4M3 12h4M13 8h4M13 12h4",
  "zoom-in": "M13 13l4 4M8.500 3a5.500 5.500 0 1 0 .01 0M8.500 6v5M6 8.500h5",
  "zoom-out": "M13 13l4 4M8.500 3a5.500 5.500 0 1 0 .01 0M6 8.500h5",
  "align-onset": "M4 3v14M7 7h9M7 13h6",
  "align-apex": "M10 3v14M4 7h12M6 13h8",
  "align-offset": "M16 3v14M4 7h9M7 13h6",
  "align-same": "M4 3v14M16 3v14M4 7h12M4 13h12",
  face: "M10 3c4 0 5.500 3 5.500 6.500S13 17 10 17s-5.500-4-5.500-7.500S6 3 10 3M8 8.500h.01M12 8.500h.01M8 12.500q2 1.500 4 0",
  full: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  ghost: "M5 17V9a5 5 0 0 1 10 0v8l-2.500-2-2.500 2-2.500-2z",
  flip: "M4 7h11l-3-3M16 13H5l3 3",
  pin: "M7 3h6l-1 5 3 3H5l3-3zM10 11v6",
  plus: "M10 4v12M4 10h12",
  warning: "M10 3l8 14H2zM10 8v4M10 14.500h.01",
};
