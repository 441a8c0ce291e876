// @ts-check
/** Which re-encoding lanes came from, so that undoing it brings the curves and settings of before back too. */

/**
 * @typedef {object} Encoding
 * @property {string} mode
 * @property {number} threshold
 * @property {number} strength
 * @property {number} least lanes that stay below this intensity are left out
 * @property {number | null} apex_seconds null: where the units are largest together
 */

/** As `mien.studio.lanes` has it. */
const VISIBLE = 0.2;

/** @returns {Encoding} that leaves out what cannot be seen */
export function firstEncoding() {
  return { mode: "none", threshold: 0, strength: 1, least: VISIBLE, apex_seconds: null };
}

/**
 * @param {import("./transfer.js").Transfer} transfer
 * @param {import("./store.js").Store} store of its lanes
 */
export function followOrigins(transfer, store) {
  /** @type {WeakMap<object, {recoded: import("./types.js").Recoded | null, encoding: Encoding}>} */
  const origins = new WeakMap();
  store.subscribe((what) => {
    if (what !== "design") return;
    const { envelopes } = store.design;
    const origin = origins.get(envelopes);
    if (!origin) origins.set(envelopes, { recoded: transfer.recoded, encoding: { ...transfer.encoding } });
    else if (origin.recoded !== transfer.recoded) {
      transfer.recoded = origin.recoded;
      // Into the same objects, which the fields hold.
      Object.assign(transfer.encoding, origin.encoding);
      Object.assign(transfer.encoded, origin.encoding);
      transfer.tell();
    }
  }, new AbortController().signal);
}

/**
 * Wait for lanes; a setting that gives none does not stay in the fields.
 * @param {import("./transfer.js").Transfer} transfer
 * @param {Encoding} encoding that was asked for
 * @param {Promise<import("./types.js").Recoded>} answer
 */
export async function takingBack({ encoding: now, encoded }, encoding, answer) {
  try {
    const recoded = await answer;
    Object.assign(encoded, encoding);
    return recoded;
  } catch (error) {
    const newer = JSON.stringify(now) !== JSON.stringify(encoding);
    if (!newer) Object.assign(now, encoded);
    throw error;
  }
}
