// @ts-check
/** English, of the stimulus sheet. `strings_sheet_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const SHEET_EN = {
  "sheet.open": "Stimulus sheet",
  "sheet.title": "Stimulus sheet",
  "sheet.hint":
    "Every portrait with every expression, intensity, duration and side: one clip each, and a table for the experiment.",
  "sheet.name": "sheet",
  "sheet.own": "my expression",
  "sheet.edited": "{name} edited",
  "sheet.drawn": "{name} seed {seed}",
  "sheet.portraits": "Portraits",
  "sheet.add": "Add pictures…",
  "sheet.expressions": "Expressions",
  "sheet.intensities": "Intensities",
  "sheet.scale": "1 to 5, or A to E",
  "sheet.durations": "Durations",
  "sheet.sides": "Sides",
  "sheet.still": "Standing still",
  "sheet.lead": "before",
  "sheet.tail": "after",
  "sheet.file": "Files",
  "sheet.rows": "First rows of the table",
  "sheet.first": "The first {shown} of {clips} rows",
  "sheet.count":
    "Clips: {clips} (portraits {portraits} × expressions {expressions} × intensities {intensities} × durations {durations} × sides {sides}), {seconds} s of film in all.",
  "sheet.exists": "There is a sheet of this name: what is ready is kept, what is missing or has changed is made.",
  "sheet.lacking": "Choose at least one of each. Still open: {what}.",
  "sheet.noName": "Give the sheet a name.",
  "sheet.badStill": "Standing still takes 0 to {most} ms.",
  "sheet.badIntensity": "An intensity is a number above 0 and at most {most}, or a letter from A to E, not “{wrong}”.",
  "sheet.badDuration": "A duration is above 0 and at most {most} ms, not “{wrong}”.",
  "sheet.noGif":
    "A GIF cannot play {fps} frames a second, not even slowed down: take 25, 30, 50, 100 or 200, or another kind of file.",
  "sheet.start": "Make the clips",
  "sheet.done": "Ready: {made} made, {kept} kept.",
  "sheet.doneExcept": "Ready: {made} made, {kept} kept. {failed} could not be made: the stimulus sheet says why.",
  "sheet.where": "They lie in",
  "sheet.failed": "{count} could not be made:",
  "sheet.cancelled": "Cancelled. What is ready is kept: start again to complete the sheet.",
  "work.stimuli": "Making the clips…",
};
