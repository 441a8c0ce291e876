// @ts-check
/** The dialogs of the page's head, passed on. */

export { showDialog } from "./dialog.js";
export { exportDialog } from "./export_dialog.js";
export { openDialog, openFile } from "./opening.js";
export { saveDialog } from "./saving.js";
