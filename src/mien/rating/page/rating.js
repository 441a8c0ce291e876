"use strict";

/**
 * Show a clip and ask what it shows. Used by both the local page and the online page.
 *
 * clip: pictures (addresses), steps (index of each frame's picture), times_ms (start of each frame), frame_ms (duration of
 * a frame), width, height (px).
 * settings: answers, none, other, points, replay, facs, levels, aus.
 */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Load and decode all pictures of a clip. */
function decodedPictures(places) {
  return Promise.all(
    places.map(
      (place) =>
        new Promise((resolve, reject) => {
          const image = new Image();
          image.onload = () => image.decode().then(() => resolve(image), reject);
          image.onerror = () => reject(new Error("A picture cannot be loaded"));
          image.src = place;
        }),
    ),
  );
}

/** A clip on a canvas: plays by the clip's own times, and counts plays and frames that were not shown. */
class Player {
  constructor(clip, images) {
    this.clip = clip;
    this.images = images;
    this.canvas = element("canvas", { width: clip.width, height: clip.height });
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "The clip");
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.plays = 0;
    this.skipped = 0;
    this.playing = false;
    this.show(0);
  }

  get frames() {
    return this.clip.steps.length;
  }

  /** Draw a frame, counted from 0. */
  show(frame) {
    this.frame = frame;
    this.context.fillStyle = "#808080";
    this.context.fillRect(0, 0, this.clip.width, this.clip.height);
    this.context.drawImage(this.images[this.clip.steps[frame]], 0, 0);
  }

  /** Return the frame to show at a time after the start: the last one whose start has passed. */
  frameAt(ms) {
    const times = this.clip.times_ms;
    let frame = this.frame;
    // Allow half a millisecond: the screen's clock and the clip's times never agree exactly.
    while (frame + 1 < times.length && times[frame + 1] <= ms + 0.5) frame += 1;
    return frame;
  }

  /** Play all frames, each for its duration. */
  play(onFrame = () => {}) {
    if (this.playing) return Promise.resolve();
    this.playing = true;
    this.show(0);
    onFrame(0);
    const end = this.clip.times_ms.at(-1) + this.clip.frame_ms;
    return new Promise((resolve) => {
      let start;
      const draw = (now) => {
        start ??= now;
        const before = this.frame;
        const due = this.frameAt(now - start);
        if (due !== before) {
          this.skipped += due - before - 1;
          this.show(due);
          onFrame(due);
        }
        if (now - start >= end - 0.5) {
          this.playing = false;
          this.plays += 1;
          resolve();
        } else {
          requestAnimationFrame(draw);
        }
      };
      requestAnimationFrame(draw);
    });
  }
}

/** Radio buttons in a row, with the texts `ends` at both ends; `labels` may be elements. */
function radios(name, legend, values, labels, ends = ["", ""]) {
  const row = element("div", { className: "choices" });
  if (ends[0]) row.append(element("span", { className: "end", textContent: ends[0] }));
  values.forEach((value, i) => {
    row.append(element("label", {}, element("input", { type: "radio", name, value, required: true }), " ", labels[i]));
  });
  if (ends[1]) row.append(element("span", { className: "end", textContent: ends[1] }));
  const group = element("fieldset", { name: `group-${name}` }, element("legend", { textContent: legend }), row);
  return group;
}

function judgementForm(settings) {
  const points = Array.from({ length: settings.points }, (_, i) => String(i + 1));
  const word = element("input", { type: "text", name: "word", maxLength: 200, autocomplete: "off", disabled: true });
  word.setAttribute("aria-label", "Which other emotion?");
  const values = [...settings.answers, settings.none, settings.other];
  const emotion = radios("answer", "Which emotion did the face show?", values, [...settings.answers, "none", "other"]);
  emotion.querySelector(".choices").append(word);
  const intensity = radios("intensity", "How intense was it?", points, points, ["very weak", "very strong"]);
  const naturalness = radios("naturalness", "How natural was the movement?", points, points, [
    "not at all",
    "completely",
  ]);
  const form = element("form", {}, emotion, intensity, naturalness);
  const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value;
  form.addEventListener("change", () => {
    word.disabled = chosen("answer") !== settings.other;
    const none = chosen("answer") === settings.none;
    intensity.querySelectorAll("input").forEach((input) => {
      input.disabled = none;
      if (none) input.checked = false;
    });
  });
  const read = () => {
    const answer = chosen("answer");
    const none = answer === settings.none;
    if (!answer || !chosen("naturalness") || (!none && !chosen("intensity"))) return null;
    return {
      answer,
      other_word: answer === settings.other ? word.value.trim() : "",
      rated_intensity: none ? 0 : Number(chosen("intensity")),
      naturalness: Number(chosen("naturalness")),
    };
  };
  return { form, read };
}

