// @ts-check
/** The panel for a driver's whole motion: the engine, its settings, and the button that starts the transfer. */

import { button, el, field, icon } from "./dom.js";
import { engineChoices } from "./engines.js";
import { t } from "./i18n.js";
import { check, choice, number } from "./inputs.js";
import { noteText } from "./notice.js";
import { settingControls } from "./settings_panel.js";

/** @param {import("./context.js").Context} context */
export function wholeSection(context) {
  const { transfer } = context;
  const { whole } = transfer;
  const changed = () => transfer.tell();
  const rows = engineChoices(context, "transfer", "carrier", whole.engine, (name) => {
    whole.engine = name;
    changed();
  });
  const engine = context.engine(whole.engine);
  const units = engine?.uses_aus;
  const { fields, ticks } = settingControls(
    context.notices,
    engine,
    whole.engineSettings[whole.engine] ?? {},
    (values) => {
      whole.engineSettings[whole.engine] = values;
      changed();
    },
  );
  const modes = {
    "": t("recode.off"),
    ...Object.fromEntries(["none", "smooth", "linear", "apex"].map((each) => [each, t(`recode.${each}`)])),
  };
  return el(
    "section",
    {},
    el("h2", { text: t("engine.title") }),
    ...rows,
    el(
      "div",
      { class: "row" },
      field(
        t("recode.strength"),
        number(context.notices, "whole-strength", whole.strength, { min: 0, max: 100, step: 0.1 }, (value) => {
          whole.strength = value ?? 1;
          changed();
        }),
      ),
      units &&
        field(
          t("recode.title"),
          choice("whole-recode", whole.recode ?? "", modes, (value) => {
            whole.recode = value || null;
            changed();
          }),
        ),
      units &&
        whole.recode &&
        field(
          t("recode.threshold"),
          number(context.notices, "whole-threshold", whole.threshold, { min: 0, max: 5, step: 0.1 }, (value) => {
            whole.threshold = value ?? 0;
            changed();
          }),
        ),
    ),
    fields.length > 0 && el("div", { class: "row" }, ...fields),
    el(
      "div",
      { class: "stack checks" },
      check("blinks", t("whole.blinks"), whole.blinks, (value) => {
        whole.blinks = value;
        changed();
      }),
      ...ticks,
    ),
    button(
      "",
      () => void transfer.run(),
      { class: "primary", disabled: !context.portrait, dataset: { action: "transfer", key: "transfer" } },
      icon("film"),
      el("span", { text: t(transfer.made ? "whole.again" : "whole.start") }),
    ),
    el("p", { class: "hint", role: "status", text: said(context) }),
    ...(transfer.made?.notes ?? []).map((note) => el("p", { class: "hint", text: noteText(note) })),
  );
}

/** @param {import("./context.js").Context} context */
function said(context) {
  const { portrait, transfer } = context;
  if (!portrait) return t("whole.noPortrait");
  const slow = context.engine(transfer.whole.engine)?.speed === "slow";
  if (!transfer.made) return t(slow ? "whole.todoSlow" : "whole.todo");
  return t(transfer.stale ? "whole.stale" : "whole.done");
}
