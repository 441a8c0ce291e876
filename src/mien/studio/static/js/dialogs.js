// @ts-check
/** Re-export the dialogs that the page's header opens. */

export { showDialog } from "./dialog.js";
export { exportDialog } from "./export_dialog.js";
export { openDialog, openFile } from "./opening.js";
export { saveDialog } from "./saving.js";
