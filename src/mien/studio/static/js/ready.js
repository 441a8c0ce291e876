// @ts-check
/** Ready-made expressions, and expressions drawn at random from coded micro-expressions. */

import { post } from "./api.js";
import { showDialog } from "./dialog.js";
import { button, el, field, icon } from "./dom.js";
import { onFrames } from "./envelope.js";
import { refuseAt } from "./field_error.js";
import { emotionName, t } from "./i18n.js";
import { isLabel } from "./labels.js";
import { toolbar } from "./toolbar.js";

/** @typedef {import("./context.js").Context} Context */

/** @param {Context} context */
export function expressionSection(context) {
  const { ui } = context;
  const emotion = el(
    "select",
    {
      "aria-label": t("expression.emotion"),
      title: t("expression.emotion"),
      dataset: { field: "emotion" },
      on: {
        change: () => {
          ui.emotion = emotion.value;
        },
      },
    },
    ...context.emotions.map(({ name }) => el("option", { value: name, text: emotionName(name) })),
  );
  if (ui.emotion) emotion.value = ui.emotion;
  // A typed seed is used once; without one, each draw has a new seed.
  let typed = false;
  const seed = el("input", {
    type: "number",
    class: "number",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    step: 1,
    value: String(ui.seed),
    dataset: { field: "seed" },
    on: {
      input: () => {
        typed = seed.value !== "" || seed.validity.badInput;
      },
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter") drawOne();
      },
    },
  });
  const drawOne = () => {
    if (typed && !seed.validity.valid) return refuseAt(seed, t("expression.badSeed", { most: seed.max }));
    ui.seed = typed ? Number(seed.value) : Math.floor(Math.random() * 1e6);
    typed = false;
    seed.value = String(ui.seed);
    void use(
      context,
      "/api/expressions/sample",
      { emotion: emotion.value, seed: ui.seed },
      { seed: ui.seed, emotion: emotion.value },
    );
  };
  return el(
    "section",
    {},
    el("h2", { text: t("expression.title") }),
    toolbar(
      el(
        "div",
        { class: "chips" },
        ...context.presets.map(({ name, why }) =>
          button(emotionName(name), () => void choose(context, name), {
            class: "chip",
            title: context.text(`preset.${name}`, why),
            dataset: { preset: name },
          }),
        ),
      ),
      t("expression.title"),
    ),
    el(
      "div",
      { class: "row draw-row" },
      emotion,
      field(t("expression.seed"), seed),
      button(
        "",
        drawOne,
        { class: "accent", dataset: { action: "draw" } },
        icon("dice"),
        el("span", { text: t("expression.draw") }),
      ),
    ),
    el("p", { class: "hint", text: t("expression.drawHint") }),
  );
}

/** Choose a ready-made expression. If it was chosen before and edited since, ask before replacing the edits. @param {Context} context @param {string} name */
async function choose(context, name) {
  const { store, ui } = context;
  const { ready } = ui;
  const { envelopes } = store.design;
  const edited = ready?.name === name && envelopes.length > 0 && envelopes !== ready.envelopes;
  if (edited && !(await mayStartOver(name))) return;
  await use(context, "/api/expressions/preset", { name, intensity: ui.intensity }, { seed: null, emotion: null });
  ui.ready = { name, envelopes: store.design.envelopes };
}

/** @param {string} name @returns {Promise<boolean>} */
function mayStartOver(name) {
  return new Promise((answer) => {
    const again = button(
      t("ready.again"),
      () => {
        answer(true);
        dialog.close();
      },
      { dataset: { action: "start-over" } },
    );
    const keep = button(t("ready.keep"), () => dialog.close(), { class: "primary", dataset: { action: "keep-edits" } });
    const dialog = showDialog(
      t("ready.title", { name: emotionName(name) }),
      el("p", { text: t("ready.text") }),
      el("footer", {}, again, keep),
    );
    dialog.addEventListener("close", () => answer(false));
    keep.focus();
  });
}

/** Replace the lanes by those that the server makes. @param {Context} context @param {string} path @param {any} wanted @param {Partial<import("./types.js").Design>} also */
async function use(context, path, wanted, also) {
  const { store } = context;
  const { envelopes: before, duration_seconds } = store.design;
  try {
    const made = await post(path, wanted);
    // Keep a lane that was added meanwhile.
    const added = store.design.envelopes.filter((envelope) => !before.includes(envelope));
    const lanes = made.envelopes.map((/** @type {import("./types.js").Envelope} */ each) => onFrames(each, store.fps));
    store.replaceLanes([...lanes, ...added], {
      ...also,
      strength: 1,
      name: isLabel(context, store.design.name) ? made.name : store.design.name,
    });
    const now = store.design.duration_seconds;
    if (now > duration_seconds) context.notices.say(t("timeline.grew", { ms: Math.round(now * 1000) }));
  } catch (error) {
    context.notices.fail(error);
  }
}
