"""An error stands where the action was, in the language of the page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.frame_rate import parse_fps
from mien.au.presets import preset
from mien.engines.track_gain import BLINKS_NOTE
from mien.errors import MienError
from mien.generate.motion import make_motion
from mien.generate.options import ClipOptions
from mien.generate.resting import turn_notes
from mien.io.clips import open_clip
from mien.io.images import read_image, write_png
from mien.motion.amplitude import LARGEST, Gain
from mien.studio.errors import without_options
from mien.studio.names import plain_name
from tests.faces import turned_face
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


@pytest.mark.parametrize("script, many", [("messages_zh.js", 90), ("notes_zh.js", 20)])
def test_every_pattern_is_a_message_that_the_code_has(script: str, many: int) -> None:
    """The fixed words of each pattern stand in the sources, so that a message that changes is noticed."""
    root = Path(__file__).parents[2] / "src" / "mien"
    text = (root / "studio" / "static" / "js" / script).read_text(encoding="utf-8")
    sources = " ".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    joined = re.sub(r"""["']\s+f?["']""", "", sources)
    plain = joined + re.sub("--(?=[a-z])", "", joined)  # the page leaves the dashes of options out
    patterns = re.findall(r"^ +\[?(?:RegExp\(`\^|/\^)(.*?)(?:\$`\)|\$/),", text, re.M)
    assert len(patterns) >= many
    wrong: list[tuple[str, str]] = []
    for pattern in patterns:
        shown = pattern.replace("\\(", "\0").replace("\\)", "\1").replace("\\/", "/")
        parts = re.split(r"\(.*?\)|\\+[dS]\+|\.[*+]|\[[^\]]*\]\+?|\$\{\w+\}|\S\?|[()|]", shown)
        longest = max(parts, key=len).replace("\0", "(").replace("\1", ")").strip(" ?':,;)")
        wrong += [] if longest in plain else [(pattern, longest)]
    assert not wrong


def test_messages_and_notes_of_the_core_in_chinese(studio_page: StudioPage, tmp_path: Path) -> None:
    """Messages that the core makes now, not copies of them."""
    said = {
        "messages_zh.js inChinese": [
            message(lambda: read_image(written(tmp_path / "a.jpg", b"no picture"))),
            message(lambda: read_image(written(tmp_path / "b.png", b""))),
            message(lambda: open_clip(written(tmp_path / "c.mp4", b"no film" * 99))),
            message(lambda: Envelope("AU12", 2, 0.3, 0.2, 0.3, 0.4)),
            message(lambda: parse_fps("4e9")),
            message(lambda: preset("happiness").track(fps=200).scaled(9)),
            message(lambda: plain_name("../x", "project name")),
        ],
        "notes_zh.js noteInChinese": [
            Gain(1.0, False).note,
            Gain(LARGEST, True).note,
            Gain(1 / LARGEST, True).note,
            BLINKS_NOTE,
            *turn_notes("a.jpg", turned_face(34)),
            *make_motion(ClipOptions(au=("AU4L=B@0-40-40.01-80.01",), fps=25)).notes,
            *make_motion(ClipOptions(au=("AU4L=B@0-0.1-0.1-0.3",), fps=25)).notes,
        ],
    }
    for place, messages in said.items():
        script, function = place.split()
        for each in messages:
            words = studio_page.page.evaluate(
                "async ([script, name, said]) => (await import(`/static/js/${script}`))[name](said)",
                [script, function, each],
            )
            assert words, each
            assert not ENGLISH.search(words.replace(str(tmp_path), "")), (each, words)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def message(fails: Callable[[], object]) -> str:
    with pytest.raises((MienError, ValueError)) as caught:
        fails()
    return without_options(caught.value)
