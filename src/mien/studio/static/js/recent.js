// @ts-check
/** Lists of the folder's projects and of drafts of closed tabs, with thumbnails, to open, rename and delete. */

import { ApiError, get, post, remove } from "./api.js";
import { onEnter } from "./dialog.js";
import { button, el } from "./dom.js";
import { leftDrafts } from "./draft.js";
import { currentLanguage, t } from "./i18n.js";
import { isPlainName, MAX_NAME_BYTES } from "./names.js";
import { errorText } from "./notice.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {{name: string, modified: string, portrait: string | null, aus: string[]}} Summary */

/** @param {string} modified */
const when = (modified) =>
  new Date(modified).toLocaleString([
    ...navigator.languages.filter((each) => each.startsWith(currentLanguage().slice(0, 2))),
    currentLanguage(),
  ]);

/** @param {string | null} portrait */
const thumb = (portrait) =>
  portrait
    ? el("img", { src: `/api/portraits/${portrait}/picture?size_px=96`, alt: "", loading: "lazy" })
    : el("span", { class: "no-picture" });

/**
 * @param {Context} context
 * @param {(name: string) => void} open
 * @param {{most?: number, changes?: boolean, took?: () => void}} [how] how many are shown; whether they can be renamed and deleted;
 *   `took` is called when a draft was opened
 */
export async function recentList(context, open, { most = Infinity, changes = false, took = () => {} } = {}) {
  const [{ projects }, drafts] = await Promise.all([get("/api/projects"), leftDrafts()]);
  return el(
    "div",
    { class: "recent" },
    ...drafts.slice(0, most).map((each) => draftRow(context, each, took)),
    ...projects.slice(0, most).map((/** @type {Summary} */ each) => projectRow(context, each, open, changes)),
  );
}

/** @param {Context} context @param {Summary} summary @param {(name: string) => void} open @param {boolean} changes */
function projectRow(context, summary, open, changes) {
  let { name } = summary;
  const title = el("b", { text: name });
  const entry = button(
    "",
    () => open(name),
    { class: "entry", dataset: { project: name } },
    thumb(summary.portrait),
    el(
      "span",
      { class: "entry-text" },
      title,
      el("small", { text: `${when(summary.modified)}${summary.aus.length ? ` · ${summary.aus.join(" ")}` : ""}` }),
    ),
  );
  const row = el("div", { class: "recent-row" }, entry);
  if (!changes) return row;
  const problem = el("span", { class: "error", role: "alert" });
  const tools = el("span", { class: "recent-tools" });
  const rest = () => {
    problem.textContent = "";
    tools.replaceChildren(
      button(t("project.rename"), rename, { dataset: { action: "rename" } }),
      button(t("project.delete"), sure, { dataset: { action: "delete" } }),
    );
  };
  const attempt = async (/** @type {() => Promise<void>} */ task) => {
    try {
      await task();
    } catch (error) {
      problem.textContent =
        error instanceof ApiError && error.kind === "Conflict" ? t("project.nameTaken") : errorText(error);
    }
  };
  const rename = () => {
    const input = el("input", { type: "text", value: name, "aria-label": t("project.newName") });
    const done = button(
      t("project.rename"),
      () =>
        void attempt(async () => {
          const wanted = input.value;
          if (!isPlainName(wanted)) {
            problem.textContent = t("project.badName", { most: MAX_NAME_BYTES });
            return;
          }
          const made = await post(`/api/projects/${encodeURIComponent(name)}/rename`, { name: wanted });
          for (const kept of Object.values(context.kept)) if (kept?.name === name) Object.assign(kept, made);
          name = title.textContent = entry.dataset.project = wanted;
          rest();
        }),
      { dataset: { action: "rename-now" } },
    );
    onEnter(input, done);
    tools.replaceChildren(input, done, button(t("project.leave"), rest));
    input.select();
  };
  const sure = () => {
    const leave = button(t("project.leave"), rest);
    tools.replaceChildren(
      el("span", { text: t("project.deleteSure") }),
      button(
        t("project.delete"),
        () =>
          void attempt(async () => {
            await remove(`/api/projects/${encodeURIComponent(name)}`);
            row.remove();
          }),
        { class: "danger", dataset: { action: "delete-now" } },
      ),
      leave,
    );
    leave.focus();
  };
  rest();
  row.append(tools, problem);
  return row;
}

/** @param {Context} context @param {import("./draft.js").DraftSummary} draft @param {() => void} took */
function draftRow(context, { id, title, portrait, modified }, took) {
  const problem = el("span", { class: "error", role: "alert" });
  const row = el(
    "div",
    { class: "recent-row" },
    button(
      "",
      async () => {
        try {
          if (await context.takeDraft(id)) took();
        } catch (error) {
          problem.textContent = errorText(error);
        }
      },
      { class: "entry", dataset: { draft: id } },
      thumb(portrait),
      el(
        "span",
        { class: "entry-text" },
        el("b", { text: t("draft.left", { name: title || t("project.untitled") }) }),
        el("small", { text: when(modified) }),
      ),
    ),
    el(
      "span",
      { class: "recent-tools" },
      button(
        t("project.delete"),
        async () => {
          try {
            await remove(`/api/drafts/${id}`);
            row.remove();
          } catch (error) {
            problem.textContent = errorText(error);
          }
        },
        { dataset: { action: "delete-draft" } },
      ),
    ),
    problem,
  );
  return row;
}
