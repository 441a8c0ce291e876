// @ts-check
/** English, of studies with people. `strings_study_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const STUDY_EN = {
  "study.open": "Study",
  "study.title": "Study with people",
  "study.hint":
    "A recognition task: people see a face for a moment and say what it showed. The folder runs as it stands and has the trials' table and a methods paragraph.",
  "study.name": "study",
  "study.form": "Each trial",
  "study.form.clip": "The expression rises and falls, the neutral face before and after",
  "study.form.jacbart": "JACBART: the apex stands still between the same neutral face",
  "study.form.bart": "BART: the apex alone",
  "study.form.mett": "METT: as JACBART, with a training block before",
  "study.trials": "Trials",
  "study.catch": "Neutral trials a face:",
  "study.repetitions": "Repetitions:",
  "study.blocks": "Blocks:",
  "study.disclosure": "Told that the faces are synthetic",
  "study.before": "before the task",
  "study.after": "after the task",
  "study.programs": "Programs",
  "study.label.study-form": "What each trial shows",
  "study.label.study-mask": "Mask",
  "study.label.study-screen": "Screen of the experiment",
  "study.label.study-disclosure": "When participants are told that the faces are synthetic",
  "study.count": "Stimuli: {stimuli}. Trials a participant: {trials}, about {minutes} min.",
  "study.noName": "Give the study a name.",
  "study.start": "Build the study",
  "study.done": "The study is ready: {trials} trials, in {folder}",
  "study.ready": "Ready: {trials} trials a participant. It lies in",
  "study.try": "Try it in a new tab",
  "study.tryHint": "Participants open index.html in that folder.",
  "study.cancelled": "Cancelled. What is ready is kept: start again to complete the study.",
  "work.study": "Building the study…",
};
