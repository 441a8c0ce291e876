// @ts-check
/** English, of the ready expressions: what moves, by the numbers of FACS, and why. `strings_preset_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const PRESET_EN = {
  "preset.happiness": "Lip corners and cheeks rise (12, 6), the commonest combination in coded happiness.",
  "preset.surprise": "Brows and upper lids rise (1, 2, 5). The jaw stays: it hardly drops in coded micro-expressions.",
  "preset.disgust":
    "Nose wrinkles, upper lip rises, brows lower, lids tighten (9, 10, 4, 7). Nose and lip tell it from anger.",
  "preset.anger":
    "Brows lower, lids and lips tighten (4, 7, 23, 24). The upper lids are not raised: that would undo the tightening.",
  "preset.fear":
    "Brows rise and draw together, upper lids rise, lips stretch (1, 2, 4, 5, 20). The mouth stays closed.",
  "preset.sadness": "Inner brows rise and draw together, lip corners drop, the chin rises (1, 4, 15, 17).",
  "preset.contempt":
    "One side alone: a dimple and a lip corner that rises (14, 12), the person's left. Each lane's side can be changed.",
  "preset.repression": "A smile starts (12) and is held down by chin, lip corners and pressed lips (17, 15, 24).",
};
