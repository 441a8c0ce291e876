// @ts-check
/** The pictures that go with the frame on the stage: the portrait, the apex as a ghost, an earlier version. */

import { call } from "./api.js";
import { movement, snap } from "./envelope.js";
import { chosenFace } from "./faces.js";
import { OtherStill } from "./other_still.js";
import { roomFor } from "./viewport.js";

/** @typedef {import("./context.js").Context} Context */

/** When the whole movement begins and is at its most; null where nothing moves. @param {Context} context */
export function momentsOf({ mode, store, transfer }) {
  const spotted = transfer.measurement?.spotted;
  const moves =
    mode !== "whole"
      ? movement(store.design.envelopes)
      : spotted && { onset: spotted.onset_seconds, apex: spotted.apex_seconds };
  return moves ? { onset: snap(moves.onset, store.fps), apex: snap(moves.apex, store.fps) } : null;
}

/**
 * Where the chosen face is in a picture of the portrait.
 * @param {Context} context
 * @param {{width: number, height: number}} picture
 * @returns {import("./viewport.js").Box} all of it where there is none
 */
export function faceIn({ portrait, store }, { width, height }) {
  const face = portrait?.faces.find(({ number }) => number === chosenFace(portrait, store.design.face));
  if (!portrait || !face) return [0, 0, width, height];
  return roomFor(
    face.box_px.map((each) => (each * width) / portrait.width_px),
    width,
    height,
  );
}

export class Companions {
  /** @param {Context} context @param {() => void} come told of each that has come */
  constructor(context, come) {
    this.context = context;
    const still = () => new OtherStill(come, (error) => context.notices.fail(error, "preview"));
    this.apex = still();
    this.before = still();
    /** @type {ImageBitmap | null} */
    this.portrait = null;
  }

  /** @param {number} sizePx of its longer side */
  async loadPortrait(sizePx) {
    const { portrait } = this.context.store.design;
    if (!portrait) return;
    const answer = await call("GET", `/api/portraits/${portrait}/picture?size_px=${sizePx}`);
    this.portrait = await createImageBitmap(await answer.blob());
  }

  /** Ask for those that are seen. @param {object} request of the frame itself @param {import("./views.js").ViewBar} bar */
  ask(request, bar) {
    const moves = momentsOf(this.context);
    if (this.context.ui.ghost && moves) this.apex.ask({ ...request, time_seconds: moves.apex });
    if (bar.view === "versions") this.before.ask({ ...request, design: bar.pinned });
  }

  /** The ghost, if it is wanted. */
  get ghost() {
    return this.context.ui.ghost && this.context.mode !== "whole" ? this.apex.picture : null;
  }

  /** What stands beside the frame. @param {import("./types.js").View} view @param {() => void} again told when it is there */
  beside(view, again) {
    if (view === "versions") return this.before.picture;
    if (view !== "side") return null;
    const { mode, store, transfer } = this.context;
    return mode === "design" ? this.portrait : transfer.driverAt(store.timeSeconds, again);
  }
}
