// @ts-check
/** Pass dropped or chosen files to where they belong: portraits, driver clips, frames of a clip, projects. */

import { upload } from "./api.js";
import { openFile } from "./dialogs.js";
import { framesDialog, pictures } from "./frames_dialog.js";
import { dropPortrait } from "./panel.js";

const CLIP = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|wmv|flv|ts|gif)$/i;

/** @param {File} file */
function isClip({ name, type }) {
  return type.startsWith("video/") || type === "image/gif" || CLIP.test(name);
}

/** @param {import("./context.js").Context} context @param {File[]} files */
export function takeFiles(context, files) {
  const [file] = files;
  if (!file) return;
  if (isClip(file)) {
    context.setTab("transfer");
    void context.transfer.use((signal) => upload(`/api/clips?name=${encodeURIComponent(file.name)}`, file, signal));
  } else if (/\.json$/i.test(file.name)) openFile(context, file);
  else if (context.tab === "transfer" && pictures(context.about, files).length > 1)
    framesDialog(context, pictures(context.about, files));
  else void dropPortrait(context, file);
}

/** What open dialogs do with files that are dropped on them. @type {WeakMap<HTMLDialogElement, (files: File[]) => void>} */
const takers = new WeakMap();

/** @param {HTMLDialogElement} dialog @param {(files: File[]) => void} take */
export function takeInDialog(dialog, take) {
  takers.set(dialog, take);
}

/** @param {HTMLDialogElement} dialog */
export function takesFiles(dialog) {
  return takers.has(dialog);
}

/** @param {HTMLDialogElement} dialog @param {File[]} files */
export function giveFiles(dialog, files) {
  takers.get(dialog)?.(files);
}

/** The files of a drop; of a folder those directly in it. @param {DataTransfer} dropped @returns {Promise<File[]>} */
export async function droppedFiles(dropped) {
  const files = [...dropped.files];
  const folders = [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory);
  if (!folders.length) return files;
  const reader = /** @type {FileSystemDirectoryEntry} */ (folders[0]).createReader();
  /** @type {File[]} */
  const found = [];
  for (;;) {
    // A reader returns about a hundred entries at a time, and none at the end.
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return found;
    for (const entry of some) {
      if (entry.isFile && !entry.name.startsWith(".")) {
        found.push(await new Promise((done, fail) => /** @type {FileSystemFileEntry} */ (entry).file(done, fail)));
      }
    }
  }
}
