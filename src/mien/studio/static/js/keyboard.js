// @ts-check
/** Keyboard shortcuts that work everywhere on the page except in fields; the help dialog lists them. */

/** Steps to the right and down. @type {Record<string, [number, number]>} */
const PANS = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };

/** @param {import("./context.js").Context} context */
export function keyboard(context) {
  document.addEventListener(
    "keydown",
    (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (target.closest("input, select, textarea, dialog") || event.altKey) return;
      const key = event.key.toLowerCase();
      const act =
        event.ctrlKey || event.metaKey
          ? withControl(context, key, event.shiftKey)
          : plain(context, key, target, event.shiftKey);
      if (!act) return;
      event.preventDefault();
      act();
    },
    { signal: context.signal },
  );
  // A button that was clicked loses the focus, so that Space plays and does not press it again. A button that was
  // pressed by a key (then `detail` is 0) keeps the focus.
  document.addEventListener(
    "click",
    (event) => {
      const held = /** @type {HTMLElement | null} */ (document.activeElement);
      if (event.detail > 0 && held?.matches("main button")) held.blur();
    },
    { signal: context.signal },
  );
}

/** @param {import("./context.js").Context} context @param {string} key @param {boolean} shift */
function withControl({ commands }, key, shift) {
  if (key === "z") return shift ? commands.redo : commands.undo;
  if (key === "c" && !String(getSelection())) return commands.copy;
  return { y: commands.redo, v: commands.paste }[key];
}

/** @param {import("./context.js").Context} context @param {string} key @param {HTMLElement} target @param {boolean} shift */
function plain({ stage, commands }, key, target, shift) {
  if (key === "delete" || key === "backspace") return commands.remove;
  if (!stage) return undefined;
  if (key === " ") return target.closest("button, label, a") ? undefined : () => stage.toggle();
  if (shift && key in PANS) return () => stage.pan(...PANS[key]);
  /** @type {Record<string, () => void>} */
  const acts = {
    ",": () => stage.step(-1),
    ".": () => stage.step(1),
    "+": () => stage.zoom(1),
    "=": () => stage.zoom(1),
    "-": () => stage.zoom(-1),
    0: () => stage.toFace(),
    a: () => stage.flip(),
    g: () => stage.ghost(),
    f: () => stage.full(),
  };
  return acts[key] ?? (/^[1-9]$/.test(key) ? () => stage.setView(Number(key)) : undefined);
}
