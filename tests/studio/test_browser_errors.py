"""An error stands where the action was, in the language of the page, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from mien.io.images import write_png
from tests.studio.browser import StudioPage, need_browser
from tests.studio.test_browser_transfer import driven, driver, mirrored  # noqa: F401

need_browser()

ENGLISH = re.compile(r"\b(expected|found|the|got)\b")


@pytest.fixture(scope="module")
def faceless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("none") / "wall.png"
    write_png(path, np.full((200, 200, 3), 150, np.uint8))
    return path


def distance_px(studio: StudioPage, control: str) -> float:
    """How far the error is from a control, from edge to edge."""
    one, other = (
        studio.page.locator(each).first.bounding_box() for each in (".near-error", control)
    )
    across = max(one["x"] - other["x"] - other["width"], other["x"] - one["x"] - one["width"], 0)
    down = max(one["y"] - other["y"] - other["height"], other["y"] - one["y"] - one["height"], 0)
    return across + down


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_picture_without_a_face(studio_page: StudioPage, faceless: Path, language: str) -> None:
    page = studio_page.page
    page.select_option("select.language", language)
    chooser = ".welcome label.button"
    with page.expect_file_chooser() as chosen:
        page.click(chooser)
    chosen.value.set_files(str(faceless))
    page.wait_for_selector(".near-error")
    said = page.inner_text(".near-error")
    assert said == studio_page.notice() and distance_px(studio_page, chooser) < 20
    assert ("found no face" in said.lower() or "No face" in said) == (language == "en")
    assert bool(ENGLISH.search(said)) == (language == "en")
    assert language == "en" or "wall.png：图片中没有找到人脸" in said
    page.keyboard.press("Tab")  # the next action takes it away
    page.wait_for_selector(".near-error", state="detached")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_threshold_that_nothing_reaches(driven: StudioPage, language: str) -> None:  # noqa: F811
    page = driven.page
    page.select_option("select.language", language)
    driven.settled()
    page.fill("[data-key=threshold]", "5")
    page.keyboard.press("Enter")
    page.wait_for_selector(".near-error")
    said = page.inner_text(".near-error")
    assert bool(ENGLISH.search(said)) == (language == "en")
    assert language == "en" or said.startswith("没有动作单元在半数以上的帧中达到阈值 5")
    assert distance_px(driven, "[data-section=recode]") < 40


def test_every_pattern_is_a_message_that_the_code_has() -> None:
    """The fixed words of each pattern stand in the sources, so that a message that changes is noticed."""
    root = Path(__file__).parents[2] / "src" / "mien"
    script = (root / "studio" / "static" / "js" / "messages_zh.js").read_text(encoding="utf-8")
    sources = " ".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    plain = re.sub(r'"\s+f?"', "", sources)
    patterns = re.findall(r"^  \[(?:RegExp\(`\^\$\{FILE\}|/\^)(.*?)(?:\$`\)|\$/)", script, re.M)
    assert len(patterns) > 20
    for pattern in patterns:
        parts = re.split(r"\(\?.*?\)|\\+[dS]\+|\.\*|\[\\?[^\]]*\]\+?", pattern)
        longest = max(parts, key=len).strip(" ':,;)")
        assert longest in plain, (pattern, longest)
