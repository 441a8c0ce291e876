"""The whole expression in a real browser: its strength, side and times, of all lanes or of those that are ticked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.studio.browser import StudioPage, need_browser

need_browser()

CORNERS = ("onset", "apexStart", "apexEnd", "offset")


@pytest.fixture
def angry(studio_page: StudioPage, face_file: Path) -> StudioPage:
    """Ready anger: AU4, AU7, AU23 and AU24, from 0 to 350 ms."""
    studio_page.drop_portrait(face_file)
    studio_page.page.click("[data-preset=anger]")
    studio_page.wait_for(studio_page.lanes, lambda lanes: len(lanes) == 4)
    return studio_page


def times(studio: StudioPage, lane: int) -> list[float]:
    return [studio.value(name, lane) for name in CORNERS]


def peaks(studio: StudioPage) -> list[float]:
    return [studio.value("peak", lane) for lane in range(len(studio.lanes()))]


def enter(studio: StudioPage, what: str, text: str) -> str:
    """Type into a field of the whole expression, and return what it shows then."""
    box = studio.page.locator(f"[data-whole={what}]")
    box.fill(text)
    box.press("Enter")
    return box.input_value()


def test_what_is_shown_is_what_is_used(angry: StudioPage) -> None:
    page = angry.page
    assert page.input_value("[data-whole=intensity]") == "2" and peaks(angry) == [2, 1.4, 1, 1]
    assert enter(angry, "intensity", "D") == "4"
    assert peaks(angry) == [4, 2.8, 2, 2]  # the lanes that are there follow
    page.click("[data-preset=happiness]")
    angry.wait_for(angry.lanes, lambda lanes: len(lanes) == 2)
    assert peaks(angry) == [4, 2.8] and page.input_value("[data-whole=intensity]") == "4"
    angry.handle("peak").press("ArrowDown")
    assert page.input_value("[data-whole=intensity]") == "3.9"
    assert enter(angry, "intensity", "2,5") == "2.5" and peaks(angry)[0] == 2.5
    page.click("[data-tool=undo]")
    assert page.input_value("[data-whole=intensity]") == "3.9"


def test_start_duration_and_end(angry: StudioPage) -> None:
    assert enter(angry, "duration", "300") == "300"
    assert [times(angry, lane) for lane in range(4)] == [[0, 135, 170, 300]] * 4
    assert enter(angry, "start", "100") == "100"
    assert times(angry, 2) == [100, 235, 270, 400]
    assert angry.page.input_value("[data-whole=end]") == "400"
    assert enter(angry, "end", "250") == "250"
    assert times(angry, 0) == [100, 170, 185, 250]
    assert angry.page.input_value("[data-whole=duration]") == "150"
    for what, text, stays, range_ in (
        ("start", "400", "100", "0 to 350 ms"),
        ("duration", "0", "150", "5 to 400 ms"),
        ("end", "5000", "250", "105 to 500 ms"),
        ("end", "later", "250", "105 to 500 ms"),
    ):
        before = angry.design()
        assert enter(angry, what, text) == stays and angry.design() == before
        said = angry.field_error()
        assert range_ in said and f"“{text}”" in said
    assert enter(angry, "duration", "152") == "150"
    assert "nearest frame, at 150 ms" in angry.field_error()


def test_times_lie_on_frames_whatever_shortens_them(angry: StudioPage) -> None:
    page = angry.page
    length = page.locator(".timeline-bar input[type=number]")
    length.fill("300")
    length.press("Enter")
    for lane in range(4):
        assert all(time % 5 == 0 for time in times(angry, lane)), times(angry, lane)
    assert times(angry, 0)[3] == 300
    rate = page.locator(".timeline-bar input[type=text]")
    rate.fill("30")
    rate.press("Enter")
    page.click(".lane-head >> nth=1")
    typed = [float(page.input_value(f"[data-field={name}]")) for name in CORNERS]
    assert all(abs(time * 30 / 1000 - round(time * 30 / 1000)) < 2e-3 for time in typed), typed
    for bad in ("0", "60001", ""):
        length.fill(bad)
        length.press("Enter")
        assert length.input_value() == "300" and f"“{bad}”" in angry.field_error()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_units_without_sides_are_explained_and_left_out_or_kept(
    angry: StudioPage, language: str
) -> None:
    page = angry.page
    page.select_option("select.language", language)
    side = page.locator("[data-whole=side]")
    side.select_option("right")
    said = page.inner_text("dialog")
    assert "AU23" in said and "AU24" in said and ("FACS 不区分左右" in said) == (language != "en")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert side.input_value() == "both" and len(angry.lanes()) == 4  # nothing was decided
    side.select_option("right")
    page.click("[data-action=keep-both]")
    assert [lane[:2] for lane in angry.lanes()] == [
        *(["AU4", "right"], ["AU7", "right"]),
        *(["AU23", "both"], ["AU24", "both"]),
    ]
    assert side.input_value() == "mixed"
    side.select_option("left")
    page.keyboard.press("Enter")  # leaving them out is what it offers
    angry.wait_for(angry.lanes, lambda lanes: len(lanes) == 2)
    assert [lane[:2] for lane in angry.lanes()] == [["AU4", "left"], ["AU7", "left"]]
    assert side.input_value() == "left"
    page.click("[data-tool=undo]")
    assert len(angry.lanes()) == 4


def test_where_no_unit_has_sides_it_is_said(studio_page: StudioPage, face_file: Path) -> None:
    studio_page.drop_portrait(face_file)
    studio_page.page.click("[data-au=AU24]")
    studio_page.page.select_option("[data-whole=side]", "left")
    assert "None of these can move on one side" in studio_page.field_error()
    assert studio_page.page.input_value("[data-whole=side]") == "both"


def test_ticked_lanes_change_together_and_others_stay(angry: StudioPage) -> None:
    page = angry.page
    for lane in (0, 2):
        page.check(f"[data-pick='{lane}']")
    assert page.inner_text(".whole-bar .fields-name") == "Ticked: 2"
    assert enter(angry, "start", "50") == "50"
    assert [times(angry, lane)[0] for lane in range(4)] == [50, 0, 50, 0]
    # Dragged by one of them, both move; so do their peaks, in proportion.
    angry.drag("body", (60, 0), lane=2)
    moved = [times(angry, lane) for lane in range(4)]
    assert moved[0] == moved[2] and moved[0][0] > 50 and moved[1] == moved[3] == [0, 160, 200, 350]
    angry.handle("peak", 0).press("Shift+ArrowUp")
    assert peaks(angry) == [2.5, 1.4, 1.25, 1]
    # With Ctrl a click on a lane's name ticks it too.
    page.locator(".lane-name >> nth=1").click(modifiers=["Control"])
    assert page.is_checked("[data-pick='1']")
    page.uncheck("[data-pick='0']")
    page.click("[data-align=same]")  # the selected lane, the second, is the model
    assert times(angry, 2) == times(angry, 1) == [0, 160, 200, 350]
    assert times(angry, 0) == moved[0]


def test_lanes_are_aligned_at_onset_apex_or_offset(angry: StudioPage) -> None:
    page = angry.page
    for corner, ms in (("apexEnd", "170"), ("apexStart", "100"), ("offset", "200")):
        page.fill(f"[data-field={corner}]", ms)
        page.keyboard.press("Enter")
    assert times(angry, 0) == [0, 100, 170, 200]
    page.click(".lane-head >> nth=1")
    page.click("[data-align=apex]")
    assert times(angry, 0) == [60, 160, 230, 260] and times(angry, 1) == [0, 160, 200, 350]
    page.click("[data-align=offset]")
    assert times(angry, 0) == [150, 250, 320, 350]
    page.click("[data-align=onset]")
    assert times(angry, 0) == [0, 100, 170, 200]
    # A longer lane would begin before the clip: all begin later instead.
    page.click(".lane-head >> nth=0")
    page.click("[data-align=offset]")
    assert times(angry, 1)[0] == 0 and times(angry, 0)[3] == times(angry, 1)[3] == 350


def test_a_ready_expression_asks_before_it_replaces_edits_of_itself(angry: StudioPage) -> None:
    page = angry.page
    untouched = angry.lanes()
    page.click("[data-preset=anger]")
    page.wait_for_timeout(200)
    assert not page.locator("dialog").count() and angry.lanes() == untouched
    angry.handle("apexStart").press("ArrowLeft")
    edited = angry.lanes()
    page.click("[data-preset=anger]")
    page.click("[data-action=keep-edits]")
    page.wait_for_selector("dialog", state="detached")
    assert angry.lanes() == edited
    page.click("[data-preset=anger]")
    page.click("[data-action=start-over]")
    angry.wait_for(angry.lanes, lambda lanes: lanes == untouched)
    page.click("[data-tool=undo]")
    assert angry.lanes() == edited
