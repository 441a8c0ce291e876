// @ts-check
/** The right-hand side of the transfer tab: the driver, the portrait, and how the motion is transferred. */

import { get, post } from "./api.js";
import { comparisonSection } from "./comparison_section.js";
import { button, el, field, icon, keepFocus } from "./dom.js";
import { takeFiles } from "./drop.js";
import { fpsNumber } from "./envelope.js";
import { t } from "./i18n.js";
import { calmly, choice, number } from "./inputs.js";
import { noteText } from "./notice.js";
import { engineSection, followEngine, portraitSection, unitSection } from "./panel.js";
import { MAX_FPS, typedRate } from "./rate.js";
import { trimBar } from "./trim.js";
import { wholeSection } from "./whole_panel.js";

/** @typedef {import("./context.js").Context} Context */

/** @param {Context} context */
export function transferPanel(context) {
  const element = el("aside", { class: "panel transfer", "aria-label": t("transfer.title") });
  const draw = () =>
    keepFocus(element, () =>
      element.replaceChildren(
        driverSection(context),
        portraitSection(context),
        ...(context.transfer.clip
          ? [
              waySection(context),
              ...(context.mode === "whole" ? [wholeSection(context)] : lanesSections(context)),
              comparisonSection(context),
            ]
          : []
        ).filter((each) => each !== null),
      ),
    );
  const render = calmly(element, draw, context.signal);
  context.transfer.subscribe(render, context.signal);
  // Whether the result has changed since it was measured.
  let stale = context.transfer.comparison.stale;
  context.store.subscribe((what) => {
    if (what !== "design" || stale === context.transfer.comparison.stale) return;
    stale = context.transfer.comparison.stale;
    render();
  }, context.signal);
  followEngine(context, render);
  draw();
  return element;
}

/** @param {Context} context @param {string} label */
export function clipChooser(context, label) {
  const input = el("input", {
    type: "file",
    accept: "video/*,image/*,.mkv,.avi",
    multiple: true,
    class: "file",
    dataset: { key: "clip" },
    "aria-label": t("driver.choose"),
    on: {
      change: () => {
        const files = [...(input.files ?? [])];
        input.value = ""; // the same clip may be chosen again
        takeFiles(context, files);
      },
    },
  });
  return el("label", { class: "button" }, icon("film"), label, input);
}

/** A button for the sample film, which the server makes on request. @param {Context} context */
export function sampleFilm(context) {
  return button(
    t("driver.sample"),
    () => void context.transfer.use((signal) => post("/api/clips/sample", {}, signal)),
    { class: "chip", dataset: { action: "sample-film" } },
  );
}

/** The clips in the studio's folder. @param {Context} context */
export function earlierClips(context) {
  const chips = el("div", { class: "chips" });
  const none = el(
    "div",
    { class: "stack", hidden: true },
    el("p", { class: "hint", text: t("driver.earlier") }),
    chips,
  );
  get("/api/clips")
    .then(({ clips }) => {
      none.hidden = !clips.length;
      chips.append(
        ...clips.slice(0, 6).map((/** @type {{id: string, name: string}} */ { id, name }) =>
          button(name, () => void context.transfer.use((signal) => get(`/api/clips/${id}`, signal)), {
            class: "chip",
            dataset: { clip: id },
          }),
        ),
      );
    })
    .catch((error) => context.notices.fail(error));
  return none;
}

/** @param {Context} context */
function driverSection(context) {
  const { clip, measurement } = context.transfer;
  if (!clip)
    return el("section", {}, el("h2", { text: t("driver.title") }), el("p", { class: "hint", text: t("driver.hint") }));
  const ms = (/** @type {number} */ seconds) => Math.round(seconds * 1000);
  const spotted = measurement?.spotted;
  return el(
    "section",
    {},
    el(
      "div",
      { class: "between" },
      el(
        "div",
        {},
        el("h2", { class: "file-name", text: clip.name }),
        el("small", {
          text: t("driver.facts", { frames: clip.frames, fps: rate(clip.fps), ms: ms(clip.duration_seconds) }),
        }),
      ),
      clipChooser(context, t("driver.other")),
    ),
    spotted &&
      el("p", {
        class: "hint",
        text: t("driver.spotted", {
          onset: ms(spotted.onset_seconds),
          apex: ms(spotted.apex_seconds),
          offset: ms(spotted.offset_seconds),
        }),
      }),
    ...(measurement?.notes ?? []).map((note) => el("p", { class: "hint", text: noteText(note) })),
    trimBar(context),
    cutDetails(context),
  );
}

/** @param {string} fps */
function rate(fps) {
  return String(Math.round(fpsNumber(fps) * 100) / 100);
}

