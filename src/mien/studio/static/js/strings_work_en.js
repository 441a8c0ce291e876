// @ts-check
/** English texts of projects and drafts. `strings_work_zh.js` has the same keys. */

/** @type {Record<string, string>} */
export const WORK_EN = {
  "project.new": "New",
  "project.untitled": "untitled",
  "project.recent": "or continue a recent project:",
  "project.rename": "Rename",
  "project.delete": "Delete",
  "project.leave": "Cancel",
  "project.newName": "New name",
  "project.deleteSure": "Delete this project?",
  "project.nameTaken": "A project has this name already. Choose another.",
  "project.changed":
    "The project “{name}” was saved elsewhere or deleted after you opened it. Nothing was replaced. Save under another name, or press “Replace it” to put your version in its place.",
  "project.unsavedHint":
    "Some changes are not in the project’s file yet. Ctrl+S saves them. A draft of this page is always kept.",
  "draft.left": "Not saved: {name}",
  "draft.unkept": "The draft cannot be kept",
  "draft.unkeptHint":
    "The studio’s server did not save the draft of this page. Start “mien studio” again, or save the project.",
  "error.Conflict": "It was changed elsewhere in the meantime.",
  "help.key.save": "save the project",
};
