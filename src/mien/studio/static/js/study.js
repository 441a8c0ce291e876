// @ts-check
/** The dialog of a study with people: its design, the number of trials, and the folder that it makes. */

import { isAbort, post } from "./api.js";
import { showDialog } from "./dialogs.js";
import { button, el } from "./dom.js";
import { takeInDialog } from "./drop.js";
import { t } from "./i18n.js";
import { finish } from "./jobs.js";
import { Latest } from "./latest.js";
import { errorText, noteText, reasonText } from "./notice.js";
import { StudyFields } from "./study_fields.js";

/** Estimated length of a trial with its answer, for the length of a study. */
const TRIAL_SECONDS = 6;

/** @param {import("./context.js").Context} context */
export async function studyDialog(context) {
  const { study } = context;
  const ending = new AbortController();
  const fields = new StudyFields(context, () => void plans.ask(fields.request));
  const count = el("p", { class: "status study-count", role: "status" });
  const notes = el("div", { class: "study-notes" });
  const status = el("div", { class: "status", role: "status" });
  const start = button(t("study.start"), () => void build(fields.request), {
    class: "primary",
    disabled: true,
    dataset: { action: "build-study" },
  });
  const refuse = (/** @type {string} */ why) => {
    notes.replaceChildren();
    start.disabled = true;
    count.textContent = why;
  };
  const plans = new Latest(async (/** @type {any} */ request) => {
    const { missing } = fields;
    if (missing) return refuse(missing);
    try {
      const plan = await post("/api/studies/plan", request);
      const minutes = Math.max(1, Math.round((plan.trials * TRIAL_SECONDS) / 60));
      count.textContent = t("study.count", { stimuli: plan.stimuli, trials: plan.trials, minutes });
      notes.replaceChildren(
        ...plan.notes.map((/** @type {string} */ note) => el("p", { class: "hint warning", text: noteText(note) })),
      );
      start.disabled = study.now !== null;
    } catch (error) {
      refuse(reasonText(error)); // nothing was started, so nothing failed
    }
  });

  /** @param {any} request */
  async function build(request) {
    status.textContent = "";
    start.disabled = true;
    try {
      study.under = study.run("study", async (signal) =>
        finish(await post("/api/studies", request), { signal, onProgress: (job) => study.progress(job, 0) }),
      );
      const made = await study.under;
      status.replaceChildren(...told(made));
      context.notices.say(t("study.done", { trials: made.trials, folder: made.folder }));
    } catch (error) {
      status.textContent = isAbort(error) ? t("study.cancelled") : errorText(error);
      if (!dialog.open) context.notices.say(status.textContent);
    } finally {
      await plans.ask(fields.request);
    }
  }

  const dialog = showDialog(
    t("study.title"),
    el("p", { class: "hint", text: t("study.hint") }),
    fields.element,
    el("footer", {}, el("div", { class: "study-said" }, notes, count, status), study.line(ending.signal), start),
  );
  dialog.classList.add("wide");
  dialog.addEventListener("close", () => ending.abort());
  takeInDialog(dialog, (files) => void fields.portraits.add(files));
  try {
    await fields.portraits.load();
    void plans.ask(fields.request);
  } catch (error) {
    refuse(errorText(error)); // shown here, because the dialog covers the page's own notices
  }
}

/** Say where the study is, and offer to try it. @param {{folder: string, trials: number, page: string | null}} made */
function told({ folder, trials, page }) {
  return [
    el("p", {}, `${t("study.ready", { trials })} `, el("code", { text: folder })),
    page &&
      el(
        "p",
        {},
        el("a", { href: page, target: "_blank", rel: "noopener", text: t("study.try") }),
        ` ${t("study.tryHint")}`,
      ),
  ].filter((each) => each !== null);
}
