// @ts-check
/** The state of the page as JSON, and back: the work in each tab, how it is viewed, and the projects that it is saved as. */

import { get } from "./api.js";
import { isAnyUnsaved, workName } from "./kept.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./context.js").Mode} Mode */

/** @param {Context} context */
export function snapshot({ tab, views, ui, portrait, kept, stores, transfer }) {
  const { way, clip, cut, encoding, whole, made } = transfer;
  const store = (/** @type {Mode} */ mode) => {
    const { design, unsaved, selected, timeSeconds, engineSettings } = stores[mode];
    return { design, unsaved, selected, timeSeconds, engineSettings };
  };
  return {
    tab,
    views,
    ui,
    portrait: portrait?.id ?? null,
    kept,
    stores: { design: store("design"), lanes: store("lanes"), whole: store("whole") },
    transfer: { way, clip: clip?.id ?? null, cut, encoding, whole, carried: made !== null },
  };
}

/** A draft in the server's format. @param {Context} context */
export function draftOf(context) {
  return {
    title: workName(context) || context.transfer.clip?.name || context.portrait?.name || "",
    portrait: context.portrait?.id ?? null,
    unsaved: isAnyUnsaved(context),
    state: snapshot(context),
  };
}

/**
 * Restore the state of a page.
 * @param {Context} context
 * @param {ReturnType<typeof snapshot>} state
 * @returns {Promise<() => Promise<void>>} the slower rest, to be called when the page is built
 */
export async function restore(context, state) {
  const [portrait, clip] = await Promise.all([
    state.portrait && get(`/api/portraits/${state.portrait}`),
    state.transfer.clip && get(`/api/clips/${state.transfer.clip}`),
  ]);
  const { transfer, stores } = context;
  context.tab = state.tab;
  context.portrait = portrait || null;
  Object.assign(context.views, state.views);
  Object.assign(context.ui, state.ui);
  Object.assign(context.kept, state.kept);
  for (const mode of /** @type {Mode[]} */ (["design", "lanes", "whole"])) stores[mode].restore(state.stores[mode]);
  transfer.way = state.transfer.way;
  if (clip) transfer.drive(clip, state.transfer);
  return async () => {
    if (clip) void transfer.resume(state.transfer.carried);
    if (portrait) await context.prepare(portrait, context.stores.design.design.face);
  };
}
