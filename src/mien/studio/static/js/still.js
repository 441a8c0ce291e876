// @ts-check
/** The fields for how long the face is at rest before and after the movement of a design. */

import { el, field } from "./dom.js";
import { movement } from "./envelope.js";
import { t } from "./i18n.js";
import { number, show } from "./inputs.js";
import { MAX_DURATION_SECONDS } from "./store.js";

/** @param {import("./context.js").Context} context */
export function stillSection({ store, notices, signal }) {
  const ms = (/** @type {number} */ seconds) => Math.max(0, Math.round(seconds * 1e4) / 10);
  const now = () => {
    const moves = movement(store.design.envelopes);
    return moves && { before: moves.onset, after: store.design.duration_seconds - moves.offset };
  };
  const first = now() ?? { before: 0, after: 0 };
  const box = (/** @type {"before" | "after"} */ which) =>
    number(
      notices,
      `still-${which}`,
      ms(first[which]),
      { min: 0, max: MAX_DURATION_SECONDS * 1000, step: 10 },
      (value) => store.setStill({ ...(now() ?? first), [which]: (value ?? 0) / 1000 }),
    );
  const before = box("before"),
    after = box("after");
  const section = el(
    "section",
    { hidden: !now() },
    el("h2", { text: t("still.title") }),
    el(
      "div",
      { class: "row" },
      field(t("still.before"), before, t("edit.ms")),
      field(t("still.after"), after, t("edit.ms")),
    ),
    el("p", { class: "hint", text: t("still.hint") }),
  );
  store.subscribe((what) => {
    if (what !== "design") return;
    const there = now();
    section.hidden = !there;
    if (!there) return;
    show(before, String(ms(there.before)));
    show(after, String(ms(there.after)));
  }, signal);
  return section;
}
