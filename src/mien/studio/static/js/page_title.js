// @ts-check
/** The page's title: a mark if there is unsaved work, and what the work is called. */

import { t } from "./i18n.js";
import { isUnsaved, workName } from "./kept.js";

/** Its name with the mark; empty if there is nothing to save. @param {import("./context.js").Context} context */
function nameOf(context) {
  const unsaved = isUnsaved(context);
  if (!unsaved && !(context.work && context.kept[context.mode])) return "";
  return `${unsaved ? "● " : ""}${workName(context) || t("project.untitled")}`;
}

/**
 * Keep the title true, and what stands in the header with it.
 * @param {import("./context.js").Context} context
 * @param {HTMLElement} place of the name on the page
 */
export function followTitle(context, place) {
  const show = () => {
    const name = nameOf(context);
    const title = name ? `${name} – ${t("app.title")}` : t("app.title");
    if (document.title !== title) document.title = title;
    const text = context.unkept ? t("draft.unkept") : name;
    if (place.textContent === text) return;
    place.textContent = text;
    place.title = context.unkept ? t("draft.unkeptHint") : isUnsaved(context) ? t("project.unsavedHint") : "";
    place.classList.toggle("error", context.unkept !== null);
  };
  const timer = setInterval(show, 300);
  context.signal.addEventListener("abort", () => clearInterval(timer));
  show();
}
