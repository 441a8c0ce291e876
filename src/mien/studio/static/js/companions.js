// @ts-check
/** The other pictures on the stage: the portrait, the apex drawn half-transparent, an earlier version. */

import { call } from "./api.js";
import { movement, snap } from "./envelope.js";
import { chosenFace } from "./faces.js";
import { OtherStill } from "./other_still.js";
import { roomFor } from "./viewport.js";

/** @typedef {import("./context.js").Context} Context */

/** Onset and apex of the whole movement; null if nothing moves. @param {Context} context */
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
 * @returns {import("./viewport.js").Box} the whole picture if it has no face
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
  /** @param {Context} context @param {() => void} come called when one of them has loaded */
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

  /** Request the pictures that are visible. @param {object} request of the frame itself @param {import("./views.js").ViewBar} bar */
  ask(request, bar) {
    const moves = momentsOf(this.context);
    if (this.context.ui.ghost && moves) this.apex.ask({ ...request, time_seconds: moves.apex });
    if (bar.view === "versions") this.before.ask({ ...request, design: bar.pinned });
  }

  /** The half-transparent apex, if it is switched on. */
  get ghost() {
    return this.context.ui.ghost && this.context.mode !== "whole" ? this.apex.picture : null;
  }

  /** The picture beside the frame. @param {import("./types.js").View} view @param {() => void} again called when it has loaded */
  beside(view, again) {
    if (view === "versions") return this.before.picture;
    if (view !== "side") return null;
    const { mode, store, transfer } = this.context;
    return mode === "design" ? this.portrait : transfer.driverAt(store.timeSeconds, again);
  }
}
