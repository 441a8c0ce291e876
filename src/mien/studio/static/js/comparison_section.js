// @ts-check
/** How far the result moves compared with the film, in words, or that this is not measured yet. */

import { button, el } from "./dom.js";
import { t } from "./i18n.js";
import { noteText } from "./notice.js";

/** @param {import("./context.js").Context} context */
export function comparisonSection(context) {
  const { transfer } = context;
  const { comparison, measurement } = transfer;
  const { now } = comparison;
  if (!context.portrait || !measurement || measurement.still || (context.mode === "whole" && !transfer.made))
    return null;
  const percent = (/** @type {number} */ share) => Math.round(share * 100);
  const verdict = () => {
    if (!now) return t("compare.notYet");
    if (comparison.stale) return t("compare.stale");
    return comparison.isEqual ? t("compare.equal") : t("compare.percent", { percent: percent(now.score.amplitude) });
  };
  return el(
    "section",
    { dataset: { section: "compare" } },
    el("h2", { text: t("compare.title") }),
    el("p", { class: "verdict", role: "status", text: verdict() }),
    now &&
      el(
        "dl",
        { class: "scores" },
        ...["cosine", "amplitude", "timing"].flatMap((name) => [
          el("dt", { text: t(`compare.${name}`), title: t(`compare.${name}Text`) }),
          el("dd", { dataset: { score: name }, text: now.score[/** @type {"cosine"} */ (name)].toFixed(2) }),
        ]),
      ),
    ...(now?.notes ?? []).map((note) => el("p", { class: "hint", text: noteText(note) })),
    button(t(now ? "compare.again" : "compare.start"), () => void transfer.compare(), {
      disabled: Boolean(now) && !comparison.stale,
      dataset: { action: "compare", key: "compare" },
    }),
  );
}
