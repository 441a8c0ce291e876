"use strict";

/** The rating page for online use: jsPsych shows the trials; the answers are kept in the browser and saved at the end. */
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

  /** jsPsych goes on when the promise is kept, with its data. */
  async trial(target, trial) {
    return rate(target, trial.clip, settings, trial.progress);
  }
}

/** Random numbers that are the same for the same text (mulberry32). */
function randomOf(text) {
  let state = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Return the numbers of the clips in the random order of a participant (Fisher and Yates). */
function orderOf(participant) {
  const random = randomOf(`${settings.seed} ${participant}`);
  const order = clips.map((_, number) => number);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Where rows are kept: another page, be it of the same folder, has another place. */
function place(participant) {
  return `mien rating ${settings.facs ? "facs" : "judgement"} ${id} of ${name} by ${participant}`;
}

/** The rows so far, of clips of this page: kept in the browser, so that a page that was closed goes on. */
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
    // A browser may keep nothing; the answers are still saved at the end.
  }
}

/** Rows that are saved are forgotten: the next person in this browser begins with none. */
function forget(participant) {
  try {
    localStorage.removeItem(place(participant));
  } catch {
    // Nothing was kept.
  }
}

/** Return a cell of a CSV file; an apostrophe keeps words from being a formula, as `plain_words` in Python does. */
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

/** Return the rows of a clip: one, or with FACS sheets one for each AU. */
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

/** Return the participant's code and kept rows. Whoever did not give these answers needs another code. */
async function enter() {
  let participant = asked.get("participant");
  let problem = "";
  for (;;) {
    participant ||= await askCode(root, problem);
    const rows = kept(participant);
    const done = new Set(rows.map((row) => row.stimulus));
    const own = await introduce(root, settings, done.size, clips.length, participant);
    if (own) return { participant, rows, done };
    problem = `Somebody began with the code ${participant} in this browser: take another code.`;
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
  thank(
    root,
    settings,
    `Your answers were saved as ${file}. Look whether the file is there before you close the page.`,
  );
  const again = element("button", { textContent: "Save the file again" });
  again.addEventListener("click", () => save(participant, rows));
  document.getElementById("end").append(again);
}

start().catch((error) => {
  const told = element("p", { textContent: `The page cannot go on: ${error.message}. Reload it.` });
  told.setAttribute("role", "alert");
  card(root, told);
});
