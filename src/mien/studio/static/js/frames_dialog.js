// @ts-check
/** The frames of a clip as single pictures: ask for their frame rate and send them in the order of their names. */

import { upload } from "./api.js";
import { showDialog } from "./dialogs.js";
import { button, el, field } from "./dom.js";
import { t } from "./i18n.js";
import { typedRate } from "./rate.js";

/** @param {import("./types.js").About} about @param {File[]} files @returns {File[]} those that are pictures */
export function pictures(about, files) {
  return files.filter(
    ({ name, type }) =>
      about.picture_suffixes.some((suffix) => name.toLowerCase().endsWith(suffix)) ||
      (type.startsWith("image/") && type !== "image/gif"),
  );
}

/** @param {import("./context.js").Context} context @param {File[]} files two or more pictures */
export function framesDialog(context, files) {
  // img2 comes before img10.
  const order = new Intl.Collator("en", { numeric: true });
  const sorted = files.slice().sort((one, other) => order.compare(one.name, other.name));
  const folder = sorted[0].webkitRelativePath.split("/").slice(-2)[0];
  const name = el("input", {
    type: "text",
    value: folder || sorted[0].name.replace(/[\d_.-]*\.[^.]*$/, "") || "frames",
    dataset: { key: "frames-name" },
  });
  const fps = el("input", {
    type: "text",
    value: "200",
    class: "number",
    inputmode: "decimal",
    dataset: { key: "frames-fps" },
  });
  const dialog = showDialog(
    t("frames.title"),
    el("p", {
      text: t("frames.text", { count: sorted.length, first: sorted[0].name, last: sorted[sorted.length - 1].name }),
    }),
    field(t("project.name"), name),
    field(t("timeline.fps"), fps),
    el(
      "footer",
      {},
      button(
        t("frames.use"),
        () => {
          dialog.close();
          const query = `name=${encodeURIComponent(name.value)}&fps=${encodeURIComponent(typedRate(fps.value) ?? fps.value)}`;
          void context.transfer.use((signal) => upload(`/api/clips/frames?${query}`, packed(sorted), signal));
        },
        { class: "primary", dataset: { action: "use-frames" } },
      ),
    ),
  );
  fps.focus();
  fps.select();
}

/** Pack pictures: for each, its length in four bytes (little-endian), then the picture. @param {File[]} files */
function packed(files) {
  return new Blob(
    files.flatMap((file) => {
      const length = new DataView(new ArrayBuffer(4));
      length.setUint32(0, file.size, true);
      return [length.buffer, file];
    }),
  );
}
