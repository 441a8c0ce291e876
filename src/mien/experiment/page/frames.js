"use strict";

/** Show preloaded pictures in time with the screen's refreshes, and measure how long the expression was shown. */
class MienFrames {
  static info = {
    name: "mien-frames",
    version: "1.0.0",
    parameters: {
      /** A trial of trials.js: pictures, steps, first and last step of the expression. */
      showing: { type: jsPsychModule.ParameterType.OBJECT },
      /** Number of screen refreshes for each frame of the design. */
      refreshes: { type: jsPsychModule.ParameterType.INT, default: 1 },
    },
    data: {
      shown_ms: { type: jsPsychModule.ParameterType.FLOAT },
      dropped_frames: { type: jsPsychModule.ParameterType.INT },
      /** Width of the picture on the page, CSS px. */
      shown_px: { type: jsPsychModule.ParameterType.INT },
    },
  };

  /** jsPsych continues when the promise is fulfilled, with its data. */
  async trial(element, trial, onLoad) {
    element.innerHTML = '<p class="cross" aria-hidden="true">+</p>';
    const { pictures, steps, first, last } = trial.showing;
    const [images] = await Promise.all([
      Promise.all(pictures.map((place) => decoded(place))),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ]);
    const canvas = document.createElement("canvas");
    canvas.width = study.size_px;
    canvas.height = study.size_px;
    element.replaceChildren(canvas);
    const context = canvas.getContext("2d", { alpha: false });
    context.fillStyle = "#808080";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const shownPx = Math.round(canvas.getBoundingClientRect().width);
    onLoad();
    const seen = await shown(context, images, steps, trial.refreshes);
    for (const image of images) image.close();
    return { ...measured(seen, first, last, trial.refreshes), shown_px: shownPx };
  }
}

/**
 * Draw each step for its number of refreshes. Return the time of every refresh, and the time at which each step began; the
 * last of these is the end of the last step.
 */
function shown(context, images, steps, refreshes) {
  const { width, height } = context.canvas;
  const times = [];
  const starts = [];
  let step = -1;
  let left = 0;
  return new Promise((resolve) => {
    const draw = (now) => {
      times.push(now);
      if (left === 0) {
        step += 1;
        starts.push(now);
        if (step === steps.length) {
          resolve({ times, starts });
          return;
        }
        context.drawImage(images[steps[step][0]], 0, 0, width, height);
        left = steps[step][1] * refreshes;
      }
      left -= 1;
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  });
}

/** Return how long the expression was shown (ms), and how many screen refreshes were missed. */
function measured({ times, starts }, first, last, refreshes) {
  const expected = 1000 / (study.refresh_hz * refreshes);
  let dropped = 0;
  for (let i = 1; i < times.length; i += 1) {
    dropped += Math.max(0, Math.round((times[i] - times[i - 1]) / expected) - 1);
  }
  const shownMs = Math.round(100 * (starts[last + 1] - starts[first])) / 100;
  return { shown_ms: shownMs, dropped_frames: dropped };
}

const loaded = new Map();

/** Load a picture once; it stays in memory, compressed. */
function load(place) {
  if (!loaded.has(place)) {
    loaded.set(
      place,
      new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = () => resolve(image);
        image.onerror = () => reject(new Error(`${place} cannot be loaded`));
        image.src = place;
      }),
    );
  }
  return loaded.get(place);
}

async function decoded(place) {
  return createImageBitmap(await load(place));
}

/** Return the screen's refresh rate in Hz, from the median interval between refreshes. */
function refreshRate(frames = 60) {
  return new Promise((resolve) => {
    const times = [];
    const tick = (now) => {
      times.push(now);
      if (times.length <= frames) {
        requestAnimationFrame(tick);
        return;
      }
      const gaps = times
        .slice(1)
        .map((time, i) => time - times[i])
        .sort((a, b) => a - b);
      resolve(1000 / gaps[Math.floor(gaps.length / 2)]);
    };
    requestAnimationFrame(tick);
  });
}
