// @ts-check
/** The dialog of the stimulus sheet: all combinations, counted before the start, and made as a folder. */

import { get, isAbort, post } from "./api.js";
import { showDialog } from "./dialogs.js";
import { button, el } from "./dom.js";
import { takeInDialog } from "./drop.js";
import { t } from "./i18n.js";
import { finish } from "./jobs.js";
import { Latest } from "./latest.js";
import { errorText, reasonText } from "./notice.js";
import { SheetCells } from "./sheet_cells.js";
import { keepSheet, keptSheet, SheetFields } from "./sheet_fields.js";

/** @param {import("./context.js").Context} context */
export async function sheetDialog(context) {
  const { sheet } = context;
  const ending = new AbortController();
  const fields = new SheetFields(context, keptSheet(), () => void plans.ask(fields.request));
  const count = el("p", { class: "status sheet-count", role: "status" });
  const rows = el("div", { class: "sheet-rows", tabindex: 0, role: "region", "aria-label": t("sheet.rows") });
  const cells = new SheetCells();
  const status = el("div", { class: "status", role: "status" });
  const start = button(t("sheet.start"), () => void make(fields.request), {
    class: "primary",
    disabled: true,
    dataset: { action: "make-sheet" },
  });
  const plans = new Latest(async (/** @type {any} */ request) => {
    const { missing } = fields;
    fields.tellSlow();
    if (missing) return refuse(missing);
    try {
      const plan = await post("/api/stimuli/plan", request);
      count.textContent =
        t("sheet.count", {
          ...fields.counts,
          clips: plan.clips,
          seconds: Math.round(plan.seconds_of_video * 10) / 10,
        }) +
        (request.neutral
          ? ` ${t("sheet.andNeutral", { neutral: request.portraits.length * new Set(request.durations_seconds).size })}`
          : "") +
        (fields.sheets.includes(request.name) ? ` ${t("sheet.exists")}` : "");
      rows.replaceChildren(table(plan.columns, plan.first_rows, plan.clips));
      cells.show(plan);
      start.disabled = sheet.now !== null;
    } catch (error) {
      refuse(reasonText(error)); // nothing was started, so nothing failed
    }
  });
  const refuse = (/** @type {string} */ why) => {
    rows.replaceChildren();
    cells.hide();
    start.disabled = true;
    count.textContent = why;
  };

  /** Make a sheet. @param {any} request @param {import("./types.js").Job} [running] a job of the server to follow instead of starting one */
  async function make(request, running) {
    if (!running) keepSheet(fields.remembered);
    sheet.under = sheet.run("stimuli", async (signal) =>
      finish(running ?? (await post("/api/stimuli", request)), { signal, onProgress: (job) => sheet.progress(job, 0) }),
    );
    const made = await follow(sheet.under);
    if (made) context.notices.say(doneText(made));
  }

  /** Show the result of the work. @param {Promise<any>} under */
  async function follow(under) {
    status.textContent = "";
    start.disabled = true;
    try {
      const made = await under;
      tell(status, made);
      return made;
    } catch (error) {
      status.textContent = isAbort(error) ? t("sheet.cancelled") : errorText(error);
      if (!dialog.open) context.notices.say(status.textContent);
      return null;
    } finally {
      // If this fails there is nothing new to show; the plan shows the error.
      await fields.loadSheets().catch(() => {});
      await plans.ask(fields.request);
    }
  }

  const dialog = showDialog(
    t("sheet.title"),
    el("p", { class: "hint", text: t("sheet.hint") }),
    fields.element,
    count,
    cells.element,
    rows,
    el("footer", {}, status, sheet.line(ending.signal), start),
  );
  dialog.classList.add("wide");
  dialog.addEventListener("close", () => {
    ending.abort();
    cells.hide();
  });
  takeInDialog(dialog, (files) => void fields.portraits.add(files));
  let jobs;
  try {
    await fields.load();
    void plans.ask(fields.request);
    ({ jobs } = await get("/api/jobs"));
  } catch (error) {
    // Shown here, because the dialog covers the page's own notices.
    return refuse(errorText(error));
  }
  const running = jobs.find(
    (/** @type {import("./types.js").Job} */ { kind, state }) => kind === "stimuli" && /running|waiting/.test(state),
  );
  if (sheet.now && sheet.under) void follow(sheet.under);
  else if (running) void make(fields.request, running);
}

/**
 * Say where the sheet is, and which clips could not be made.
 * @param {HTMLElement} status
 * @param {{folder: string, tables: string[], made: number, kept: number, rows: number, failed: {name: string, error: string}[]}} made
 */
function tell(status, { folder, tables, made, kept, failed }) {
  const sheet = folder.split(/[/\\]/).pop() ?? "";
  status.replaceChildren(
    el("p", {}, `${t("sheet.done", { made, kept })} ${t("sheet.where")} `, el("code", { text: folder })),
    el(
      "p",
      {},
      `${t("sheet.tables")} `,
      ...tables.flatMap((name) => [
        el("a", {
          href: `/api/stimuli/${encodeURIComponent(sheet)}/${name}`,
          download: `${sheet} ${name}`,
          text: name,
        }),
        " ",
      ]),
    ),
  );
  if (!failed.length) return;
  status.append(
    el("p", { class: "error", text: t("sheet.failed", { count: failed.length }) }),
    el("ul", {}, ...failed.slice(0, 10).map((each) => el("li", { text: `${each.name}: ${each.error}` }))),
  );
}

/** @param {{folder: string, made: number, kept: number, failed: unknown[]}} made */
function doneText({ folder, made, kept, failed }) {
  const done = failed.length
    ? t("sheet.doneExcept", { made, kept, failed: failed.length })
    : t("sheet.done", { made, kept });
  return `${done} ${t("sheet.where")} ${folder}`;
}

/** @param {string[]} columns @param {Record<string, any>[]} first @param {number} clips */
function table(columns, first, clips) {
  // Columns that are empty or have their usual value in all rows are left out here.
  const empty = columns.filter((name) => first.every((row) => row[name] === null || row[name] === ""));
  const plain = (/** @type {Record<string, any>} */ row) =>
    !row.neutral && row.mask === "none" && row.correct_answer === row.expression;
  const usual = first.every(plain) ? ["neutral", "mask", "correct_answer"] : [];
  const shown = columns.filter((name) => ![...empty, ...usual, "fps", "slowdown", "aus", "synthetic"].includes(name));
  return el(
    "table",
    {},
    el("caption", { text: t("sheet.first", { shown: first.length, clips }) }),
    el("thead", {}, el("tr", {}, ...shown.map((name) => el("th", { scope: "col" }, ...broken(name))))),
    el(
      "tbody",
      {},
      ...first.map((row) => el("tr", {}, ...shown.map((name) => el("td", { text: String(row[name] ?? "") })))),
    ),
  );
}

/** A column's name that may break into a new line after each underscore. @param {string} name */
function broken(name) {
  return name.split(/(?<=_)/).flatMap((part) => [part, el("wbr")]);
}
