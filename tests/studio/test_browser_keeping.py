"""Nothing is lost, in a real browser: drafts, the title, Ctrl+S, two tabs on one project, recent projects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.studio.browser import StudioPage, need_browser

need_browser()


def save(studio: StudioPage, name: str) -> None:
    studio.page.keyboard.press("Control+s")
    studio.page.fill("dialog[open] input", name)
    studio.page.keyboard.press("Enter")
    studio.page.wait_for_selector("dialog", state="detached")


def title(studio: StudioPage) -> str:
    return studio.page.title()


def kept(studio: StudioPage, folder: Path) -> list[dict[str, Any]]:
    return [json.loads(each.read_text()) for each in (folder / "studio" / "drafts").glob("*.json")]


def second_tab(studio: StudioPage) -> StudioPage:
    """Another tab of the same browser: it has the cookie."""
    tab = StudioPage(studio.page.context.new_page(), studio.served)
    tab.open()
    return tab


def test_after_a_reload_everything_is_there(smiling: StudioPage, tmp_path: Path) -> None:
    page, asked = smiling.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.click("[data-au=AU4]")
    page.fill(".timeline-bar input >> nth=1", "120")
    page.keyboard.press("Tab")
    smiling.seek(12)
    page.click("[data-view=difference]")
    was, picture = smiling.design(), smiling.settled()
    smiling.open()
    assert not asked
    page.wait_for_selector("[data-lane]")
    assert smiling.design() == was
    assert page.get_attribute(".ruler", "aria-valuenow") == "12"
    assert page.get_attribute("[data-view=difference]", "aria-pressed") == "true"
    assert page.inner_text(".lane[aria-current] .lane-name b") == "AU4"
    assert np.array_equal(smiling.settled(), picture)
    smiling.wait_for(lambda: len(kept(smiling, tmp_path)), lambda count: count == 1)


def test_a_closed_tab_is_gone_on_with_in_another(smiling: StudioPage, tmp_path: Path) -> None:
    lanes = smiling.lanes()
    smiling.wait_for(lambda: kept(smiling, tmp_path), lambda found: found and found[0]["unsaved"])
    other = second_tab(smiling)
    # What another tab shows now is not offered.
    other.page.wait_for_timeout(300)
    assert other.page.locator("[data-draft]").count() == 0
    smiling.page.close()
    other.open()  # once more
    other.page.wait_for_selector("[data-draft]")
    other.page.click("[data-draft]")
    other.page.wait_for_selector("[data-lane]")
    assert other.lanes() == lanes and title(other).startswith("● ")
    other.wait_for(lambda: len(kept(other, tmp_path)), lambda count: count == 1)


def test_work_of_a_tab_that_is_not_shown_counts_as_unsaved(
    smiling: StudioPage, tmp_path: Path
) -> None:
    """Lanes of a design, while the transfer tab is shown: *New* leaves them in the list of what to go on with."""
    smiling.page.click("[role=tab][data-tab=transfer]")
    smiling.wait_for(
        lambda: kept(smiling, tmp_path),
        lambda found: found and found[0]["state"]["tab"] == "transfer",
    )
    assert [draft["unsaved"] for draft in kept(smiling, tmp_path)] == [True]
    smiling.page.click("[data-action=new]")
    smiling.page.wait_for_selector("[data-draft]")


def test_the_title_says_what_is_saved(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page
    smiling.wait_for(lambda: title(smiling), lambda seen: seen == "● untitled – Mien studio")
    save(smiling, "mine")
    smiling.wait_for(lambda: title(smiling), lambda seen: seen == "mine – Mien studio")
    page.fill("[data-field=peak]", "3")
    page.keyboard.press("Control+s")  # what is being typed is saved too
    place = tmp_path / "studio" / "projects" / "mine.json"
    smiling.wait_for(place.read_text, lambda text: '"peak_intensity": 3' in text)
    page.keyboard.press("Tab")
    page.click("[data-au=AU1]")
    smiling.wait_for(lambda: title(smiling), lambda seen: seen == "● mine – Mien studio")
    page.click("[data-tool=undo]")
    smiling.wait_for(lambda: title(smiling), lambda seen: seen == "mine – Mien studio")
    smiling.open()
    smiling.wait_for(lambda: title(smiling), lambda seen: seen == "mine – Mien studio")


def test_two_tabs_on_one_project(smiling: StudioPage, tmp_path: Path) -> None:
    save(smiling, "shared")
    other = second_tab(smiling)
    other.page.click("[data-project=shared]")
    other.page.wait_for_selector("[data-lane]")
    other.page.click("[data-au=AU4]")
    other.page.keyboard.press("Control+s")
    other.wait_for(other.notice, lambda said: "Saved as shared" in said)
    place = tmp_path / "studio" / "projects" / "shared.json"
    theirs = place.read_bytes()

    page = smiling.page
    page.click("[data-au=AU1]")
    page.keyboard.press("Control+s")
    smiling.wait_for(smiling.status, lambda said: "was saved elsewhere" in said)
    assert place.read_bytes() == theirs
    page.keyboard.press("Escape")
    # Asked again it is told again; under another name both are kept.
    page.keyboard.press("Control+s")
    smiling.wait_for(smiling.status, lambda said: "was saved elsewhere" in said)
    page.fill("dialog[open] input", "my own")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    assert place.read_bytes() == theirs
    assert '"AU1"' in (place.parent / "my own.json").read_text()
    other.page.close()


def test_recent_projects_are_renamed_deleted_and_opened(
    smiling: StudioPage, tmp_path: Path
) -> None:
    page, folder = smiling.page, tmp_path / "studio" / "projects"
    save(smiling, "first")
    save_as = page.locator("[data-action=save-dialog]")
    save_as.click()
    page.fill("dialog[open] input", "second")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    page.click("[data-action=open-dialog]")
    row = page.locator(".recent-row", has=page.locator("[data-project=first]"))
    assert "AU12" in row.inner_text()
    width = "each => each.complete && each.naturalWidth"
    smiling.wait_for(lambda: row.locator("img").evaluate(width), bool)
    row.locator("[data-action=rename]").click()
    row.locator("input").fill("second")
    page.keyboard.press("Enter")
    row.get_by_text("A project has this name already").wait_for()
    row.locator("input").fill("third")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-project=third]")
    assert sorted(each.name for each in folder.iterdir()) == ["second.json", "third.json"]
    row = page.locator(".recent-row", has=page.locator("[data-project=third]"))
    row.locator("[data-action=delete]").click()
    assert (folder / "third.json").exists()  # asked first
    row.locator("[data-action=delete-now]").click()
    page.wait_for_selector("[data-project=third]", state="detached")
    assert [each.name for each in folder.iterdir()] == ["second.json"]
    page.keyboard.press("Escape")
    # An empty page offers what was made.
    page.click("[data-action=new]")
    page.click(".welcome [data-project=second]")
    page.wait_for_selector("[data-lane]")
    assert smiling.lanes()[0][0] == "AU12"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_draft_that_cannot_be_kept_is_told(smiling: StudioPage, language: str) -> None:
    page, asked = smiling.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.select_option("select.language", language)
    page.route("**/api/drafts/**", lambda route: route.abort())
    page.click("[data-au=AU4]")
    said = {"en": "The draft cannot be kept", "zh-Hans": "草稿无法保留"}[language]
    smiling.wait_for(lambda: page.inner_text(".work-name"), lambda seen: seen == said)
    page.unroute("**/api/drafts/**")
    smiling.wait_for(lambda: page.inner_text(".work-name"), lambda seen: seen != said)
