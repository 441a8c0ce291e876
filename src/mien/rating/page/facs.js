"use strict";

/** Return a text about an AU that is entered twice for the same time and side, as `check_apart` in Python finds it; "" if none is. */
function twiceAtOnce(aus) {
  const whole = aus.filter((each) => each.au && each.onset_frame !== null && each.offset_frame !== null);
  for (const [number, each] of whole.entries()) {
    for (const other of whole.slice(0, number)) {
      const one_side = each.side === other.side || each.side === "both" || other.side === "both";
      const at_once = each.onset_frame < other.offset_frame && other.onset_frame < each.offset_frame;
      if (each.au === other.au && one_side && (at_once || each.onset_frame === other.onset_frame)) {
        const from = Math.max(each.onset_frame, other.onset_frame);
        return `${each.au} is entered twice from frame ${from} on: enter it only once at a time on each side.`;
      }
    }
  }
  return "";
}

/** A FACS sheet: a slider over the frames, which are counted from 0, and a row for each AU. */
function facsForm(settings, player) {
  const last = player.frames - 1;
  const slider = element("input", { type: "range", min: 0, max: last, value: 0, className: "slider", id: "frame" });
  slider.setAttribute("aria-label", "Frame");
  const number = element("output", { textContent: `frame 0 (0 to ${last})` });
  const onFrame = (frame) => {
    slider.value = frame;
    number.textContent = `frame ${frame} (0 to ${last})`;
  };
  const go = (frame) => {
    if (player.playing) return;
    const kept = Math.min(Math.max(frame, 0), last);
    player.show(kept);
    onFrame(kept);
  };
  slider.addEventListener("input", () => go(Number(slider.value)));
  const back = element("button", { type: "button", textContent: "−1 frame" });
  const on = element("button", { type: "button", textContent: "+1 frame" });
  back.addEventListener("click", () => go(player.frame - 1));
  on.addEventListener("click", () => go(player.frame + 1));
  const stepper = element("div", {}, back, slider, on, element("div", {}, number));

  const rows = element("tbody");
  const heads = ["AU", "side", "level", "onset", "apex", "offset", ""].map((text) =>
    element("th", { textContent: text, scope: "col" }),
  );
  const table = element("table", { className: "sheet" }, element("thead", {}, element("tr", {}, ...heads)), rows);
  const add = element("button", { type: "button", textContent: "Add an AU" });
  const nothing = element("input", { type: "checkbox", id: "nothing" });
  const form = element("form", {}, table, add, element("label", {}, nothing, " no AU in this clip "));

  const addRow = () => {
    nothing.checked = false;
    const option = (value, text) => element("option", { value, textContent: text });
    const au = element(
      "select",
      { className: "au" },
      option("", "choose"),
      ...settings.aus.map((unit) => option(unit.name, `${unit.name} ${unit.words}`)),
    );
    const side = element(
      "select",
      { className: "side" },
      ...["both", "left", "right"].map((name) => option(name, name)),
    );
    const level = element(
      "select",
      { className: "level" },
      option("", "–"),
      ...settings.levels.map((name) => option(name, name)),
    );
    au.setAttribute("aria-label", "AU");
    side.setAttribute("aria-label", "side, the person's own left or right");
    level.setAttribute("aria-label", "level");
    au.addEventListener("change", () => {
      const unit = settings.aus.find((each) => each.name === au.value);
      side.disabled = unit !== undefined && !unit.sided;
      if (side.disabled) side.value = "both";
    });
    const frames = ["onset", "apex", "offset"].map((name) => {
      const input = element("input", { type: "number", min: 0, max: last, step: 1, className: name });
      input.setAttribute("aria-label", `${name} frame`);
      const here = element("button", { type: "button", textContent: "here" });
      here.setAttribute("aria-label", `${name} is this frame`);
      here.addEventListener("click", () => {
        input.value = player.frame;
      });
      return element("td", {}, input, here);
    });
    const remove = element("button", { type: "button", textContent: "✕" });
    remove.setAttribute("aria-label", "Remove this AU");
    const row = element(
      "tr",
      {},
      element("td", {}, au),
      element("td", {}, side),
      element("td", {}, level),
      ...frames,
      element("td", {}, remove),
    );
    remove.addEventListener("click", () => row.remove());
    rows.append(row);
  };
  add.addEventListener("click", addRow);
  nothing.addEventListener("change", () => {
    if (nothing.checked) rows.replaceChildren();
  });

  const whole = (input) => (/^\d+$/.test(input.value) && Number(input.value) <= last ? Number(input.value) : null);
  const listed = () =>
    [...rows.children].map((row) => {
      const [onset, apex, offset] = ["onset", "apex", "offset"].map((name) => whole(row.querySelector(`.${name}`)));
      return {
        au: row.querySelector(".au").value,
        side: row.querySelector(".side").value,
        level: row.querySelector(".level").value,
        onset_frame: onset,
        apex_frame: apex,
        offset_frame: offset,
      };
    });
  const problem = () => twiceAtOnce(listed());
  const read = () => {
    const aus = listed();
    const whole_rows = aus.every(
      (each) =>
        each.au &&
        each.level &&
        each.onset_frame !== null &&
        each.apex_frame !== null &&
        each.offset_frame !== null &&
        each.onset_frame <= each.apex_frame &&
        each.apex_frame <= each.offset_frame,
    );
    if (!whole_rows || (aus.length === 0 && !nothing.checked) || twiceAtOnce(aus)) return null;
    return { aus };
  };
  return { form, read, problem, above: { nodes: [stepper], onFrame } };
}
