"use strict";

/** The rating page for online use: jsPsych shows the trials; the answers are stored in the browser and saved as a file at the end. */
const root = document.getElementById("page");
const { settings, clips, name, columns, id } = rating;
const asked = new URLSearchParams(location.search);
document.title = name;

class MienRating {
  static info = {
    name: "mien-rating",
    version: "1.0.0",
    parameters: {
      clip: { type: jsPsychModule.ParameterType.OBJECT },
      progress: { type: jsPsychModule.ParameterType.STRING },
    },
    data: {},
  };

  /** jsPsych continues when the promise is fulfilled, with its data. */
  async trial(target, trial) {
    return rate(target, trial.clip, settings, trial.progress);
  }
}

/** A generator of random numbers from 0 to 1, seeded by a text (mulberry32). */
function randomOf(text) {
  let state = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Return the indices of the clips in a participant's random order (Fisher-Yates shuffle). */
function orderOf(participant) {
  const random = randomOf(`${settings.seed} ${participant}`);
  const order = clips.map((_, number) => number);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The key of the rows in the browser's storage; another page has another key, even one of the same folder. */
function place(participant) {
  return `mien rating ${settings.facs ? "facs" : "judgement"} ${id} of ${name} by ${participant}`;
}

/** The rows so far, stored in the browser, so that a closed page can continue; only those of clips on this page. */
function kept(participant) {
  const stimuli = new Set(clips.map((clip) => clip.stimulus));
  try {
    const rows = JSON.parse(localStorage.getItem(place(participant)) ?? "[]");
    return rows.filter((row) => stimuli.has(row.stimulus));
  } catch {
    return [];
  }
}

function keep(participant, done) {
  try {
    localStorage.setItem(place(participant), JSON.stringify(done));
  } catch {
    // The browser may not allow storage; the answers are still saved at the end.
  }
}

/** Forget the rows once they are saved, so that the next person in this browser begins without any. */
function forget(participant) {
  try {
    localStorage.removeItem(place(participant));
  } catch {
    // Nothing was stored.
  }
}

/** Return a cell of a CSV file. An apostrophe keeps a spreadsheet from reading text as a formula, as `plain_words` in Python does. */
function cell(value) {
  const words = value === null || value === undefined ? "" : String(value);
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(words) ? `'${words}` : words;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(rows) {
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((row) => row.map(cell).join(","))
    .join("\r\n")
    .concat("\r\n");
}

/** Return the rows of a clip: one row, or with FACS sheets one row for each AU. */
function rowsOf(participant, trial, clip, said) {
  const { aus, ...rest } = said;
  const shared = {
    ...rest,
    rater: participant,
    coder: participant,
    trial,
    stimulus: clip.stimulus,
    stimulus_file: clip.stimulus,
    rated_at: new Date().toISOString(),
    frames: clip.steps.length,
    fps: clip.fps,
  };
  if (!settings.facs) return [shared];
  const seconds = (frame) => Math.round(clip.times_ms[frame] * 1000) / 1e6;
  const seen = aus.map((each) => ({
    ...shared,
    ...each,
    onset_seconds: seconds(each.onset_frame),
    apex_seconds: seconds(each.apex_frame),
    offset_seconds: seconds(each.offset_frame),
  }));
  return seen.length ? seen : [shared];
}

function save(participant, rows) {
  const file = `${name}_${participant}${settings.facs ? "_facs" : ""}.csv`.replace(/[^\p{L}\p{N}._-]+/gu, "_");
  const link = element("a", {
    href: URL.createObjectURL(new Blob([csvOf(rows)], { type: "text/csv" })),
    download: file,
  });
  link.click();
  return file;
}

/** Return the participant's code and stored rows. A different person with the same code is asked for another code. */
async function enter() {
  let participant = asked.get("participant");
  let problem = "";
  for (;;) {
    participant ||= await askCode(root, problem);
    const rows = kept(participant);
    const done = new Set(rows.map((row) => row.stimulus));
    const own = await introduce(root, settings, done.size, clips.length, participant);
    if (own) return { participant, rows, done };
    problem = `Somebody already used the code ${participant} in this browser: choose another code.`;
    participant = "";
  }
}

async function start() {
  const { participant, rows: before, done } = await enter();
  let rows = before;
  const order = orderOf(participant).filter((number) => !done.has(clips[number].stimulus));
  root.replaceChildren();
  const jsPsych = initJsPsych({ display_element: root });
  if (order.length) {
    await jsPsych.run(
      order.map((number, i) => {
        const trial = done.size + i + 1;
        return {
          type: MienRating,
          clip: clips[number],
          progress: `Clip ${trial} of ${clips.length}`,
          on_finish: (data) => {
            rows = rows.concat(rowsOf(participant, trial, clips[number], data));
            keep(participant, rows);
          },
        };
      }),
    );
  }
  const file = save(participant, rows);
  forget(participant);
  thank(root, settings, `Your answers were saved as ${file}. Check that the file is there before you close the page.`);
  const again = element("button", { textContent: "Save the file again" });
  again.addEventListener("click", () => save(participant, rows));
  document.getElementById("end").append(again);
}

start().catch((error) => {
  const told = element("p", { textContent: `This page cannot continue: ${error.message}. Reload it.` });
  told.setAttribute("role", "alert");
  card(root, told);
});
