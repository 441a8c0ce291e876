"""A whole brief by mouse and keyboard: the actions are counted, the file is checked to the frame and the side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.io.clips import open_clip
from tests.studio.browser import StudioPage, need_browser

need_browser()

MOST_ACTIONS = 14
SIZES = [(1366, 768), (1920, 1080)]


class Hands:
    """What a person does: each click, each choice in a list and each group of keys is one action."""

    def __init__(self, studio: StudioPage) -> None:
        self.studio, self.page, self.actions = studio, studio.page, 0

    def click(self, what: str) -> None:
        self.actions += 1
        assert self.page.locator(what).is_visible()
        self.page.click(what)

    def keys(self, text: str) -> None:
        self.actions += 1
        if len(text) > 1 and text.isalpha():
            self.page.keyboard.press(text)
        else:
            self.page.keyboard.type(text)

    def choose(self, what: str, value: str) -> None:
        self.actions += 2  # the list is opened, and its entry is clicked
        self.page.select_option(what, value)

    def fill(self, what: str, text: str) -> None:
        """Click into a field twice, which selects all of it, type, and press Enter."""
        self.actions += 1
        self.page.click(what, click_count=2)
        self.keys(text)
        self.keys("Enter")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES)
def test_anger_at_level_b_for_300_ms_on_the_left_as_mp4(
    studio_page: StudioPage, face_file: Path, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    page = studio_page.page
    page.select_option("select.language", language)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    hands = Hands(studio_page)
    hands.actions += 1
    studio_page.drop_portrait(face_file)

    hands.click("[data-preset=anger]")
    studio_page.wait_for(studio_page.lanes, lambda lanes: len(lanes) == 4)
    hands.fill("[data-whole=intensity]", "B")
    hands.fill("[data-whole=duration]", "300")
    hands.choose("[data-whole=side]", "left")
    assert "AU23" in page.inner_text("dialog") and "FACS" in page.inner_text("dialog")
    hands.click("[data-action=leave-out]")
    hands.click("[data-action=export-dialog]")
    hands.keys("Enter")  # MP4 is what it offers
    href = page.locator("dialog a[download]").get_attribute("href")
    assert href == "/api/exports/anger.mp4"
    assert hands.actions <= MOST_ACTIONS

    made = tmp_path / "studio" / "exports" / "anger.mp4"
    sidecar: dict[str, Any] = json.loads(made.with_name("anger.mp4.json").read_text())
    check_sidecar(sidecar)
    frames = [frame for _, frame in open_clip(made)]
    assert len(frames) == 101  # 0.5 s at 200 a second, both ends
    still = frames[0].astype(int)
    moved = [np.abs(frame.astype(int) - still).max() > 20 for frame in frames]
    assert any(moved[20:50]) and not any(moved[60:])
    # The person's own left is at the right of the picture.
    change = np.abs(frames[30].astype(int) - still).sum(axis=(0, 2))
    assert change[80:].sum() > 5 * change[:80].sum()


def check_sidecar(sidecar: dict[str, Any]) -> None:
    """Left brows and lids alone, level B at the most, moving from frame 0 to frame 60 of 200 a second."""
    assert (sidecar["fps"], sidecar["frames"]) == ("200/1", 101)
    assert sidecar["settings"]["strength"] == 1.0
    assert sidecar["settings"]["envelopes"] == [
        "AU4L=2@0-0.135-0.17-0.3:minimum_jerk",
        "AU7L=1.4@0-0.135-0.17-0.3:minimum_jerk",
    ]
    track = sidecar["track"]
    assert track["names"] == ["AU4L", "AU7L"]
    values = np.array(track["values"])
    assert values[:, 0].max() == 2.0 and values[:, 1].max() == pytest.approx(1.4)
    moving = np.flatnonzero((values > 0).any(axis=1))
    assert (moving[0], moving[-1]) == (1, 59)  # it rests in frames 0 and 60
    assert np.allclose(track["times_seconds"], np.arange(101) / 200)
