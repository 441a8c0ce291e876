"""What an expression is called, in a real browser: the name goes into file names and tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.studio.browser import StudioPage, need_browser

need_browser()


@pytest.fixture
def ready(studio_page: StudioPage, face_file: Path) -> StudioPage:
    studio_page.drop_portrait(face_file)
    return studio_page


def use(studio: StudioPage, preset: str) -> None:
    """Click another ready expression than the one that is there, and wait until its lanes have come."""
    before = studio.lanes()
    studio.page.click(f"[data-preset={preset}]")
    studio.wait_for(studio.lanes, lambda lanes: lanes and lanes != before)


def offered_name(studio: StudioPage) -> str:
    """The name that an export would have."""
    studio.page.click("[data-action=export-dialog]")
    name = studio.page.input_value("dialog input[type=text]")
    close(studio)
    return name


def close(studio: StudioPage) -> None:
    studio.page.keyboard.press("Escape")
    studio.page.wait_for_selector("dialog", state="detached")


def ticked(studio: StudioPage) -> tuple[list[str], list[str]]:
    """The sheet's expressions that are ticked, and those that are not among the eight ready ones."""
    studio.page.click("[data-action=sheet-dialog]")
    studio.page.wait_for_selector("dialog tbody tr")
    picks: list[Any] = studio.page.evaluate(
        """() => [...document.querySelectorAll("dialog [data-picks=expressions] .pick")].map((each) => [
            each.textContent, each.querySelector("input").checked, each.querySelector("input").value])"""
    )
    close(studio)
    return (
        [name for name, checked, _ in picks if checked],
        [name for name, _, value in picks if "envelopes" in value],
    )


def test_a_label_follows_the_expression_and_a_given_name_stays(ready: StudioPage) -> None:
    page = ready.page
    use(ready, "happiness")
    use(ready, "disgust")
    assert offered_name(ready) == "disgust"
    assert ticked(ready) == (["disgust"], [])
    page.select_option("[data-field=emotion]", "anger")
    with page.expect_response("**/api/expressions/sample"):
        page.click("[data-action=draw]")
    ready.wait_for(lambda: offered_name(ready), lambda name: name == "anger")
    seed = page.input_value("[data-field=seed]")
    assert ticked(ready)[0] == [f"anger seed {seed}"]
    page.click("[data-tool=undo]")
    assert offered_name(ready) == "disgust"

    page.click("[data-action=save-dialog]")
    page.fill("dialog input", "pilot")
    page.click("[data-action=save]")
    page.wait_for_selector("dialog", state="detached")
    use(ready, "fear")
    assert offered_name(ready) == "pilot"
    assert ticked(ready) == (["fear"], [])  # it is a ready one, whatever the project is called


def test_an_untouched_preset_is_no_edited_one(ready: StudioPage) -> None:
    page = ready.page
    page.fill("[data-whole=intensity]", "4")
    page.keyboard.press("Enter")
    use(ready, "fear")
    assert ticked(ready) == (["fear"], [])
    ready.handle("apexStart").press("ArrowLeft")
    assert ticked(ready) == (["fear edited"], ["fear edited"])
    page.select_option("select.language", "zh-Hans")
    assert ticked(ready) == (["恐惧 已编辑"], ["恐惧 已编辑"])
    page.select_option("select.language", "en")
    for _ in range(5):
        page.click("[data-tool=delete]")
    page.click("[data-au=AU12]")
    assert ticked(ready)[0] == ["my expression"]  # nothing of the fear is left


def test_an_engine_that_names_units_by_their_sides_offers_them(ready: StudioPage) -> None:
    page = ready.page
    if page.is_disabled("[data-key=engine-ulme-gan]"):
        pytest.skip("ULME-GAN needs PyTorch")
    page.check("[data-key=engine-ulme-gan]")
    page.wait_for_selector("[data-au=AU28]:disabled")
    enabled = page.eval_on_selector_all(
        "[data-au]:enabled", "found => found.map(({dataset}) => dataset.au)"
    )
    numbers = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 43, 45)
    assert enabled == [f"AU{number}" for number in numbers]


def test_the_ready_expressions_are_explained_in_the_pages_language(ready: StudioPage) -> None:
    said = {}
    for language in ("en", "zh-Hans"):
        ready.page.select_option("select.language", language)
        said[language] = ready.page.eval_on_selector_all(
            "[data-preset]", "found => found.map(({title}) => title)"
        )
    assert len(said["en"]) == 8 and not [text for text in said["en"] if "`" in text]
    assert not [text for text in said["zh-Hans"] if re.search("[A-Za-z]{3}", text)]
