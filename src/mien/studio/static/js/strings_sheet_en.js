// @ts-check
/** English texts of the stimulus sheet. `strings_sheet_zh.js` has the same keys. */

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
  "sheet.still": "At rest",
  "sheet.lead": "before",
  "sheet.tail": "after",
  "sheet.file": "Files",
  "sheet.rows": "First rows of the table",
  "sheet.first": "The first {shown} of {clips} rows",
  "sheet.count":
    "Clips: {clips} (portraits {portraits} × expressions {expressions} × intensities {intensities} × durations {durations} × sides {sides}), {seconds} s of film in all.",
  "sheet.exists": "A sheet with this name exists: its finished clips are kept, and missing or changed ones are made.",
  "sheet.lacking": "Choose at least one of each. Still missing: {what}.",
  "sheet.noName": "Give the sheet a name.",
  "sheet.badStill": "The time at rest is 0 to {most} ms.",
  "sheet.badIntensity": "An intensity is a number above 0 and at most {most}, or a letter from A to E, not “{wrong}”.",
  "sheet.badDuration": "A duration is above 0 and at most {most} ms, not “{wrong}”.",
  "sheet.noGif":
    "A GIF cannot play {fps} frames a second, not even in slow motion: choose 25, 30, 50, 100 or 200, or another file format.",
  "sheet.start": "Make the clips",
  "sheet.done": "Ready: {made} made, {kept} kept.",
  "sheet.doneExcept": "Ready: {made} made, {kept} kept. {failed} could not be made: the stimulus sheet says why.",
  "sheet.where": "The clips are in",
  "sheet.failed": "{count} could not be made:",
  "sheet.cancelled": "Cancelled. What is ready is kept: start again to complete the sheet.",
  "work.stimuli": "Making the clips…",
};
