// @ts-check
/** What is dropped onto the page goes where it belongs: pictures, clips. */

import { dropPortrait } from "./panel.js";

const CLIP = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|wmv|flv|ts|gif)$/i;

/** @param {File} file */
export function isClip({ name, type }) {
  return type.startsWith("video/") || type === "image/gif" || CLIP.test(name);
}

/** @param {import("./context.js").Context} context @param {File[]} files */
export function dropFiles(context, files) {
  const [file] = files;
  if (!file) return;
  if (!isClip(file)) return void dropPortrait(context, file);
  context.setTab("transfer");
  void context.transfer.drop(file);
}
