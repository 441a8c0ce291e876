// @ts-check
/** Choose the side of a whole expression. Ask what to do with units that have no sides in FACS. */

import { showDialog } from "./dialog.js";
import { button, el } from "./dom.js";
import { splitAu } from "./envelope.js";
import { onSide } from "./expression.js";
import { sayAt } from "./field_error.js";
import { facsName, t } from "./i18n.js";

/**
 * @param {import("./context.js").Context} context
 * @param {import("./types.js").Side} side
 * @param {() => void} settled called at the end, to show the lanes' sides, also if the question was left unanswered
 */
export function chooseSide(context, side, settled) {
  const { store } = context;
  const { group } = store;
  const isSided = (/** @type {string} */ base) => context.unit(base).sided;
  const whole =
    side === "both" ? [] : [...new Set(group.map(({ au }) => splitAu(au).base))].filter((base) => !isSided(base));
  const take = (/** @type {boolean} */ without) =>
    store.setGroup(
      onSide(group, side, isSided).map((lane) =>
        lane && without && whole.includes(splitAu(lane.au).base) ? null : lane,
      ),
    );
  if (!whole.length) return take(false);
  const names = whole.map((base) => `${base} (${facsName(context.unit(base))})`).join(t("list.and"));
  if (group.every(({ au }) => whole.includes(splitAu(au).base))) {
    settled();
    const select = /** @type {HTMLSelectElement | null} */ (document.querySelector("[data-whole=side]"));
    if (select) sayAt(select, t("side.none", { names }));
    return;
  }
  const answer = (/** @type {boolean} */ without) => () => {
    dialog.close();
    take(without);
  };
  const sideName = t(`side.only.${side}`);
  const leave = button(t("side.leave", { aus: whole.join(t("list.and")) }), answer(true), {
    class: "primary",
    dataset: { action: "leave-out" },
  });
  const dialog = showDialog(
    t("side.title", { side: sideName }),
    el("p", { text: t("side.unsplit", { names, side: sideName }) }),
    el("footer", {}, button(t("side.keep"), answer(false), { dataset: { action: "keep-both" } }), leave),
  );
  dialog.addEventListener("close", settled);
  leave.focus();
}
