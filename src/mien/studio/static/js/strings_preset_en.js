// @ts-check
/** English texts of the ready-made expressions: what moves, with the FACS numbers, and why. `strings_preset_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const PRESET_EN = {
  "preset.happiness": "Lip corners and cheeks rise (12, 6), the most common combination in coded happiness.",
  "preset.surprise":
    "Brows and upper lids rise (1, 2, 5). The jaw stays up: it hardly ever drops in coded micro-expressions.",
  "preset.disgust":
    "The nose wrinkles, the upper lip rises, brows lower, lids tighten (9, 10, 4, 7). Nose and upper lip distinguish it from anger.",
  "preset.anger":
    "Brows lower, lids and lips tighten (4, 7, 23, 24). The upper lids are not raised: that would undo the tightening.",
  "preset.fear":
    "Brows rise and draw together, upper lids rise, lips stretch (1, 2, 4, 5, 20). The mouth stays closed.",
  "preset.sadness": "Inner brows rise and draw together, lip corners drop, the chin rises (1, 4, 15, 17).",
  "preset.contempt":
    "On one side only, the person's left: a dimple and a raised lip corner (14, 12). You can change the side of each lane.",
  "preset.repression":
    "A smile begins (12) and is suppressed by the chin, lowered lip corners and pressed lips (17, 15, 24).",
};
