"use strict";

const TOLERANCE = 0.04;
const DISCLOSURE = "All faces are synthetic: a computer made the movements from still portraits.";

const asked = new URLSearchParams(location.search);
document.title = study.name;

const jsPsych = initJsPsych({ on_finish: save, on_data_update: remember });

/** The key in the browser's storage for the answers of an unfinished session, so that a closed page does not lose them. */
const UNFINISHED = `mien answers of ${study.name}`;

function answersCsv() {
  return jsPsych.data.get().filter({ part: "answer" }).csv();
}

function remember() {
  try {
    localStorage.setItem(UNFINISHED, JSON.stringify({ participant: participant.id, csv: answersCsv() }));
  } catch {
    // The browser may not allow storage; the answers are still saved at the end.
  }
}

function unfinished() {
  try {
    return JSON.parse(localStorage.getItem(UNFINISHED) ?? "null");
  } catch {
    return null;
  }
}

/** Return a paragraph with a text of the design, in which any character may occur. */
function text(words) {
  const element = document.createElement("p");
  element.textContent = words;
  return element.outerHTML;
}

function page(stimulus, choices, more = {}) {
  return { type: jsPsychHtmlButtonResponse, stimulus, choices, ...more };
}

function fileOf(id) {
  return `${study.name}_${id}.csv`.replace(/[^\p{L}\p{N}._-]+/gu, "_");
}

function download(name, csv) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  link.download = name;
  link.click();
}

/** Let the browser ask before the page is left, because the answers are saved only at the end. */
function ask(event) {
  event.preventDefault();
}

function save() {
  removeEventListener("beforeunload", ask);
  const name = fileOf(participant.id);
  download(name, answersCsv());
  localStorage.removeItem(UNFINISHED);
  const said = study.disclosure === "after" ? text(DISCLOSURE) : "";
  const saved =
    `Your answers were saved as ${name} in the folder of your downloads. ` +
    "Please send this file to the experimenter.";
  document.body.innerHTML = `<main class="jspsych-content" id="end"><h1>Thank you</h1>${said}${text(saved)}</main>`;
}

const participant = { id: "", order: 0 };

/** Return the index of a participant's order: numbers get the orders in turn, other codes are spread evenly. */
function orderOf(id) {
  const count = study.orders.length;
  const number = /^\d{1,9}$/.test(id)
    ? Number(id) - 1 + count
    : [...id].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 1000003, 7);
  return number % count;
}

function trialOf(number, more) {
  const trial = study.trials[number];
  const correct = trial.data.correct_answer;
  let shown = {};
  return [
    {
      type: MienFrames,
      showing: trial,
      refreshes: () => participant.refreshes,
      on_finish: (data) => {
        shown = { shown_ms: data.shown_ms, dropped_frames: data.dropped_frames, shown_px: data.shown_px };
      },
    },
    page(text(study.question), study.choices.map(labelled), {
      button_html: (choice) => `<button class="jspsych-btn">${choice}</button>`,
      on_finish: (data) => {
        const answer = study.choices[data.response];
        Object.assign(data, trial.data, more, shown, {
          part: more.training ? "training" : "answer",
          study: study.name,
          participant: participant.id,
          order: participant.order + 1,
          answer,
          correct: Number(answer === correct),
          rt_ms: data.rt,
          measured_refresh_hz: Math.round(participant.measured_hz * 100) / 100,
        });
        delete data.stimulus;
      },
    }),
  ];
}

function labelled(choice, index) {
  const label = document.createElement("span");
  label.textContent = choice;
  return index < 9 ? `<kbd>${index + 1}</kbd>${label.outerHTML}` : label.outerHTML;
}

/** The keys 1 to 9 press the answer buttons. */
document.addEventListener("keydown", (event) => {
  const buttons = document.querySelectorAll("#jspsych-html-button-response-btngroup kbd");
  if (!event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey) {
    buttons[Number(event.key) - 1]?.closest("button").click();
  }
});

