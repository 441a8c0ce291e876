"""Time how long a user of the studio's page waits in a real browser, from a mouse move to the changed picture.

Chromium draws on the processor here, and shares it with the studio. Run as
``python -m benchmarks.studio_browser``; needs Chromium and the ``test`` extra.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.chromium import SEEN_TOUR, launched, started, why_no_browser
from benchmarks.report import report
from benchmarks.studio import PICTURE_PX, write_portrait

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = 7
STEPS = 100
DRAG_SECONDS = 3.0
MOVES_A_SECOND = 60
AIM_MS = 60
ZOOM_STEPS = 5
"""Number of presses of +; each makes the picture 1.25 times as large."""

WATCH = """() => {
    // Record the time of each mouse move. For each picture shown, record when its request began, which
    // contains all earlier moves, and the browser's next frame after the picture was painted.
    window.moves = [];
    window.shown = [];
    let begun = null;
    const ask = window.fetch;
    window.fetch = async (path, ...rest) => {
        const start = performance.now();
        const answer = await ask(path, ...rest);
        if (path === "/api/preview/frame") begun = start;
        return answer;
    };
    const paint = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (...given) {
        paint.apply(this, given);
        if (begun === null || !this.canvas.classList.contains("picture")) return;
        const start = begun;
        begun = null;
        requestAnimationFrame(() => window.shown.push([start, performance.now()]));
    };
    addEventListener("pointermove", () => window.moves.push(performance.now()), true);
}"""


def open_page(browser: Browser, url: str) -> tuple[Page, float]:
    """Open the page with nothing remembered; return it, and the seconds until it could be used."""
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
    page.add_init_script(SEEN_TOUR)
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    return page, time.perf_counter() - start


def waits_ms(page: Page) -> np.ndarray:
    """Return the wait from each mouse move to the first picture that contains it, milliseconds (moves,)."""
    moves, shown = page.evaluate("() => [window.moves, window.shown]")
    waits = []
    for moved in moves:
        later = [at for begun, at in shown if begun >= moved]
        if later:  # the last move may not have changed the handle's place
            waits.append(min(later) - moved)
    return np.array(waits)


def grab_apex(page: Page) -> tuple[float, float]:
    """Press the mouse on the start of the first lane's apex; return the place (x, y) in px."""
    box = page.locator('[data-lane="0"][data-handle="apexStart"]').bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { window.moves.length = window.shown.length = 0; }")
    return x, y


def time_steps(page: Page, what: str) -> None:
    """Repeatedly move an apex by a few pixels and wait for the picture."""
    x, y = grab_apex(page)
    for step in range(STEPS):
        page.mouse.move(x - 80 + 60 * (step % 2) + step / 4, y)
        while page.evaluate("() => window.shown.length") <= step:
            page.wait_for_timeout(5)
    page.mouse.up()
    tell(what, waits_ms(page))


def time_drag(page: Page) -> None:
    """Drag the apex to and fro without a stop, as fast as a mouse reports."""
    x, y = grab_apex(page)
    start = time.perf_counter()
    for step in range(int(DRAG_SECONDS * MOVES_A_SECOND)):
        page.mouse.move(x - 60 + 50 * np.sin(step / 15), y)
        time.sleep(max(start + (step + 1) / MOVES_A_SECOND - time.perf_counter(), 0))
    page.wait_for_timeout(1000)
    page.mouse.up()
    shown = page.evaluate("() => window.shown.map(([, at]) => at)")
    tell("the same, dragged without a stop", waits_ms(page), pictures_a_second(shown))


def pictures_a_second(shown_ms: list[float]) -> float:
    """Return how many new pictures a drag shows per second."""
    return round(1000 * (len(shown_ms) - 1) / (shown_ms[-1] - shown_ms[0]), 1)


def tell(what: str, waits: np.ndarray, per_second: float | None = None) -> None:
    """Report waits in milliseconds, shape (N,)."""
    result = {
        "p50_ms": round(float(np.median(waits)), 1),
        "p95_ms": round(float(np.percentile(waits, 95)), 1),
        "moves": len(waits),
        "aim_ms": AIM_MS,
    }
    if per_second is not None:
        result["pictures_per_second"] = per_second
    report("studio_browser", {"what": what, "portrait_px": PICTURE_PX}, result)


def main() -> None:
    """Start a studio and use it in Chromium."""
    why = why_no_browser()
    if why is not None:
        print(f"studio_browser not run: {why}", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder, started(Path(folder) / "studio") as studio:
        picture = write_portrait(Path(folder))
        with launched() as browser:
            ready = []
            for _ in range(PAGES):
                page, seconds = open_page(browser, studio.url)
                ready.append(seconds)
                page.close()
            report(
                "studio_browser",
                {"what": "page to usable", "pages": PAGES},
                {
                    "first_seconds": round(ready[0], 2),
                    "median_seconds": round(statistics.median(ready), 2),
                },
            )
            page, _ = open_page(browser, studio.url)
            page.set_input_files("input[type=file]", str(picture))
            page.click("[data-preset=happiness]")
            page.wait_for_load_state("networkidle")
            page.evaluate(WATCH)
            time_steps(page, "drag to changed picture, a move at a time")
            time_drag(page)
            for _ in range(ZOOM_STEPS):
                page.keyboard.press("+")
            page.wait_for_load_state("networkidle")
            time_steps(page, "the same, zoomed in 3 times")


if __name__ == "__main__":
    main()
