// @ts-check
/** The re-encoding that lanes came from, so that undoing it restores the earlier curves and settings too. */

/**
 * @typedef {object} Encoding
 * @property {string} mode
 * @property {number} threshold
 * @property {number} strength
 * @property {number} least intensity; lanes that stay below it are left out
 * @property {number | null} apex_seconds null for the moment when the sum of all units is largest
 */

/** As `VISIBLE_INTENSITY` in `mien.studio.lanes`. */
const VISIBLE = 0.2;

/** @returns {Encoding} the default one, which leaves out lanes too weak to be seen */
export function firstEncoding() {
  return { mode: "none", threshold: 0, strength: 1, least: VISIBLE, apex_seconds: null };
}

/**
 * @param {import("./transfer.js").Transfer} transfer
 * @param {import("./store.js").Store} store of the transfer's lanes
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
      // Assigned to the same object, because the fields refer to it.
      Object.assign(transfer.encoding, origin.encoding);
      Object.assign(transfer.encoded, origin.encoding);
      transfer.tell();
    }
  }, new AbortController().signal);
}

/**
 * Wait for lanes; restore the previous settings if the new ones give no lanes.
 * @param {import("./transfer.js").Transfer} transfer
 * @param {Encoding} encoding that was requested
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
