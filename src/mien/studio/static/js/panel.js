// @ts-check
/** The right-hand side: portrait, expressions, action units, engines. */

import { get, post, upload } from "./api.js";
import { button, el, field, icon, keepFocus } from "./dom.js";
import { engineChoices } from "./engines.js";
import { intensityAt, newEnvelope } from "./envelope.js";
import { chosenFace, faceField, facePicture } from "./faces.js";
import { facsName, hasText, t } from "./i18n.js";
import { calmly, number } from "./inputs.js";
import { noteText } from "./notice.js";
import { expressionSection } from "./ready.js";
import { settingRows } from "./settings_panel.js";
import { stillSection } from "./still.js";
import { toolbar } from "./toolbar.js";

/** @typedef {import("./context.js").Context} Context */

/** @param {Context} context */
export function panel(context) {
  const element = el("aside", { class: "panel", "aria-label": t("expression.title") });
  const draw = () =>
    keepFocus(element, () =>
      element.replaceChildren(
        portraitSection(context),
        ...(context.portrait
          ? [expressionSection(context), unitSection(context), stillSection(context), engineSection(context)]
          : []),
      ),
    );
  followEngine(context, calmly(element, draw, context.signal));
  draw();
  return element;
}

/** Render a panel again when the engine (which may know other units), its settings or the gain change. @param {Context} context @param {() => void} render */
export function followEngine({ store, signal }, render) {
  let { engine, settings, strength } = store.design;
  store.subscribe(() => {
    if (store.design.engine === engine && store.design.settings === settings && store.design.strength === strength)
      return;
    ({ engine, settings, strength } = store.design);
    render();
  }, signal);
}

/** @param {Context} context @param {() => Promise<import("./types.js").PortraitInfo>} load */
export async function choosePortrait(context, load) {
  const working = t("portrait.working");
  context.notices.say(working);
  try {
    const portrait = await load();
    const face = portrait.needs_choice ? 1 : null;
    await context.setPortrait(portrait, face);
    const faces = portrait.faces.length;
    context.notices.follow(
      working,
      t(faces > 1 ? "portrait.readyFaces" : "portrait.ready", { name: portrait.name, faces }),
    );
  } catch (error) {
    context.notices.fail(error);
  }
}

/** @param {Context} context @param {File} file */
export function dropPortrait(context, file) {
  return choosePortrait(context, () => upload(`/api/portraits?name=${encodeURIComponent(file.name)}`, file));
}

/** @param {Context} context @param {string} label */
export function pictureChooser(context, label) {
  const input = el("input", {
    type: "file",
    accept: "image/*",
    class: "file",
    "aria-label": t("portrait.choose"),
    on: {
      change: () => {
        const file = input.files?.[0];
        if (file) void dropPortrait(context, file);
      },
    },
  });
  return el("label", { class: "button" }, icon("picture"), label, input);
}

/** @param {Context} context */
export function sampleButtons(context) {
  return el(
    "div",
    { class: "chips" },
    ...context.samples.map(({ id, name }) =>
      button(name, () => void choosePortrait(context, () => post(`/api/samples/${id}`, {})), { class: "chip" }),
    ),
  );
}

/** @param {Context} context */
export function portraitSection(context) {
  const { portrait } = context;
  if (!portrait) {
    // In the design tab, the picture's place has these controls.
    const choose = context.tab === "transfer" && [
      el("div", { class: "row" }, pictureChooser(context, t("portrait.choose")), sampleButtons(context)),
    ];
    return el(
      "section",
      {},
      el("h2", { text: t("portrait.title") }),
      el("p", { class: "hint", text: t("portrait.dropHint") }),
      ...(choose || []),
    );
  }
  const several = portrait.faces.length > 1;
  return el(
    "section",
    { class: "portrait-section" },
    several
      ? facePicture(context, portrait)
      : el("img", { src: `/api/portraits/${portrait.id}/picture?size_px=128`, alt: "", class: "thumb" }),
    el(
      "div",
      { class: "stack" },
      el("h2", { text: portrait.name }),
      pictureChooser(context, t("portrait.other")),
      several && faceField(context, portrait),
      context.tab === "design" && portraitNotes(context, portrait),
    ),
  );
}

/**
 * What makes a portrait a poor stimulus, such as a face that is not neutral.
 * @param {Context} context
 * @param {import("./types.js").PortraitInfo} portrait
 */
