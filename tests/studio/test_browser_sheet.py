"""The stimulus sheet's dialog in a real browser: counted, made, cancelled and completed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from mien.io.clips import open_clip
from mien.io.images import read_image, write_png
from tests.studio.browser import StudioPage, need_browser

need_browser()


@pytest.fixture(scope="module")
def other_file(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("other") / "other.png"
    write_png(path, np.ascontiguousarray(read_image(face_file)[:, ::-1]))
    return path


@pytest.fixture
def sheet(studio_page: StudioPage, face_file: Path, other_file: Path) -> StudioPage:
    """The dialog with two portraits, and one expression of its own: AU4."""
    studio_page.drop_portrait(face_file)
    page = studio_page.page
    page.click("[data-au=AU4]")
    page.click("[data-action=sheet-dialog]")
    page.set_input_files("dialog input[type=file]", str(other_file))
    page.wait_for_selector("dialog .pick >> text=other.png")
    page.fill("[data-key=sheet-name]", "study 1")
    page.fill("[data-key=sheet-durations]", "200")
    page.fill("[data-key=sheet-fps]", "50")
    page.select_option("[data-key=sheet-format]", "mkv")
    return studio_page


IN_SIGHT = """each => { const { x, y, width, height } = each.getClientRects()[0];
    return document.elementFromPoint(x + width / 2, y + height / 2) === each; }"""


def count(studio: StudioPage) -> str:
    return studio.page.inner_text(".sheet-count")


def fill(studio: StudioPage, key: str, text: str, said: str) -> None:
    """Type, and wait for what the dialog makes of it."""
    studio.page.fill(f"[data-key=sheet-{key}]", text)
    studio.wait_for(lambda: count(studio), lambda seen: said in seen)


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "conditions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make(studio: StudioPage, said: str) -> None:
    studio.page.click("[data-action=make-sheet]:enabled")
    studio.wait_for(lambda: studio.page.inner_text("dialog div.status"), lambda seen: said in seen)


def test_two_by_one_by_two_by_one(sheet: StudioPage, tmp_path: Path) -> None:
    page = sheet.page
    fill(sheet, "intensities", "1, 3", "Clips: 4 (portraits 2 × expressions 1 × intensities 2")
    assert page.locator("dialog tbody tr").count() == 4
    make(sheet, "Ready: 4 made, 0 kept.")
    folder = tmp_path / "studio" / "stimuli" / "study 1"
    assert str(folder) in page.inner_text("dialog code")
    rows = table(folder)
    assert [(row["portrait"], row["intensity"]) for row in rows] == [
        (portrait, intensity) for portrait in ("face", "other") for intensity in ("1.0", "3.0")
    ]
    assert {row["aus"] for row in rows} == {"AU4"} and {row["level"] for row in rows} == {"A", "C"}
    pictures = {}
    for row in rows:
        pictures[row["stimulus"]] = [frame for _, frame in open_clip(folder / row["stimulus"])]
        assert len(pictures[row["stimulus"]]) == int(row["frames"]) == 11  # 0.2 s, both ends
    weak, strong = (pictures[row["stimulus"]] for row in rows[:2])
    apex = round(float(rows[0]["apex_seconds"]) * 50)
    still = weak[0].astype(int)
    assert np.array_equal(weak[0], strong[0])
    assert np.abs(strong[apex] - still).sum() > 2 * np.abs(weak[apex] - still).sum() > 0
    with page.expect_download() as download:
        page.click("dialog a[download]")
    assert download.value.path().read_bytes() == (folder / "conditions.csv").read_bytes()

    # More of the same sheet: what is there stays as it is.
    was = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.mkv")}
    assert "A sheet with this name exists" in count(sheet)
    fill(sheet, "intensities", "1 3 5", "Clips: 6 ")
    make(sheet, "Ready: 2 made, 4 kept.")
    assert len(table(folder)) == 6
    assert {name: (folder / name).stat().st_mtime_ns for name in was} == was
    # After another start of the page, the sheet can be completed: it is remembered.
    sheet.open()
    page.click("[data-action=sheet-dialog]")
    sheet.wait_for(lambda: count(sheet), lambda seen: "Clips: 6 " in seen)
    make(sheet, "Ready: 0 made, 6 kept.")


def test_cancelled_and_completed(sheet: StudioPage, tmp_path: Path) -> None:
    page = sheet.page
    for side in ("left", "right"):
        page.check(f"dialog input[value={side}]")
    fill(sheet, "fps", "200", "Clips: 6 ")  # enough work left to cancel
    fill(sheet, "durations", "200, 300", "Clips: 12 ")
    fill(sheet, "intensities", "1, 2, 3, 4, 5", "Clips: 60 ")
    page.click("[data-action=make-sheet]:enabled")
    page.wait_for_selector("text=/Making the clips… [1-9]/")
    # Closing the dialog ends nothing; opened again, it shows how far it is.
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.click("[data-action=sheet-dialog]")
    page.wait_for_selector("text=/Making the clips… [1-9]/")
    assert page.is_disabled("[data-action=make-sheet]")
    page.click("dialog [data-action=cancel]")
    sheet.wait_for(
        lambda: page.inner_text("dialog div.status"), lambda seen: "What is ready is kept" in seen
    )
    folder = tmp_path / "studio" / "stimuli" / "study 1"
    made = len(list(folder.glob("*.mkv")))
    assert 0 < made < 60 and not list(folder.glob(".*.part"))
    sheet.wait_for(lambda: count(sheet), lambda seen: "A sheet with this name exists" in seen)
    make(sheet, f"Ready: {60 - made} made, {made} kept.")
    assert len(table(folder)) == 60


def test_what_is_missing_or_wrong_is_said(sheet: StudioPage) -> None:
    page = sheet.page
    for typed, wrong in (("strong", "strong"), ("2, 7", "7"), ("A F", "F"), ("0", "0")):
        fill(sheet, "intensities", typed, f"a letter from A to E, not “{wrong}”.")
        assert page.is_disabled("[data-action=make-sheet]")
    fill(sheet, "intensities", "", "Still missing: Intensities.")
    fill(sheet, "intensities", "a, C 3 4.5", "intensities 3 ")
    fill(sheet, "intensities", "B", "Clips: 2 ")
    fill(sheet, "durations", "200 long", "at most 60000 ms, not “long”.")
    fill(sheet, "durations", "200", "Clips: 2 ")
    fill(sheet, "fps", "many", "A frame rate is above 0")
    fill(sheet, "fps", "29,97", "Clips: 2 ")
    fill(sheet, "name", "../outside", "without folders")
    fill(sheet, "name", "", "Give the sheet a name.")
    fill(sheet, "name", "study 2", "Clips: 2 ")
    for box in page.locator("dialog [aria-label=Portraits] input").all():
        box.uncheck()
    sheet.wait_for(lambda: count(sheet), lambda seen: "Still missing: Portraits." in seen)


def test_in_chinese_and_with_names_for_everything(sheet: StudioPage) -> None:
    page = sheet.page
    page.keyboard.press("Escape")
    page.select_option("select.language", "zh-Hans")
    page.click("[data-action=sheet-dialog]")
    sheet.wait_for(lambda: count(sheet), lambda seen: "段视频" in seen)
    said = page.inner_text("dialog")
    assert not [word for word in ("Portraits", "Intensities", "Clips", "Frames") if word in said]
    nameless = """() => [...document.querySelectorAll("dialog :is(button, input, select, [tabindex])")]
        .filter((each) => each.checkVisibility() && !(each.ariaLabel || each.textContent.trim()
            || [...(each.labels ?? [])].some((label) => label.textContent.trim())))
        .map((each) => each.outerHTML)"""
    assert page.evaluate(nameless) == []


def test_pictures_dropped_on_the_sheet_are_the_sheets(
    studio_page: StudioPage, face_file: Path, other_file: Path
) -> None:
    studio, page = studio_page, studio_page.page
    studio.drop_portrait(face_file)
    page.click("[data-action=sheet-dialog]")
    page.wait_for_selector("dialog .pick >> text=face.png")
    studio.drop(other_file, onto="dialog")
    page.check("dialog .pick:has-text('other.png') input")
    studio.wait_for(lambda: count(studio), lambda seen: "portraits 2 " in seen)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.inner_text(".portrait-section h2") == "face.png"
    # Another dialog takes none, and what is behind it stays.
    page.click("[data-action=save-dialog]")
    studio.drop(other_file, onto="dialog")
    studio.settled()
    assert page.is_visible("dialog[open]")
    assert page.inner_text(".portrait-section h2") == "face.png"


def test_a_sheet_takes_the_face_that_is_chosen(
    studio_page: StudioPage, small_face: np.ndarray, face_file: Path, tmp_path: Path
) -> None:
    studio, page = studio_page, studio_page.page
    write_png(tmp_path / "two.png", np.hstack([small_face, small_face]))
    studio.drop_portrait(tmp_path / "two.png")
    page.select_option(".portrait-section select", "2")
    page.click("[data-action=sheet-dialog]")
    page.fill("[data-key=sheet-fps]", "50")
    page.fill("[data-key=sheet-durations]", "100")
    choice = page.locator("dialog .pick:has-text('two.png') select")
    assert choice.input_value() == "2"  # as on the page
    studio.wait_for(lambda: page.inner_text(".sheet-rows"), lambda seen: "two-face2" in seen)
    choice.select_option("1")
    studio.wait_for(lambda: page.inner_text(".sheet-rows"), lambda seen: "two-face1" in seen)
    make(studio, "Ready: 1 made")
    (row,) = table(tmp_path / "studio" / "stimuli" / "sheet")
    assert row["portrait"] == "two-face1"
    # It is remembered, and a picture of one face is not asked for it.
    studio.open()
    studio.drop_portrait(face_file)
    page.click("[data-action=sheet-dialog]")
    page.check("dialog .pick:has-text('face.png') input")
    studio.wait_for(lambda: count(studio), lambda seen: "portraits 2 " in seen)
    assert page.locator("dialog .pick select").count() == 1
    assert choice.input_value() == "1"


def test_a_server_that_is_gone_is_said_in_the_sheet(sheet: StudioPage) -> None:
    page = sheet.page
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    page.click("[data-action=sheet-dialog]")
    sheet.wait_for(lambda: count(sheet), lambda said: "then try again" in said)
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    page.click("[data-action=sheet-dialog]")
    sheet.wait_for(lambda: count(sheet), lambda said: "Clips: " in said)


def test_standing_still_for_less_than_nothing_is_refused(sheet: StudioPage) -> None:
    fill(sheet, "lead", "-5", "The time at rest is 0 to 60000 ms.")
    assert sheet.page.is_disabled("[data-action=make-sheet]")
    fill(sheet, "lead", "100", "Clips: 2 ")
    assert sheet.page.is_enabled("[data-action=make-sheet]")


def test_all_of_a_finished_sheet_can_be_reached(sheet: StudioPage) -> None:
    page = sheet.page
    page.set_viewport_size({"width": 1280, "height": 700})
    fill(sheet, "intensities", "1, 2, 3", "Clips: 6 ")
    start = page.locator("[data-action=make-sheet]")
    rows = "[...document.querySelectorAll('.sheet-rows')].map(each => each.scrollWidth - each.clientWidth)"
    assert page.evaluate(rows) == [0]  # all columns are in sight
    at = start.bounding_box()
    make(sheet, "Ready: 6 made")
    sheet.wait_for(lambda: page.is_enabled("[data-action=make-sheet]"), bool)
    assert start.bounding_box() == at
    for each in page.locator("dialog a[download], dialog code").all():
        assert each.evaluate(IN_SIGHT)


def test_how_far_a_sheet_is_stays_in_sight(sheet: StudioPage) -> None:
    page = sheet.page
    page.set_viewport_size({"width": 1280, "height": 720})
    fill(sheet, "fps", "200", "Clips: 2 ")
    fill(sheet, "intensities", "1, 2, 3, 4, 5", "Clips: 10 ")
    page.evaluate("document.querySelector('dialog').scrollTo(0, 0)")
    start = page.locator("[data-action=make-sheet]")
    at = start.bounding_box()
    # Not by a click of the mouse, for which the test would scroll.
    start.evaluate("each => each.click()")
    cancel = page.locator("dialog [data-action=cancel]")
    cancel.wait_for()
    assert start.bounding_box() == at
    assert page.evaluate("document.querySelector('dialog').scrollTop") == 0
    assert cancel.evaluate(IN_SIGHT) and page.locator("dialog progress").evaluate(IN_SIGHT)
    cancel.click()
    sheet.wait_for(lambda: page.is_enabled("[data-action=make-sheet]"), bool)


def test_a_sheet_that_is_made_is_seen_without_its_dialog(sheet: StudioPage) -> None:
    page = sheet.page
    fill(sheet, "fps", "200", "Clips: 2 ")
    fill(sheet, "intensities", "1, 2, 3, 4, 5", "Clips: 10 ")
    page.click("[data-action=make-sheet]:enabled")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector(".foot >> text=/Making the clips… [1-9]/")
    page.click(".foot [data-action=cancel]")
    sheet.wait_for(sheet.notice, lambda said: "Cancelled. What is ready is kept" in said)
    assert not page.is_visible(".foot [data-action=cancel]")


def test_a_gif_that_plays_slower_is_said_before_it_is_made(sheet: StudioPage) -> None:
    page = sheet.page
    slow = page.locator("dialog .sheet-slow")
    fill(sheet, "fps", "200", "Clips: 2 ")
    assert slow.is_hidden()
    page.select_option("[data-key=sheet-format]", "gif")
    sheet.wait_for(slow.inner_text, lambda said: "plays 4 times slower" in said)
    assert page.is_enabled("[data-action=make-sheet]")
    fill(sheet, "fps", "29,97", "A GIF cannot play 29.97 frames a second")
    assert page.is_disabled("[data-action=make-sheet]") and slow.is_hidden()
    fill(sheet, "fps", "50", "Clips: 2 ")
    assert slow.is_hidden()


def test_what_is_on_the_page_is_ticked_after_another_sheet_was_made(sheet: StudioPage) -> None:
    page = sheet.page
    ticked = "dialog [data-picks=expressions] label:has(input:checked)"
    fill(sheet, "durations", "100", "Clips: 2 ")
    make(sheet, "Ready: 2 made")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    # A ready expression as it is, too.
    for changed, names in (
        ("[data-au=AU12]", ["my expression 2", "my expression"]),
        ("[data-preset=surprise]", ["my expression", "surprise"]),
    ):
        page.click(changed)
        sheet.settled()  # the server answers with the expression
        page.click("[data-action=sheet-dialog]")
        sheet.wait_for(lambda: count(sheet), lambda seen: "expressions 2 " in seen)
        assert page.locator(ticked).all_inner_texts() == names
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
