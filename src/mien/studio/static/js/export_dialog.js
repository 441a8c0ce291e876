// @ts-check
/** The export dialog: write a file, or copy the command or Python code that makes the same file. */

import { post } from "./api.js";
import { onEnter, showDialog, statusLine } from "./dialog.js";
import { button, el, field } from "./dom.js";
import { gifSlowdown } from "./gif.js";
import { t } from "./i18n.js";
import { finish } from "./jobs.js";
import { LookFields } from "./look_fields.js";
import { isPlainName, MAX_NAME_BYTES } from "./names.js";
import { noteText } from "./notice.js";
import { screenHz, screenWarning } from "./screen.js";

/** @typedef {import("./context.js").Context} Context */

const KINDS = ["mp4", "mkv", "gif", "png", "csv", "project"];

/** @param {Context} context */
export function exportDialog(context) {
  const design = context.work;
  if (!design || ("envelopes" in design && !design.envelopes.length)) return context.notices.say(t("export.nothing"));
  // Motion that is not made of action units has no table of them.
  const kinds =
    "clip" in design && !context.engine(design.engine)?.uses_aus ? KINDS.filter((each) => each !== "csv") : KINDS;
  const name = el("input", { type: "text", value: design.name || "clip" });
  const kind = el("select", {}, ...kinds.map((each) => el("option", { value: each, text: t(`export.${each}`) })));
  const full = el("input", { type: "checkbox", dataset: { key: "full-colour" } });
  const isDesign = "envelopes" in design;
  const look = new LookFields({}, () => {});
  const control = el("input", { type: "checkbox", dataset: { key: "control" } });
  const warning = el("p", { class: "hint warning screen-warning", role: "status", hidden: true });
  const progress = el("progress", { hidden: true, "aria-label": t("export.title") });
  const status = statusLine();
  const fps = ("clip" in design && design.fps) || context.store.design.fps;
  let abort = new AbortController();
  const chroma = () => (kind.value === "mp4" && full.checked ? "444" : null);
  /** The options of the request besides the design and its name. */
  const how = () => ({ chroma: chroma(), ...(isDesign && isFilm() && { look: look.look }) });
  const isFilm = () => !["csv", "project"].includes(kind.value);
  /** The design of the neutral control clip, if one is wanted. */
  const neutral = () => (isDesign && isFilm() && control.checked ? neutralOf(design) : null);
  const controlName = () => `${name.value} ${t("export.neutralName")}`;
  const named = () => {
    if (isPlainName(name.value)) return true;
    status.refuse(t("project.badName", { most: MAX_NAME_BYTES }));
    return false;
  };
  /** @param {object} wanted a design @param {string} called */
  const exported = async (wanted, called) => {
    const job = await post("/api/exports", { design: wanted, kind: kind.value, file_name: called, ...how() });
    return finish(job, {
      signal: abort.signal,
      onProgress: ({ done, total }) => {
        progress.max = total ?? 1;
        progress.value = done;
        status.say(t("export.progress", { done, total: total ?? "?" }));
      },
    });
  };
  const start = button(
    t("export.start"),
    async () => {
      if (!named()) return;
      abort = new AbortController();
      start.disabled = true;
      stop.hidden = progress.hidden = false;
      status.say();
      try {
        const made = await exported(design, name.value);
        const rest = neutral();
        const still = rest && (await exported(rest, controlName()));
        if (made.kind === "project") context.store.saved = context.store.design;
        const notes = [
          made.slowdown > 1 && t("export.slower", { times: made.slowdown }),
          ...(made.notes ?? []).map(noteText),
        ].filter(Boolean);
        status.say(
          `${t("export.done", { name: made.name })} `,
          el("a", { href: made.url, download: made.name, text: t("export.download") }),
          el("span", { class: "hint path", text: t("export.place", { path: made.path }) }),
          ...(still
            ? [
                " ",
                el("a", { href: still.url, download: still.name, text: still.name }),
                el("span", { class: "hint path", text: t("export.place", { path: still.path }) }),
              ]
            : []),
          ...notes.map((note) => el("span", { class: "hint", text: note })),
        );
      } catch (error) {
        if (abort.signal.aborted) status.say(t("export.cancelled"));
        else status.fail(error);
      } finally {
        start.disabled = false;
        stop.hidden = progress.hidden = true;
      }
    },
    { class: "primary", dataset: { action: "export" } },
  );
  const stop = button(t("export.cancel"), () => abort.abort(), { hidden: true });
  const copy = (/** @type {"command" | "python"} */ form) => async () => {
    if (!named()) return;
    const codeOf = async (/** @type {object} */ wanted, /** @type {string} */ called) => {
      const asked = { design: wanted, kind: isFilm() ? kind.value : "mkv", file_name: called, ...how() };
      return (await post("/api/code", asked))[form];
    };
    try {
      const code = await codeOf(design, name.value);
      const rest = neutral();
      const still = rest && (await codeOf(rest, controlName()));
      // Each part is complete by itself, so that one of them can be taken alone.
      const text = rest === null ? code : `${code.trimEnd()}\n${form === "python" ? "\n" : ""}${still}`;
      shown.hidden = false;
      shown.textContent = text;
      await navigator.clipboard.writeText(text);
      status.say(t("export.copied"));
    } catch (error) {
      status.fail(error);
    }
  };
  const shown = el("pre", { hidden: true, tabindex: 0 });
  onEnter(name, start);
  const choice = el("label", { class: "check" }, full, t("export.fullColour"));
  const presentation = el(
    "details",
    { hidden: !isDesign },
    el("summary", { text: t("look.title"), dataset: { key: "look" } }),
    look.element,
    el("label", { class: "check" }, control, t("export.neutral")),
  );
  void screenHz().then((hz) => {
    warning.textContent = screenWarning(fps, hz);
    warning.hidden = !warning.textContent || !isFilm();
  });
  const slow = el("p", { class: "hint", hidden: true });
  kind.addEventListener("change", () => {
    choice.hidden = kind.value !== "mp4";
    presentation.hidden = !isDesign || !isFilm();
    warning.hidden = !warning.textContent || !isFilm();
    const times = kind.value === "gif" ? gifSlowdown(fps) : null;
    slow.hidden = kind.value !== "gif" || times === 1;
    slow.textContent = slow.hidden ? "" : times === null ? t("export.noGif", { fps }) : t("export.slow", { times });
  });
  showDialog(
    t("export.title"),
    field(t("project.name"), name),
    field(t("export.kind"), kind),
    choice,
    presentation,
    warning, // appears late, so it is placed below everything that is clicked
    slow,
    progress,
    status.element,
    shown,
    el(
      "footer",
      {},
      button(t("export.command"), copy("command"), { dataset: { action: "command" } }),
      button(t("export.python"), copy("python"), { dataset: { action: "python" } }),
      stop,
      start,
    ),
  ).addEventListener("close", () => abort.abort());
}

/** The neutral control of a design: equally long, and nothing moves. @param {import("./types.js").Design} design @returns {import("./types.js").Design} */
function neutralOf(design) {
  const [{ au }] = design.envelopes;
  const { duration_seconds: end } = design;
  return {
    ...design,
    envelopes: [
      {
        au,
        onset_seconds: 0,
        apex_start_seconds: 0,
        apex_end_seconds: end,
        offset_seconds: end,
        peak_intensity: 0,
        shape: "smooth",
      },
    ],
  };
}