function portraitNotes(context, portrait) {
  const { store } = context;
  const place = el("div", { class: "portrait-notes", role: "status" });
  const tell = () => {
    const number = chosenFace(portrait, store.design.face);
    const face = portrait.faces.find((each) => each.number === number);
    // Absolute intensities include what the face already shows.
    const resting = store.design.settings.au_mode === "absolute" ? [] : (face?.resting_notes ?? []);
    const notes = [...resting, ...(face?.notes ?? [])].map(noteText);
    if (notes.join() === [...place.children].map((each) => each.textContent).join()) return;
    place.replaceChildren(...notes.map((text) => el("p", { class: "hint warning", text })));
  };
  tell();
  store.subscribe((what) => what === "design" && tell(), context.signal);
  return place;
}

/** @param {Context} context */
export function unitSection(context) {
  const known = context.engine(context.store.design.engine)?.aus;
  const detail = el("p", { class: "hint unit-detail", text: t("au.hint") });
  return el(
    "section",
    { class: "unit-section" },
    el("h2", { text: t("au.title") }),
    toolbar(
      el(
        "div",
        { class: "chips units" },
        ...context.catalogue.map((unit) => {
          const show = () => {
            context.light(unit.name);
            detail.textContent = `${unit.name} · ${facsName(unit)} · ${unit.muscle}`;
          };
          const hide = () => {
            context.light(null);
            detail.textContent = t("au.hint");
          };
          return el(
            "button",
            {
              type: "button",
              class: "chip",
              dataset: { au: unit.name },
              title: `${unit.name} · ${facsName(unit)}: ${unit.muscle}`,
              disabled: Boolean(known && !knows(known, unit)),
              on: {
                mouseenter: show,
                focus: show,
                mouseleave: hide,
                blur: hide,
                click: () => addLane(context.store, unit.name),
              },
            },
            el("b", { text: unit.name }),
            ` ${shortName(unit)}`,
          );
        }),
      ),
      t("au.title"),
    ),
    detail,
    gainField(context),
  );
}

/** A unit's short name, for places with little room. @param {import("./types.js").ActionUnit} unit */
function shortName(unit) {
  return hasText(`short.${unit.name}`) ? t(`short.${unit.name}`) : facsName(unit);
}

/** The field for the gain, by which the intensities of all lanes are multiplied. @param {Context} context */
function gainField({ store, notices }) {
  return el(
    "div",
    { class: "stack" },
    field(
      t("au.gain"),
      number(notices, "gain", store.design.strength, { min: 0, max: 100, step: 0.01 }, (value) =>
        store.change({ strength: value ?? 1 }),
      ),
    ),
    el("p", { class: "hint", text: t("au.gainHint") }),
  );
}

/** Add a lane for a unit. If nothing moves at the playhead, move the playhead to the new lane's apex. @param {Context["store"]} store @param {string} au */
function addLane(store, au) {
  const lane = newEnvelope(au);
  store.add(lane);
  const seen = store.design.envelopes.some((each) => intensityAt(each, store.timeSeconds) > 0.1);
  if (!seen) store.seekFrame(Math.round(lane.apex_start_seconds * store.fps));
}

/** Whether an engine can move a unit; some engines know a unit only by its two sides. @param {string[]} known @param {import("./types.js").ActionUnit} unit */
function knows(known, { name, names }) {
  const sides = names.filter((each) => each !== name);
  return known.includes(name) || (sides.length > 0 && sides.every((side) => known.includes(side)));
}

/** @param {Context} context */
export function engineSection(context) {
  const { store, notices } = context;
  const { engine, settings } = store.design;
  return el(
    "section",
    {},
    el("h2", { text: t("engine.title") }),
    ...engineChoices(context, "design", "engine", engine, (name) => store.chooseEngine(name)),
    ...settingRows(notices, context.engine(engine), settings, (changed) => store.change({ settings: changed })),
  );
}

/** Load what the page needs from the server before it can be used. */
export async function loadFacts() {
  const [about, catalogue, engines, presets, emotions, samples] = await Promise.all(
    ["about", "catalogue", "engines", "presets", "emotions", "samples"].map((name) => get(`/api/${name}`)),
  );
  return {
    about,
    catalogue: catalogue.aus,
    engines: engines.engines,
    defaults: engines.defaults,
    presets: presets.presets,
    emotions: emotions.emotions,
    samples: samples.samples,
  };
}
