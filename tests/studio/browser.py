"""The studio's page as the browser tests handle it; without a browser they are skipped and say so."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.chromium import SEEN_TOUR, Served, why_no_browser
from PIL import Image

PATIENCE_SECONDS = 120
"""Far more than anything takes on an idle computer: a busy one must not fail the tests."""


OPEN_REQUESTS = """
    window.openRequests = 0;
    const ask = window.fetch;
    window.fetch = async (...what) => {
        window.openRequests += 1;
        try {
            return await ask(...what);
        } finally {
            setTimeout(() => (window.openRequests -= 1), 50); // what the page does with the answer counts too
        }
    };
"""
"""Counts the page's open requests in the page itself: a busy browser reports a request later than it is made."""


def need_browser() -> None:
    """Skip all of a module, in one line, where there is no browser or nothing to drive it."""
    why = why_no_browser()
    if why is not None:
        pytest.skip(f"the browser tests are left out: {why}", allow_module_level=True)


@dataclass
class StudioPage:
    """The studio's page as a user has it before them.

    Attributes:
        page: Playwright's.
        served: the running studio.
        complaints: what the browser's console said that it should not have.
        asked: the address of every request.
        waiting: requests that the browser reported, without an answer yet.
    """

    page: Any
    served: Served
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    waiting: int = 0

    def __post_init__(self) -> None:
        self.page.add_init_script(SEEN_TOUR)
        self.page.add_init_script(OPEN_REQUESTS)
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", self._asks)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)

    def _asks(self, request: Any) -> None:
        self.asked.append(request.url)
        self.waiting += 1

    def _answered(self, request: Any) -> None:
        self.waiting -= 1

    def _said(self, message: Any) -> None:
        # The browser itself reports each refused request so; the page tells the user.
        refused = "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(message.text)

    def open(self) -> None:
        """Load the page and wait until it can be used."""
        self.page.goto(self.served.url)
        self.page.wait_for_selector("html[data-ready]")

    def drop(self, file: Path, onto: str = "body") -> None:
        """Drop a file onto the page, as from a folder's window."""
        content = base64.b64encode(file.read_bytes()).decode()
        carried = self.page.evaluate_handle(
            """([content, name]) => {
                const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
                const carried = new DataTransfer();
                carried.items.add(new File([bytes], name));
                return carried;
            }""",
            [content, file.name],
        )
        self.page.dispatch_event(onto, "drop", {"dataTransfer": carried})

    def drop_portrait(self, file: Path) -> None:
        """Drop a portrait and wait until it is shown."""
        self.drop(file)
        self.page.wait_for_selector(f".portrait-section h2 >> text={file.name}")
        self.wait_for_picture(lambda picture: np.ptp(picture) > 100)

    def picture(self) -> np.ndarray:
        """What the canvas shows, (H, W, 3) uint8; where two pictures are shown, the other at the left, 8 px apart."""
        urls = self.page.evaluate(
            """() => [...document.querySelectorAll(".pane canvas")].filter((each) => each.checkVisibility())
                .map((each) => each.toDataURL("image/png"))"""
        )
        pictures = [Image.open(BytesIO(base64.b64decode(url.split(",")[1]))) for url in urls]
        height = pictures[-1].height
        parts = [
            np.asarray(each.convert("RGB").resize((each.width * height // each.height, height)))
            if each.height != height
            else np.asarray(each.convert("RGB"))
            for each in pictures
        ]
        gap = np.zeros((height, 8, 3), np.uint8)
        return np.hstack([parts[0], gap, parts[1]]) if len(parts) == 2 else parts[0]

    def settled(self) -> np.ndarray:
        """The picture once no request and no job is open and it has stood still."""
        last = [self.picture()]

        def idle() -> bool:
            # A job is asked after now and then: between two questions no request is open.
            busy = self.page.evaluate(
                "() => window.openRequests > 0 || 'busy' in document.documentElement.dataset"
            )
            return self.waiting == 0 and not busy

        def still() -> bool:
            quiet = idle()
            self.page.wait_for_timeout(80)
            last.append(self.picture())
            return quiet and idle() and np.array_equal(*last[-2:])

        self.wait_for(still, bool)
        return last[-1]

    def wait_for_picture(self, fits: Callable[[np.ndarray], bool]) -> np.ndarray:
        """Wait until the canvas shows a picture that fits, and return it."""
        return self.wait_for(self.picture, fits)

    def wait_for(self, look: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
        """Look again and again until what is there fits."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not fits(seen := look()):
            assert time.monotonic() < end, f"last saw {seen}; the page says: {self.notice()}"
            self.page.wait_for_timeout(40)
        return seen

    def notice(self) -> str:
        """The line at the page's foot."""
        return self.page.inner_text(".notices")

    def field_error(self) -> str:
        """The line at a field; nothing if there is none."""
        return " ".join(self.page.locator(".field-error").all_inner_texts())

    def status(self) -> str:
        """What the open dialog says of its work."""
        return self.page.inner_text("dialog[open] .status")

    def handle(self, name: str, lane: int = 0) -> Any:
        """A handle of a lane: onset, apexStart, apexEnd, offset, peak or body."""
        return self.page.locator(f'[data-lane="{lane}"][data-handle="{name}"]')

    def value(self, name: str, lane: int = 0) -> float:
        """Where a handle is: milliseconds, or an intensity for the peak."""
        return float(self.handle(name, lane).get_attribute("aria-valuenow"))

    def seek(self, frame: int) -> None:
        """Put the playhead on a frame, from 0."""
        ruler = self.page.locator(".ruler")
        ruler.focus()
        self.page.keyboard.press("Home")
        for _ in range(frame // 10):
            self.page.keyboard.press("Shift+ArrowRight")
        for _ in range(frame % 10):
            self.page.keyboard.press("ArrowRight")
        assert ruler.get_attribute("aria-valuenow") == str(frame)

    def drag(self, name: str, by_px: tuple[float, float], lane: int = 0, steps: int = 6) -> None:
        """Drag a handle with the mouse."""
        handle = self.handle(name, lane)
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by_px[0], y + by_px[1], steps=steps)
        self.page.mouse.up()

    def lanes(self) -> list[list[str]]:
        """Each lane: its AU and side, then what a screen reader says of its handles."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll(".lane[role=listitem]")].map((lane) => [
                lane.querySelector(".lane-name b").textContent, lane.querySelector("select").value,
                ...[...lane.querySelectorAll(".handle")].map((each) => each.ariaValueText)])"""
        )

    def design(self) -> dict[str, Any]:
        """All of the design that the page shows."""
        numbers = [box.input_value() for box in self.page.locator(".timeline-bar input").all()]
        return {"lanes": self.lanes(), "duration and rate": numbers}

    def export(self, kind: str, name: str) -> str:
        """Export through the dialog and return the finished file's address."""
        self.page.click("[data-action=export-dialog]")
        dialog = self.page.locator("dialog[open]")
        dialog.locator("input[type=text]").first.fill(name)
        dialog.locator("select").first.select_option(kind)
        dialog.locator("[data-action=export]").click()
        link = dialog.locator("a[download]").get_attribute("href")
        self.page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        return link


def differ(one: np.ndarray, other: np.ndarray) -> float:
    """How far two pictures are apart: the mean of the thousandth that differs most, 0 to 255."""
    if one.shape != other.shape:
        return 255.0
    away = np.sort(np.abs(one.astype(int) - other).max(axis=-1), axis=None)
    return float(away[-max(len(away) // 1000, 1) :].mean())