/**
 * Show a clip and its questions; return the result of `submit` for the answers. If `submit` fails, the page says why, keeps
 * the answers, and the rater can press "Next" again.
 */
async function rate(root, clip, settings, progress, submit = async (said) => said) {
  root.replaceChildren(element("p", { className: "told", textContent: "The clip is being loaded." }));
  const player = new Player(clip, await decodedPictures(clip.pictures));
  const play = element("button", { type: "button", textContent: "Play", id: "play" });
  const next = element("button", { type: "submit", textContent: "Next", disabled: true, id: "next" });
  const told = element("p", { className: "told" });
  told.setAttribute("role", "alert");
  const {
    form,
    read,
    problem = () => "",
    above,
  } = settings.facs ? facsForm(settings, player) : judgementForm(settings);
  form.append(next);
  let firstEnd = null;
  let sending = false;
  const refresh = () => {
    next.disabled = player.plays === 0 || read() === null;
    told.textContent = problem();
  };
  form.addEventListener("change", refresh);
  form.addEventListener("input", refresh);
  form.addEventListener("click", refresh);
  play.addEventListener("click", async () => {
    play.disabled = true;
    await player.play(above?.onFrame);
    firstEnd ??= performance.now();
    play.disabled = !settings.replay;
    play.textContent = settings.replay ? "Play again" : "Played";
    refresh();
  });
  const head = element("p", { className: "progress", textContent: progress });
  root.replaceChildren(head, player.canvas, ...(above ? above.nodes : []), play, form, told);
  play.focus();
  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = read();
      if (said === null || player.plays === 0 || player.playing || sending) return;
      sending = true;
      next.disabled = true;
      const whole = {
        ...said,
        plays: player.plays,
        skipped_frames: player.skipped,
        rt_ms: Math.round((performance.now() - firstEnd) * 10) / 10,
      };
      try {
        resolve(await submit(whole));
      } catch (error) {
        told.textContent = `The rating is not saved yet: ${error.message}`;
        sending = false;
        next.disabled = false;
      }
    });
  });
}

const SYNTHETIC = "The faces are synthetic: a computer made the movements from still portraits.";

/** Show a page with some text and a form or buttons. */
function card(root, ...nodes) {
  root.replaceChildren(element("div", { className: "card" }, ...nodes));
}

/** Ask for the rater's code, and wait for it. */
function askCode(root, problem = "") {
  const input = element("input", { id: "code", autocomplete: "off", required: true });
  const form = element(
    "form",
    {},
    element("p", {}, element("label", {}, "Your code (letters, digits, - and _) ", input)),
    element("button", { textContent: "Begin" }),
  );
  const told = element("p", { className: "told", textContent: problem });
  told.setAttribute("role", "alert");
  card(root, element("h1", { textContent: "Rating of clips" }), form, told);
  input.focus();
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      resolve(input.value.trim());
    });
  });
}

/**
 * Show the instructions until the rater goes on. Return false if the rater says that another person rated the finished
 * clips; this is asked only if a code is given.
 */
function introduce(root, settings, done, total, code = "") {
  const nodes = [element("h1", { textContent: "Rating of clips" })];
  if (settings.disclosure === "before") nodes.push(element("p", { textContent: SYNTHETIC }));
  if (settings.facs) {
    nodes.push(
      element("p", {
        textContent:
          "Code each clip: every AU, its side (the person's own left or right), its level, and the frames of onset, apex and offset.",
      }),
    );
  } else {
    nodes.push(
      element("p", {
        textContent:
          "Play each clip, then say which emotion the face showed, how intense it was, and how natural the movement was.",
      }),
    );
    nodes.push(
      element("p", { textContent: settings.replay ? "You may play a clip again." : "Each clip can be played once." }),
    );
  }
  if (done) nodes.push(element("p", { textContent: `${done} of ${total} clips are rated already.` }));
  const go = element("button", { textContent: done ? "Go on" : "Begin" });
  const other = element("button", { textContent: "I am another person" });
  const asks = done > 0 && code !== "";
  if (asks) nodes.push(element("p", { textContent: `These were rated in this browser with the code ${code}.` }));
  card(root, ...nodes, go, ...(asks ? [" ", other] : []));
  go.focus();
  return new Promise((resolve) => {
    go.addEventListener("click", () => resolve(true));
    other.addEventListener("click", () => resolve(false));
  });
}

function thank(root, settings, words) {
  const said = settings.disclosure === "after" ? [element("p", { textContent: SYNTHETIC })] : [];
  const end = element(
    "div",
    { id: "end" },
    element("h1", { textContent: "Thank you" }),
    ...said,
    element("p", { textContent: words }),
  );
  root.replaceChildren(end);
}
