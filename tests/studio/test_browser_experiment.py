"""Stimuli that an experiment can use as they are, in a real browser: lists, screens, looks, contact sheet, tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from mien.io.clips import open_clip
from tests.studio.browser import StudioPage, need_browser
from tests.studio.test_browser_sheet import IN_SIGHT, count, fill, make, other_file, sheet  # noqa: F401

need_browser()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1,5; 2", "= 1.5 · 2"),
        ("1,5 2,5", "= 1.5 · 2.5"),
        ("1,5, 2", "= 1.5 · 2"),
        ("１．５，２；３、Ｄ", "= 1.5 · 2 · 3 · 4"),
        ("1，2，3", "= 1 · 2 · 3"),
        ("1,2,3", "= 1 · 2 · 3"),
        ("A,b", "= 1 · 2"),
        ("1.5;2", "= 1.5 · 2"),
    ],
)
def test_lists_in_many_languages(sheet: StudioPage, typed: str, says: str) -> None:  # noqa: F811
    sheet.page.fill("[data-key=sheet-intensities]", typed)
    said = sheet.page.locator(".list-field", has=sheet.page.locator("[data-key=sheet-intensities]"))
    sheet.wait_for(lambda: said.locator(".list-said").inner_text().strip(), lambda s: s == says)
    clips = 2 * len(says.split("·"))
    sheet.wait_for(lambda: count(sheet), lambda seen: f"Clips: {clips} " in seen)


def test_a_list_that_is_unclear_is_asked_about(sheet: StudioPage) -> None:  # noqa: F811
    page = sheet.page
    fill(sheet, "intensities", "1,5", "can be read in two ways")
    assert page.is_disabled("[data-action=make-sheet]")
    page.click("[data-action=list-two]")
    sheet.wait_for(lambda: count(sheet), lambda seen: "intensities 2 " in seen)
    assert page.input_value("[data-key=sheet-intensities]") == "1; 5"
    fill(sheet, "intensities", "1,5", "can be read in two ways")
    page.click("[data-action=list-one]")
    sheet.wait_for(lambda: count(sheet), lambda seen: "intensities 1 " in seen)
    assert page.input_value("[data-key=sheet-intensities]") == "1.5"
    fill(sheet, "intensities", "1,5; x", "not “x”")


def test_the_screen_chooses_the_rate_and_warns(sheet: StudioPage) -> None:  # noqa: F811
    page = sheet.page
    for hz in ("60", "120", "144"):
        page.select_option("[data-key=screen]", hz)
        assert page.input_value("[data-key=sheet-fps]") == hz
        assert page.is_hidden("dialog .screen-warning")
    fill(sheet, "fps", "200", "Clips:")
    said = page.locator("dialog .screen-warning")
    sheet.wait_for(said.inner_text, lambda text: "144 Hz cannot show 200 frames" in text)
    page.fill("[data-key=sheet-fps]", "50")
    sheet.wait_for(said.inner_text, lambda text: "are not all shown equally long" in text)
    page.fill("[data-key=sheet-fps]", "72")
    said.wait_for(state="hidden")


def test_a_sheet_for_an_experiment(sheet: StudioPage, tmp_path: Path) -> None:  # noqa: F811
    page = sheet.page
    fill(sheet, "intensities", "2; 4", "Clips: 4 ")
    page.check("[data-key=sheet-neutral]")
    page.fill("[data-key=look-size]", "96x128")
    page.keyboard.press("Tab")
    page.check("[data-key=look-oval]")
    page.select_option("[data-key=look-mask]", "scramble")
    page.fill("[data-key=look-mask-ms]", "60")
    page.keyboard.press("Tab")
    page.fill("[data-key=sheet-prefix]", "stimuli")
    page.check("[data-key=table-js]")
    page.check("[data-key=table-xlsx]")
    page.click("[data-key=answers]")
    page.fill("[data-answer='my expression']", "anger")
    sheet.wait_for(lambda: count(sheet), lambda seen: "Clips: 6 " in seen)

    # The contact sheet shows each clip at its apex, and plays any of them.
    cells = page.locator("[data-cell]")
    sheet.wait_for(cells.count, lambda many: many == 6)
    loaded = "all => all.every((each) => each.complete && each.naturalWidth === 96)"
    images = page.locator(".cell img")
    sheet.wait_for(lambda: images.evaluate_all(loaded), bool)
    page.click("[data-cell='1']")
    film = page.locator(".cell-film")
    sheet.wait_for(
        lambda: film.get_attribute("data-frame"), lambda frame: frame == "13"
    )  # the mask
    assert "at true speed" in page.inner_text(".cell-player")

    make(sheet, "Ready: 6 made, 0 kept.")
    folder = tmp_path / "studio" / "stimuli" / "study 1"
    for each in page.locator("dialog footer a[download], dialog footer code").all():
        assert each.evaluate(IN_SIGHT)
    assert page.inner_text("dialog footer code") == str(folder)
    sheet.wait_for(sheet.notice, lambda said: str(folder) in said)
    names = {link.inner_text() for link in page.locator("dialog footer a[download]").all()}
    assert names == {"conditions.csv", "conditions.xlsx", "conditions.js"}
    assert all((folder / name).is_file() for name in names)
    with (folder / "conditions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["neutral"] for row in rows] == ["False", "False", "True"] * 2
    assert rows[0]["correct_answer"] == "anger" and rows[2]["correct_answer"] == "neutral"
    assert rows[1]["AU4_left"] == rows[1]["AU4_right"] == "4.0" and rows[2]["AU4_left"] == "0.0"
    clip = [f for _, f in open_clip(folder / rows[1]["stimulus"].removeprefix("stimuli/"))]
    assert clip[0].shape == (128, 96, 3) and len(clip) == 11 + 3
    assert (clip[0][0, 0] == 128).all() and not np.array_equal(clip[10], clip[11])


def test_still_before_and_after_in_design(smiling: StudioPage) -> None:
    page = smiling.page
    page.click("[data-au=AU4]")
    before = smiling.value("onset", 0), smiling.value("offset", 0)
    page.fill("[data-key=still-before]", "150")
    page.keyboard.press("Tab")
    moved = 150 - before[0]
    smiling.wait_for(lambda: smiling.value("onset", 0), lambda at: at == 150)
    assert smiling.value("offset", 0) == before[1] + moved
    page.fill("[data-key=still-after]", "250")
    page.keyboard.press("Tab")
    seen = page.input_value(".timeline-bar input >> nth=0")
    assert float(seen) == before[1] + moved + 250
    page.click("[data-tool=undo]")
    page.click("[data-tool=undo]")
    assert (smiling.value("onset", 0), smiling.value("offset", 0)) == before
    assert page.input_value("[data-key=still-before]") == str(int(before[0]))


def test_a_design_is_exported_with_oval_and_control(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page
    page.click("[data-action=export-dialog]")
    dialog = page.locator("dialog[open]")
    dialog.locator("input[type=text]").first.fill("shown")
    dialog.locator("select").first.select_option("mkv")
    page.click("[data-key=look]")
    page.check("[data-key=look-oval]")
    page.check("[data-key=control]")
    page.fill("[data-key=look-size]", "97")
    page.keyboard.press("Tab")
    dialog.get_by_text("even numbers from 16 to 4096").wait_for()  # said beside the field
    page.fill("[data-key=look-size]", "128")
    page.keyboard.press("Tab")
    page.click("[data-action=export]")
    dialog.locator("a[download]").nth(1).wait_for()
    folder = tmp_path / "studio" / "exports"
    moving, still = (
        [frame for _, frame in open_clip(folder / name)]
        for name in ("shown.mkv", "shown neutral.mkv")
    )
    assert len(moving) == len(still) and moving[0].shape == (128, 128, 3)
    assert all(np.array_equal(frame, moving[0]) for frame in still)
    assert not np.array_equal(moving[20], moving[0]) and (moving[0][0, 0] == 128).all()


def test_the_timeline_offers_rates_of_screens_and_warns(studio_page: StudioPage) -> None:
    page = studio_page.page
    rate = page.locator(".timeline-bar input[list=screens]")
    offered = page.locator("#screens option").evaluate_all("all => all.map((each) => each.value)")
    assert offered == ["60", "75", "100", "120", "144", "240"]
    rate.fill("1000")
    rate.press("Enter")
    studio_page.wait_for(studio_page.notice, lambda said: "cannot show 1000 frames" in said)
