"""Run a real browser on a real studio, for the browser tests, a benchmark and the pictures of docs/studio.md.

Playwright drives the Chromium or Chrome that the computer has: nothing is downloaded.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SEEN_TOUR = "localStorage.setItem('mien-tour', 'seen')"
"""Script that runs before a page's own ones and leaves out the tour of the first start."""

MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def browser_program() -> str | None:
    """Return the path of Chromium or Chrome; None if neither is installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (MAC_CHROME if Path(MAC_CHROME).is_file() else None)


def why_no_browser() -> str | None:
    """Return what is missing to drive a browser and how to get it; None if nothing is missing."""
    if browser_program() is None:
        return "no Chromium: install it (Debian: apt-get install chromium)"
    if find_spec("playwright") is None:
        return "no Playwright: make test installs it"
    return None


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium without a window; check `why_no_browser` first."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # Chromium has no sandbox for root, the user in most containers; only our own page is opened.
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = driver.chromium.launch(executable_path=browser_program(), args=options)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class Served:
    """A running studio.

    Attributes:
        address: Address without a path; requests need the studio's key.
        url: Address with the key, which opens the studio.
    """

    address: str
    url: str


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Run a studio in this process."""
    from mien.studio.app import create_app
    from mien.studio.serving import HOST, listen, server

    listener = listen(0)
    app = create_app(folder)
    running = server(app)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    try:
        yield Served(address, app.state.key.url(address))
    finally:
        running.should_exit = True
        thread.join(10)


@contextmanager
def started(folder: Path) -> Iterator[Served]:
    """Run a studio in its own process, as users start it, so that the code that drives the browser does not slow it."""
    command = [sys.executable, "-m", "mien", "studio", "--port", "0", "--no-browser"]
    studio = subprocess.Popen(
        [*command, "--folder", str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert studio.stdout is not None
        said = re.search(r"(http://[^/\s]+)/\S*", studio.stdout.readline())
        if said is None:
            raise RuntimeError("mien studio printed no address")
        yield Served(said[1], said[0])
    finally:
        studio.terminate()
        studio.wait(20)
