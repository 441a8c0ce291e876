"""Make the pictures of docs/studio.md: the studio's page in Chromium, with scikit-image's astronaut.

    python -m tools.make_studio_pictures

Needs Chromium, a font with Chinese characters (Debian's fonts-noto-cjk) and the ``test`` extra. The astronaut is Eileen
Collins, in a picture by NASA that is in the public domain.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.chromium import SEEN_TOUR, launched, served, why_no_browser
from benchmarks.studio import write_portrait
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mien.generate import generate
from mien.io.images import read_image
from mien.io.mark import SyntheticMark

if TYPE_CHECKING:
    from playwright.sync_api import Page

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZE_PX = (1280, 920)
COLOURS = 160
"""Number of palette colours. A page has few colours and a small portrait, so a palette takes a third of the bytes."""


def picture(page: Page, name: str) -> None:
    """Save a screenshot of the page as docs/images/studio_NAME.png."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # until the last drawing is done
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = shown.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG)
    info = PngInfo()
    for key, text in SyntheticMark().as_text().items():
        info.add_text(key, text)
    path = OUT / f"studio_{name}.png"
    small.save(path, optimize=True, pnginfo=info)
    print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")


def design(page: Page, portrait: Path) -> None:
    """Show a smile with a raised brow on one side, with the focus on its first lane."""
    page.set_input_files("input[type=file]", str(portrait))
    page.wait_for_selector("[data-preset]")
    page.fill("[data-whole=intensity]", "D")
    page.keyboard.press("Enter")
    page.click("[data-preset=happiness]")
    page.wait_for_selector("[data-lane]")
    page.click("[data-au=AU2]")
    page.locator(".lane-head select").last.select_option("left")
    page.locator('[data-lane="0"][data-handle="apexStart"]').focus()


def write_driver(portrait: Path) -> Path:
    """Write a clip in which the mirrored portrait smiles, as the driver of another face; return its path."""
    mirrored = np.ascontiguousarray(read_image(portrait)[:, ::-1])
    driver = portrait.with_name("driver.mp4")
    generate(
        mirrored,
        driver,
        expression="happiness",
        intensity=4,
        fps=100,
        lead_seconds=0.1,
        tail_seconds=0.1,
    )
    return driver


def transfer(page: Page, driver: Path) -> None:
    """Show the driver and its lanes, for the portrait of the design."""
    page.click("[data-tab=transfer]")
    page.set_input_files("[data-key=clip]", str(driver))
    page.wait_for_selector("[data-lane]")
    page.select_option("[data-key=recode]", "smooth")
    page.wait_for_selector("text=Onset, apex and offset that fit")
    page.wait_for_selector(".foot .work", state="hidden")


def sheet(page: Page) -> None:
    """Show a sheet of two expressions, three intensities and two sides."""
    page.click("[data-action=sheet-dialog]")
    page.fill("[data-key=sheet-name]", "study 1")
    page.fill("[data-key=sheet-intensities]", "1, 2, 3")
    for value in ("left", "right"):
        page.check(f"dialog input[value={value}]")
    page.check('dialog .pick:has(span:text-is("happiness")) input')
    page.wait_for_selector("dialog tbody tr >> nth=4")


def why_no_chinese() -> str | None:
    """Return why the Chinese page would show boxes instead of characters; None if a font has them."""
    if shutil.which("fc-list") is None:
        return None  # nothing can be said
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=True)
    return None if fonts.stdout else "no font has Chinese characters: install fonts-noto-cjk"


def main() -> int:
    """Make all pictures."""
    why = why_no_browser() or why_no_chinese()
    if why is not None:
        print(why, file=sys.stderr)
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "studio") as studio,
        launched() as browser,
    ):
        page = browser.new_page(
            viewport={"width": SIZE_PX[0], "height": SIZE_PX[1]}, locale="en-GB"
        )
        page.add_init_script(SEEN_TOUR)
        page.goto(studio.url)
        page.wait_for_selector("html[data-ready]")
        portrait = write_portrait(Path(folder))
        design(page, portrait)
        page.click("[data-view=side]")
        picture(page, "design")
        page.click("[data-view=arrows]")
        page.click("[data-action=export-dialog]")
        picture(page, "export")
        page.keyboard.press("Escape")
        sheet(page)
        picture(page, "sheet")
        page.keyboard.press("Escape")
        transfer(page, write_driver(portrait))
        picture(page, "transfer")
        page.click("[data-tab=design]")
        page.select_option("select.language", "zh-Hans")
        page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
        page.click("[data-view=difference]")
        picture(page, "zh_dark")
    return 0


if __name__ == "__main__":
    sys.exit(main())