function feedback(number) {
  const correct = study.trials[number].data.correct_answer;
  return page(() => {
    const last = jsPsych.data.get().last(1).values()[0];
    return text(last.correct ? "Right." : `It was ${correct}.`);
  }, ["Next"]);
}

/** Return a page that says what to do in each trial, with the key of each answer. The first trial starts after it. */
function instructions() {
  const keys = study.choices.map((choice, index) => `<li>${labelled(choice, index)}</li>`).join("");
  const how =
    "In each trial you see a face for a moment. Then say what it showed: press the key of your answer, or click it.";
  return page(`${text(how)}<ul class="keys">${keys}</ul>`, ["Begin"]);
}

function task() {
  const order = study.orders[participant.order];
  const timeline = [instructions()];
  if (study.training.length) {
    timeline.push(page("<p>First, some practice trials. After each one you are told the right answer.</p>", ["Begin"]));
    study.training.forEach((number, place) => {
      timeline.push(...trialOf(number, { training: true, block: 0, trial: place + 1 }), feedback(number));
    });
    timeline.push(page("<p>Now the task begins. You are no longer told the right answer.</p>", ["Begin"]));
  }
  let before = 1;
  order.forEach((number, place) => {
    const block = Math.floor((place * study.blocks) / order.length) + 1;
    if (block !== before) {
      before = block;
      timeline.push(page(`<p>Block ${block} of ${study.blocks}. Take a rest.</p>`, ["Go on"]));
    }
    timeline.push(...trialOf(number, { training: false, block, trial: place + 1 }));
  });
  return timeline;
}

async function start() {
  const root = document.body;
  root.innerHTML = "<main class='jspsych-content'><p>The pictures are being loaded.</p></main>";
  try {
    await Promise.all([...new Set(study.trials.flatMap((trial) => trial.pictures))].map(load));
  } catch (error) {
    root.innerHTML = `<main class="jspsych-content" role="alert">${text(`The study cannot start: ${error.message}.`)}</main>`;
    return;
  }
  participant.measured_hz = await refreshRate();
  participant.refreshes = Math.max(1, Math.round(participant.measured_hz / study.refresh_hz));
  const off = participant.measured_hz / (study.refresh_hz * participant.refreshes) - 1;
  if (Math.abs(off) > TOLERANCE && !asked.has("any_screen")) {
    const told =
      `This study needs a screen at ${study.refresh_hz} Hz or a multiple of it. ` +
      `Yours was measured at ${participant.measured_hz.toFixed(1)} Hz.`;
    root.innerHTML = `<main class="jspsych-content" role="alert">${text(told)}</main>`;
    return;
  }
  await consent(root);
  participant.id = asked.get("participant") || (await code(root));
  participant.order = orderOf(participant.id);
  root.innerHTML = "";
  addEventListener("beforeunload", ask);
  await jsPsych.run(task());
}

/** Show what participants agree to, and wait until they agree. */
function consent(root) {
  const told = study.disclosure === "before" ? text(DISCLOSURE) : "";
  root.innerHTML = `<main class="jspsych-content">${text(study.consent)}${told}<button>I agree</button></main>`;
  const left = unfinished();
  if (left?.csv) {
    const button = document.createElement("button");
    button.textContent = `Save the answers of an unfinished session (${left.participant})`;
    button.addEventListener("click", () => download(fileOf(`${left.participant}_unfinished`), left.csv));
    root.querySelector("main").append(document.createElement("hr"), button);
  }
  return new Promise((resolve) => {
    root.querySelector("button").addEventListener("click", resolve);
  });
}

/** Ask for the participant's number or code. */
function code(root) {
  root.innerHTML = `<main class="jspsych-content"><form><p><label>Your number or code
    <input id="code" autocomplete="off" required pattern=".*\\S.*"></label></p><button>Go on</button></form></main>`;
  root.querySelector("input").focus();
  return new Promise((resolve) => {
    root.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      resolve(root.querySelector("input").value.trim());
    });
  });
}

start();
