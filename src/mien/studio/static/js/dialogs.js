// @ts-check
/** Export, open and help: native dialogs, so focus stays inside and Escape closes. */

import { get, post, put, upload } from "./api.js";
import { button, el, field, icon } from "./dom.js";
import { t } from "./i18n.js";
import { finish } from "./jobs.js";
import { errorText } from "./notice.js";
import { carriesUnits } from "./whole.js";

/** @typedef {import("./context.js").Context} Context */

/** @param {string} title @param {...(Node | false | null)} children */
export function showDialog(title, ...children) {
  const close = () => dialog.close();
  const dialog = el("dialog", { "aria-label": title, on: { close: () => dialog.remove() } },
    el("header", {}, el("h2", { text: title }), button("", close, { class: "quiet", "aria-label": t("app.close") }, icon("close"))),
    ...children);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const KINDS = ["mp4", "mkv", "gif", "png", "csv", "project"];

/** @param {Context} context */
export function exportDialog(context) {
  const design = context.work;
  if (!design || ("envelopes" in design && !design.envelopes.length)) return context.notices.say(t("export.nothing"));
  // Motion that no action units carry has no table of them.
  const kinds = "clip" in design && !carriesUnits(design.engine) ? KINDS.filter((each) => each !== "csv") : KINDS;
  const name = el("input", { type: "text", value: design.name || "clip" });
  const kind = el("select", {}, ...kinds.map((each) => el("option", { value: each, text: t(`export.${each}`) })));
  const everywhere = el("input", { type: "checkbox" });
  const progress = el("progress", { hidden: true, "aria-label": t("export.title") });
  const status = el("p", { class: "status", role: "status" });
  let abort = new AbortController();
  const chroma = () => (kind.value === "mp4" && everywhere.checked ? "420" : null);
  const start = button(t("export.start"), async () => {
    abort = new AbortController();
    start.disabled = true;
    stop.hidden = progress.hidden = false;
    status.textContent = "";
    try {
      const job = await post("/api/exports", { design, kind: kind.value, file_name: name.value, chroma: chroma() });
      const made = await finish(job, { signal: abort.signal, onProgress: ({ done, total }) => {
        progress.max = total ?? 1;
        progress.value = done;
        status.textContent = t("export.progress", { done, total: total ?? "?" });
      } });
      status.replaceChildren(t("export.done", { name: made.name }) + " ",
        el("a", { href: made.url, download: made.name, text: t("export.download") }));
    } catch (error) {
      status.textContent = abort.signal.aborted ? t("export.cancelled") : errorText(error);
    } finally {
      start.disabled = false;
      stop.hidden = progress.hidden = true;
    }
  }, { class: "primary", dataset: { action: "export" } });
  const stop = button(t("export.cancel"), () => abort.abort(), { hidden: true });
  const copy = (/** @type {"command" | "python"} */ form) => async () => {
    try {
      const code = await post("/api/code", { design, kind: kind.value === "project" || kind.value === "csv" ? "mkv" : kind.value,
        file_name: name.value });
      shown.hidden = false;
      shown.textContent = code[form];
      await navigator.clipboard.writeText(code[form]);
      status.textContent = t("export.copied");
    } catch (error) {
      status.textContent = errorText(error);
    }
  };
  const shown = el("pre", { hidden: true, tabindex: 0 });
  const choice = el("label", { class: "check" }, everywhere, t("export.plays"));
  kind.addEventListener("change", () => { choice.hidden = kind.value !== "mp4"; });
  showDialog(t("export.title"), field(t("project.name"), name), field(t("export.kind"), kind), choice, progress, status, shown,
    el("footer", {}, button(t("export.command"), copy("command"), { dataset: { action: "command" } }),
      button(t("export.python"), copy("python"), { dataset: { action: "python" } }), stop, start))
    .addEventListener("close", () => abort.abort());
}

/** @param {Context} context */
export function saveDialog(context) {
  const design = context.work;
  if (!design) return context.notices.say(t("export.nothing"));
  const name = el("input", { type: "text", value: design.name || "project", required: true });
  const status = el("p", { class: "status", role: "alert" });
  const dialog = showDialog(t("project.save"), field(t("project.name"), name), status,
    el("footer", {}, button(t("project.save"), async () => {
      try {
        const kept = await put(`/api/projects/${encodeURIComponent(name.value)}`, { design: { ...design, name: name.value } });
        context.store.rename(name.value);
        dialog.close();
        context.notices.say(t("project.saved", { name: kept.name }));
      } catch (error) {
        status.textContent = errorText(error);
      }
    }, { class: "primary", dataset: { action: "save" } })));
}

/** A project that the server has read. @param {Context} context @param {Promise<any>} answer */
async function openProject(context, answer) {
  const { name, design, portrait } = await answer;
  await context.openProject(design, portrait);
  context.notices.say(t("project.opened", { name }));
}

/** A project's file, dropped onto the page. @param {Context} context @param {File} file */
export function openFile(context, file) {
  openProject(context, upload("/api/projects/open", file)).catch((error) => context.notices.fail(error));
}

/** @param {Context} context */
export async function openDialog(context) {
  const status = el("p", { class: "status", role: "alert" });
  const open = async (/** @type {Promise<any>} */ answer) => {
    try {
      await openProject(context, answer);
      dialog.close();
    } catch (error) {
      status.textContent = errorText(error);
    }
  };
  const input = el("input", { type: "file", accept: ".json", class: "file",
    on: { change: () => { const file = input.files?.[0]; if (file) void open(upload("/api/projects/open", file)); } } });
  const list = el("div", { class: "stack" });
  const dialog = showDialog(t("project.open"), list, status, el("footer", {}, el("label", { class: "button" }, t("project.drop"), input)));
  try {
    const { projects } = await get("/api/projects");
    list.append(...projects.map((/** @type {{name: string, modified: string}} */ { name, modified }) =>
      button("", () => void open(get(`/api/projects/${encodeURIComponent(name)}`)), { class: "entry", dataset: { project: name } },
        el("b", { text: name }), el("small", { text: new Date(modified).toLocaleString() }))));
    if (!projects.length) list.append(el("p", { class: "empty", text: t("project.none") }));
  } catch (error) {
    status.textContent = errorText(error);
  }
}

const KEYS = [["Space", "space"], [", .", "comma"], ["← → ↑ ↓", "arrows"], ["Shift", "shift"], ["Ctrl+Z  Ctrl+Y", "undo"],
  ["Ctrl+C  Ctrl+V  Delete", "copy"], ["1 – 4", "number"], ["← →", "tabs"]];

export function helpDialog() {
  showDialog(t("app.help"), el("h3", { text: t("help.intensity") }), el("p", { text: t("help.intensityText") }),
    el("ul", {}, ...[1, 2, 3, 4, 5].map((level) => el("li", { text: `${level}: ${t(`level.${level}`)}` }))),
    el("p", { text: t("help.sides") }), el("h3", { text: t("help.keys") }),
    el("dl", {}, ...KEYS.flatMap(([keys, what]) => [el("dt", {}, el("kbd", { text: keys })), el("dd", { text: t(`help.key.${what}`) })])),
    el("p", { class: "hint", text: t("app.synthetic") }));
}