/** The fields for the part of the clip, its neutral frame and the face. @param {Context} context */
function cutDetails(context) {
  const { transfer } = context;
  const { cut } = transfer;
  const ms = (/** @type {number | null} */ seconds) => (seconds === null ? null : Math.round(seconds * 1e4) / 10);
  const seconds = (/** @type {"start_seconds" | "end_seconds"} */ which) =>
    number(
      context.notices,
      `cut-${which}`,
      ms(cut[which]),
      { min: 0, step: 1, placeholder: t(`driver.${which}`) },
      (value) => {
        cut[which] = value === null ? null : value / 1000;
      },
    );
  // Frames are counted from the first frame of the cut.
  const shown = Math.round(
    context.store.timeSeconds * fpsNumber(transfer.measurement?.fps ?? context.store.design.fps),
  );
  const neutral = choice(
    "cut-baseline",
    typeof cut.baseline === "number" ? "frame" : cut.baseline,
    {
      first: t("driver.first"),
      median: t("driver.median"),
      frame: t("driver.frame", { number: typeof cut.baseline === "number" ? cut.baseline + 1 : shown + 1 }),
    },
    (value) => {
      cut.baseline = value === "frame" ? shown : /** @type {any} */ (value);
    },
  );
  const fps = el("input", {
    type: "text",
    class: "number",
    inputmode: "decimal",
    value: cut.fps ?? "",
    placeholder: rate(transfer.clip?.fps ?? ""),
    dataset: { key: "cut-fps" },
    on: {
      change: () => {
        const typed = typedRate(fps.value);
        if (typed || !fps.value.trim()) cut.fps = typed;
        else context.notices.refuse(t("timeline.badRate", { most: MAX_FPS }));
        fps.value = cut.fps ?? "";
      },
    },
  });
  const face = number(
    context.notices,
    "cut-face",
    cut.face,
    { min: 1, step: 1, whole: true, placeholder: t("driver.onlyFace") },
    (value) => {
      cut.face = value;
    },
  );
  const details = el(
    "details",
    {
      open: transfer.cutOpen,
      on: {
        toggle: () => {
          transfer.cutOpen = details.open;
        },
      },
    },
    el("summary", { text: t("driver.part"), dataset: { key: "cut" } }),
    el(
      "div",
      { class: "grid" },
      field(t("driver.from"), seconds("start_seconds"), t("edit.ms")),
      field(t("driver.to"), seconds("end_seconds"), t("edit.ms")),
      field(t("driver.fps"), fps),
      field(t("driver.face"), face),
      field(t("driver.neutral"), neutral),
    ),
    el("p", { class: "hint", text: t("driver.fpsHint") }),
    button(t("driver.again"), () => void transfer.measureAgain(), { dataset: { action: "measure" } }),
  );
  return details;
}

/** @param {Context} context */
function waySection(context) {
  const { transfer } = context;
  const row = (/** @type {"lanes" | "whole"} */ way) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type: "radio",
        name: "way",
        value: way,
        checked: way === transfer.way,
        dataset: { key: `way-${way}` },
        on: {
          change: () => {
            transfer.setWay(way);
            document.querySelector(`[data-key=way-${way}]`)?.dispatchEvent(new Event("refocus"));
          },
          refocus: (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target).focus(),
        },
      }),
      el("span", {}, el("b", { text: t(`way.${way}`) }), el("small", { text: t(`way.${way}Text`) })),
    );
  return el(
    "section",
    { role: "radiogroup", "aria-label": t("way.title") },
    el("h2", { text: t("way.title") }),
    row("lanes"),
    row("whole"),
  );
}

/** @param {Context} context */
function lanesSections(context) {
  const { transfer } = context;
  if (!transfer.measurement) return [];
  if (transfer.measurement.still) return [el("section", {}, el("p", { class: "hint", text: t("transfer.still") }))];
  return [encodingSection(context), ...(context.portrait ? [unitSection(context), engineSection(context)] : [])];
}

/** The fields of re-encoding, which makes lanes from measured curves. @param {Context} context */
function encodingSection(context) {
  const { transfer } = context;
  const { encoding, recoded } = transfer;
  const again = () => void transfer.recode();
  const names = (/** @type {string[]} */ aus) => (aus.length ? aus.join(" ") : "–");
  const mode = choice(
    "recode",
    encoding.mode,
    Object.fromEntries(["none", "smooth", "linear", "apex"].map((each) => [each, t(`recode.${each}`)])),
    (value) => {
      encoding.mode = value;
      again();
    },
  );
  return el(
    "section",
    { dataset: { section: "recode" } },
    el("h2", { text: t("recode.title") }),
    field(t("recode.mode"), mode),
    el("p", { class: "hint", text: t(`recode.${encoding.mode}Text`) }),
    el(
      "div",
      { class: "row" },
      field(
        t("recode.threshold"),
        number(context.notices, "threshold", encoding.threshold, { min: 0, max: 5, step: 0.1 }, (value) => {
          encoding.threshold = value ?? 0;
          again();
        }),
      ),
      field(
        t("recode.least"),
        number(context.notices, "least", encoding.least, { min: 0, max: 5, step: 0.1 }, (value) => {
          encoding.least = value ?? 0;
          again();
        }),
      ),
      field(
        t("recode.strength"),
        number(context.notices, "strength", encoding.strength, { min: 0, max: 100, step: 0.1 }, (value) => {
          encoding.strength = value ?? 1;
          again();
        }),
      ),
      field(
        t("recode.apexAt"),
        number(
          context.notices,
          "apex",
          encoding.apex_seconds === null ? null : encoding.apex_seconds * 1000,
          { min: 0, step: 1, placeholder: recoded ? String(Math.round(recoded.apex_seconds * 1000)) : "" },
          (value) => {
            encoding.apex_seconds = value === null ? null : value / 1000;
            again();
          },
        ),
        t("edit.ms"),
      ),
    ),
    recoded &&
      el("p", {
        class: "hint",
        role: "status",
        text: t("recode.result", {
          kept: names(recoded.kept),
          dropped: names(recoded.dropped),
          rmse: recoded.rmse.toFixed(2),
        }),
      }),
    el("p", {
      class: "hint",
      text: `${t("recode.thresholdHint")} ${
        context.portrait && recoded
          ? t("recode.fitted", { gain: context.stores.lanes.design.strength })
          : t("recode.unfitted")
      }`,
    }),
    ...(recoded?.notes ?? []).map((note) => el("p", { class: "hint", text: noteText(note) })),
  );
}
