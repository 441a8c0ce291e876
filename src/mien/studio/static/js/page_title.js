// @ts-check
/** The page's title: the name of the work, with a mark if it is not saved. */

import { t } from "./i18n.js";
import { isUnsaved, workName } from "./kept.js";

/** The work's name with the mark; empty if there is nothing to save. @param {import("./context.js").Context} context */
function nameOf(context) {
  const unsaved = isUnsaved(context);
  if (!unsaved && !(context.work && context.kept[context.mode])) return "";
  return `${unsaved ? "● " : ""}${workName(context) || t("project.untitled")}`;
}

/**
 * Keep the title and the name in the header up to date.
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
