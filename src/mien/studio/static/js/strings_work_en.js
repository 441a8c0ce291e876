// @ts-check
/** English, of projects and drafts. `strings_work_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const WORK_EN = {
  "project.new": "New",
  "project.untitled": "untitled",
  "project.recent": "or go on with a recent project:",
  "project.rename": "Rename",
  "project.delete": "Delete",
  "project.leave": "Cancel",
  "project.newName": "New name",
  "project.deleteSure": "Delete this project?",
  "project.nameTaken": "A project has this name already. Choose another.",
  "project.changed":
    "The project “{name}” has been saved elsewhere since you opened it, or deleted. Nothing was replaced. Give yours another name, or press the button to put yours in its place.",
  "project.unsavedHint":
    "There are changes that the project’s file does not have. Ctrl+S saves them. A draft of this page is kept all the time.",
  "draft.left": "Not saved: {name}",
  "draft.unkept": "The draft cannot be kept",
  "draft.unkeptHint":
    "The studio’s server did not take the draft of this page. Start “mien studio” again, or save the project.",
  "error.Conflict": "Something else is there by now.",
  "help.key.save": "save the project",
};
