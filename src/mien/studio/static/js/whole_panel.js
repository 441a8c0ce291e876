// @ts-check
/** A driver's whole motion: which engine carries it, how, and the button that begins. */

import { button, el, field, icon } from "./dom.js";
import { t } from "./i18n.js";
import { check, choice, number } from "./inputs.js";
import { carriesUnits } from "./whole.js";

/** @param {import("./context.js").Context} context */
export function wholeSection(context) {
  const { transfer } = context;
  const { whole } = transfer;
  const changed = () => transfer.tell();
  const engines = context.engines.filter(({ tabs }) => tabs.includes("transfer"));
  // The one that is closest to the film comes first.
  engines.sort((one, other) => Number(other.name === "mesh") - Number(one.name === "mesh"));
  const rows = engines.map((engine) => el("label", { class: "choice" },
    el("input", { type: "radio", name: "carrier", value: engine.name, disabled: !engine.installed, checked: engine.name === whole.engine,
      dataset: { key: `carrier-${engine.name}` }, on: { change: () => { whole.engine = engine.name; changed(); } } }),
    el("span", {}, el("b", { text: engine.name }), el("span", { class: "tag", text: engine.installed ? t(`engine.${engine.speed}`) : t("engine.missing") }),
      el("small", { text: engine.installed ? context.text(`carrier.${engine.name}`, engine.text) : engine.why_not ?? "" }))));
  const mesh = whole.engine === "mesh";
  const units = carriesUnits(whole.engine);
  const tick = (/** @type {"blinks" | "gaze" | "head_motion"} */ which) =>
    check(which, t(`whole.${which}`), whole[which], (value) => { whole[which] = value; changed(); });
  const modes = { "": t("recode.off"), ...Object.fromEntries(["none", "smooth", "linear", "apex"].map((each) => [each, t(`recode.${each}`)])) };
  return el("section", {}, el("h2", { text: t("engine.title") }), ...rows,
    el("div", { class: "row" }, field(t("recode.strength"), number(context.notices, "whole-strength", whole.strength, { min: 0, max: 100, step: 0.1 },
      (value) => { whole.strength = value ?? 1; changed(); })),
    units && field(t("recode.title"), choice("whole-recode", whole.recode ?? "", modes, (value) => { whole.recode = value || null; changed(); })),
    units && whole.recode && field(t("recode.threshold"), number(context.notices, "whole-threshold", whole.threshold, { min: 0, max: 5, step: 0.1 },
      (value) => { whole.threshold = value ?? 0; changed(); }))),
    el("div", { class: "stack checks" }, tick("blinks"), mesh && tick("gaze"), mesh && tick("head_motion")),
    button("", () => void transfer.run(), { class: "primary", disabled: !context.portrait, dataset: { action: "transfer", key: "transfer" } },
      icon("film"), el("span", { text: t(transfer.made ? "whole.again" : "whole.start") })),
    el("p", { class: "hint", role: "status", text: said(context) }),
    ...(transfer.made?.notes ?? []).map((note) => el("p", { class: "hint", text: note })));
}

/** @param {import("./context.js").Context} context */
function said({ portrait, transfer, engines }) {
  if (!portrait) return t("whole.noPortrait");
  const slow = engines.find(({ name }) => name === transfer.whole.engine)?.speed === "slow";
  if (!transfer.made) return t(slow ? "whole.todoSlow" : "whole.todo");
  return t(transfer.stale ? "whole.stale" : "whole.done");
}
