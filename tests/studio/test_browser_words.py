"""What the page says and where the keyboard leads, in a real browser: names, explanations, the tour, focus, Enter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.chromium import served

from tests.studio.browser import StudioPage, need_browser

need_browser()

SIZES = [(1366, 768), (1920, 1080)]
HELD = "document.activeElement.dataset.action ?? document.activeElement.tagName"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_action_units_are_named_and_hard_words_explained(
    smiling: StudioPage, language: str
) -> None:
    page = smiling.page
    page.select_option("select.language", language)
    chips = page.locator("[data-au]").all_inner_texts()
    assert len(chips) == 24
    name = r"[A-Za-z ]{4,16}" if language == "en" else r"[一-鿿]{2,6}"
    assert all(re.fullmatch(rf"AU\d+\s*{name}", chip) for chip in chips), chips
    assert len({re.sub(r"AU\d+\s*", "", chip) for chip in chips}) == 24
    panel = page.inner_text(".panel")
    words = (
        ["same seed", "face", "Zhou"]
        if language == "en"
        else ["相同的种子", "皮肤表面模型", "微表情生成网络"]
    )
    assert all(word in panel for word in words)
    assert "Surprise me" not in panel and "惊喜" not in panel
    course = page.locator("[data-field=shape]")
    assert ("as people move" if language == "en" else "与人的动作一致") in course.get_attribute(
        "title"
    )


@pytest.fixture
def first_start(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A page as on the first start, when nothing is remembered."""
    with served(tmp_path / "studio") as running:
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="en-GB")
        page.goto(running.url)
        page.wait_for_selector("html[data-ready]")
        yield page
        page.close()


@pytest.mark.parametrize("size", SIZES)
def test_five_steps_on_the_first_start_that_do_not_return(
    first_start: Any, size: tuple[int, int]
) -> None:
    page = first_start
    page.set_viewport_size({"width": size[0], "height": size[1]})
    titles = []
    for step in range(5):
        box = page.locator("dialog.tour").bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
        assert page.locator(".toured").count() == 1
        titles.append(page.inner_text("dialog.tour h2"))
        assert page.evaluate(HELD) == "tour-next"
        if step == 2:
            page.click("[data-action=tour-back]")
            assert page.inner_text("dialog.tour h2") == titles[1]
            page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    assert [title[:6] for title in titles] == [f"{step} of 5" for step in range(1, 6)]
    page.wait_for_selector("dialog", state="detached")
    assert not page.locator(".toured").count()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert not page.locator("dialog").count()
    # Whoever wants it again finds it in the help.
    page.click("[data-action=help]")
    page.click("[data-action=tour]")
    assert page.locator("dialog.tour").count() == 1


@pytest.mark.parametrize("way", ["Escape", "[data-action=tour-skip]"])
def test_the_tour_can_be_skipped(first_start: Any, way: str) -> None:
    page = first_start
    page.wait_for_selector("dialog.tour")
    page.keyboard.press(way) if way == "Escape" else page.click(way)
    page.wait_for_selector("dialog", state="detached")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert not page.locator("dialog").count()


def test_the_tour_in_chinese(browser: Any, tmp_path: Path) -> None:
    with served(tmp_path / "studio") as running:
        page = browser.new_page(locale="zh-CN")
        page.goto(running.url)
        page.wait_for_selector("dialog.tour")
        said = page.inner_text("dialog.tour")
        page.close()
    assert "第 1 步，共 5 步" in said and "跳过" in said and not re.search("[A-Za-z]{3}", said)


@pytest.mark.parametrize("size", SIZES)
def test_twelve_tabs_lead_to_the_first_lane(smiling: StudioPage, size: tuple[int, int]) -> None:
    page = smiling.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.activeElement.blur()")
    page.mouse.click(3, 3)  # the top of the page: tabbing begins there
    way = []
    for _ in range(12):
        page.keyboard.press("Tab")
        way.append(page.evaluate("document.activeElement.outerHTML.slice(0, 60)"))
        if page.evaluate("Boolean(document.activeElement.closest('.lanes'))"):
            return
    raise AssertionError(way)


def test_arrows_lead_through_a_bar_of_buttons(smiling: StudioPage) -> None:
    page = smiling.page
    page.locator("[data-action=open-dialog]").focus()
    for key, held in (
        *(("ArrowRight", "save-dialog"), ("End", "export-dialog"), ("ArrowRight", "export-dialog")),
        *(("ArrowLeft", "study-dialog"), ("ArrowLeft", "sheet-dialog")),
        *(("Home", "new"), ("ArrowRight", "open-dialog")),
    ):
        page.keyboard.press(key)
        assert page.evaluate(HELD) == held
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(HELD) == "save-dialog"  # where it was left


def test_focus_returns_after_every_dialog(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page
    for action in ("open-dialog", "save-dialog", "sheet-dialog", "export-dialog", "help"):
        page.locator(f"[data-action={action}]").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        assert page.evaluate("Boolean(document.activeElement.closest('dialog'))")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        assert page.evaluate(HELD) == action
    # The question about sides came from a list.
    page.click("[data-preset=anger]")
    smiling.wait_for(smiling.lanes, lambda lanes: len(lanes) == 4)
    page.locator("[data-whole=side]").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.dataset.whole") == "side"
    # A project that is opened makes the page again.
    smiling.export("project", "anger")
    smiling.open()
    page.locator("[data-action=open-dialog]").focus()
    page.keyboard.press("Enter")
    page.set_input_files(
        "dialog input[type=file]", str(tmp_path / "studio" / "exports" / "anger.json")
    )
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector("[data-lane]")
    smiling.wait_for(lambda: page.evaluate(HELD), lambda held: held == "open-dialog")


def test_enter_works_in_every_dialog(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page

    def gone() -> None:
        page.wait_for_selector("dialog", state="detached")

    page.click("[data-action=save-dialog]")
    page.keyboard.type("mine")
    page.keyboard.press("Enter")
    gone()
    assert smiling.notice() == "Saved as mine."
    # In the export it works from the name, the kind and the tick.
    for number, field in enumerate(("input[type=text]", "select", "input[type=checkbox]"), 1):
        page.click("[data-action=export-dialog]")
        page.locator("dialog input[type=text]").first.fill(f"clip{number}")
        page.locator(f"dialog {field}").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog a[download]")
        page.keyboard.press("Escape")
        gone()
        assert (tmp_path / "studio" / "exports" / f"clip{number}.mp4").is_file()
    page.click("[data-action=open-dialog]")
    page.wait_for_selector("dialog [data-project=mine]")
    page.keyboard.press("Enter")
    smiling.wait_for(smiling.notice, lambda said: said == "mine is open.")
    gone()
    page.click("[data-action=help]")
    page.keyboard.press("Enter")  # there is nothing to do but to close it
    gone()
    page.click("[data-action=sheet-dialog]")
    page.wait_for_selector("dialog tbody tr")
    page.fill("[data-key=sheet-name]", "study")
    page.locator("[data-key=sheet-name]").press("Enter")
    smiling.wait_for(lambda: (tmp_path / "studio" / "stimuli" / "study").is_dir(), bool)
