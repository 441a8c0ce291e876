// @ts-check
/** English texts of studies with people. `strings_study_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const STUDY_EN = {
  "study.open": "Study",
  "study.title": "Study with people",
  "study.hint":
    "A recognition task: people see a face for a moment and say what it showed. Mien makes a folder that runs in a browser, with a table of the trials and a methods paragraph.",
  "study.name": "study",
  "study.form": "Each trial",
  "study.form.clip": "The expression appears and disappears, with the neutral face before and after",
  "study.form.clipMasked": "The expression appears and disappears, with the neutral face before and the mask after",
  "study.form.jacbart": "JACBART: the apex as a still picture, with the same neutral face before and after",
  "study.form.bart": "BART: the apex only",
  "study.form.mett": "METT: like JACBART, with a training block first",
  "study.trials": "Trials",
  "study.catch": "Neutral trials per face and duration:",
  "study.repetitions": "Repetitions:",
  "study.blocks": "Blocks:",
  "study.disclosure": "Tell participants that the faces are synthetic",
  "study.before": "before the task",
  "study.after": "after the task",
  "study.programs": "Programs",
  "study.more":
    "Backgrounds, the time of the neutral face, other answers, the orders, the consent text and a square for a photodiode are set in a design file for “mien experiment build”, by the keys backgrounds, background_intensity, neutral_ms, answers, orders, seed, consent and photodiode.",
  "study.label.study-form": "What each trial shows",
  "study.label.study-mask": "Mask",
  "study.label.study-screen": "Screen of the experiment",
  "study.label.study-disclosure": "When participants are told that the faces are synthetic",
  "study.count": "Stimuli: {stimuli}. Trials per participant: {trials}, about {minutes} min.",
  "study.noName": "Give the study a name.",
  "study.start": "Build the study",
  "study.done": "The study is ready: {trials} trials, in {folder}",
  "study.ready": "Ready: {trials} trials per participant. The study is in",
  "study.try": "Try it in a new tab",
  "study.tryHint": "Participants open index.html in that folder.",
  "study.cancelled": "Cancelled. What is ready is kept: start again to complete the study.",
  "work.study": "Building the study…",
};
