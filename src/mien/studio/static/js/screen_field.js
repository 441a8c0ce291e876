// @ts-check
/** A field that chooses the frame rate by the screen of the experiment, and warns of rates that the screen cannot show. */

import { el, field } from "./dom.js";
import { t } from "./i18n.js";
import { SCREENS_HZ, screenHz, screenWarning } from "./screen.js";

export class ScreenField {
  /** @param {number | null} hz refresh rate that was chosen before; null for this screen @param {() => string} fps now @param {(fps: string) => void} choose */
  constructor(hz, fps, choose) {
    this.fps = fps;
    /** Refresh rate of the page's screen, Hz; 0 until it is measured. */
    this.here = 0;
    this.select = el(
      "select",
      {
        dataset: { key: "screen" },
        on: {
          change: () => {
            if (this.hz) choose(String(this.hz));
            this.show();
          },
        },
      },
      el("option", { value: "", text: t("screen.here", { hz: "…" }) }),
      ...SCREENS_HZ.map((each) => el("option", { value: String(each), text: t("screen.hz", { hz: each }) })),
    );
    this.select.value = hz && SCREENS_HZ.includes(hz) ? String(hz) : "";
    this.warning = el("p", { class: "hint warning screen-warning", role: "status", hidden: true });
    this.element = field(t("screen.title"), this.select);
    void screenHz().then((found) => {
      this.here = found;
      this.select.options[0].textContent = t("screen.here", { hz: found || "?" });
      this.show();
    });
  }

  get hz() {
    return Number(this.select.value) || this.here;
  }

  /** The chosen refresh rate, Hz; null for the page's screen. */
  get chosen() {
    return Number(this.select.value) || null;
  }

  /** Show the warning for the frame rate that is typed now. */
  show() {
    const text = screenWarning(this.fps(), this.hz);
    this.warning.hidden = !text;
    this.warning.textContent = text;
  }
}
