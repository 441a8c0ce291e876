"""The rating page in a browser: two clips, a reload, a second rater; a coder; and the same page as files."""

from __future__ import annotations

import csv
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra studio")

from mien.rating.app import create_rating_app
from mien.rating.online import write_online
from mien.rating.settings import RatingSettings
from mien.rating.store import opened_store
from mien.studio.serving import HOST, listen, server
from tests.studio.browser import PATIENCE_SECONDS, need_browser

need_browser()


@pytest.fixture
def page() -> Iterator[Any]:
    from benchmarks.chromium import launched

    with launched() as browser:
        made = browser.new_context(accept_downloads=True).new_page()
        made.set_default_timeout(PATIENCE_SECONDS * 1000)
        yield made


@contextmanager
def served(sheet: Path, out: Path, settings: RatingSettings) -> Iterator[str]:
    with opened_store(sheet, out, settings) as store:
        app = create_rating_app(store, Fraction(25))
        listener = listen(0)
        running = server(app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield app.state.key.url(f"http://{HOST}:{listener.getsockname()[1]}")
        finally:
            running.should_exit = True
            thread.join(10)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def begin(page: Any, rater: str) -> None:
    page.fill("#code", rater)
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("The faces are synthetic").wait_for()
    page.get_by_role("button", name="Begin").click()


def play(page: Any, times: int = 1) -> None:
    for number in range(times):
        page.get_by_role("button", name="Play again" if number else "Play", exact=True).click()
        page.locator("#play:has-text('Play again'):enabled").wait_for()


def rate(page: Any, answer: str, intensity: str, naturalness: str, plays: int = 1) -> None:
    progress = page.inner_text(".progress")
    play(page, plays)
    assert page.locator("#next").is_disabled()
    page.get_by_role("radio", name=answer, exact=True).check()
    if intensity:
        page.locator(f"[name=intensity][value='{intensity}']").check()
    else:
        assert page.locator("[name=intensity]:disabled").count() == 7
    page.locator(f"[name=naturalness][value='{naturalness}']").check()
    page.locator("#next").click()
    page.wait_for_function(
        "(before) => document.querySelector('.progress')?.innerText !== before", arg=progress
    )


def test_two_clips_a_reload_and_a_second_rater(sheet: Path, page: Any, tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with served(sheet, tmp_path, RatingSettings()) as url:
        page.goto(url)
        begin(page, "Ann")
        page.get_by_text("Clip 1 of 4").wait_for()
        rate(page, "fear", "6", "2", plays=2)
        rate(page, "none", "", "7")
        page.get_by_text("Clip 3 of 4").wait_for()
        page.reload()
        page.get_by_text("2 of 4 clips are rated already").wait_for()
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("Clip 3 of 4").wait_for()
        rate(page, "surprise", "1", "4")
        page.goto(url)
        begin(page, "bob")
        page.get_by_text("Clip 1 of 4").wait_for()
        rate(page, "anger", "3", "3")
        page.get_by_text("Clip 2 of 4").wait_for()
        text = page.content()
    assert not complaints
    assert not any(name in text for name in ("ann_anger", "bob_neutral", "level"))
    names = ("trial", "answer", "rated_intensity", "naturalness", "plays")
    ann = rows(tmp_path / "ann.csv")
    assert [tuple(row[name] for name in names) for row in ann] == [
        ("1", "fear", "6", "2", "2"),
        ("2", "neutral", "0", "7", "1"),
        ("3", "surprise", "1", "4", "1"),
    ]
    assert len({row["stimulus_file"] for row in ann}) == 3
    assert [row["answer"] for row in rows(tmp_path / "bob.csv")] == ["anger"]


def test_a_coder_steps_through_frames(sheet: Path, page: Any, tmp_path: Path) -> None:
    with served(sheet, tmp_path, RatingSettings(facs=True)) as url:
        page.goto(url)
        begin(page, "eve")
        play(page)
        page.get_by_role("button", name="Add an AU").click()
        page.locator("select.au").select_option("AU26")
        assert page.locator("select.side").is_disabled()
        page.locator("select.au").select_option("AU12")
        page.locator("select.side").select_option("right")
        page.locator("select.level").select_option("D")
        page.fill("#frame", "0")
        grey = "document.querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1).data[0]"
        for name, shown in (("onset", 40), ("apex", None), ("offset", 40)):
            page.get_by_role("button", name=f"{name} is this frame").click()
            assert shown is None or page.evaluate(grey) == shown  # frames 0 and 2 are alike
            page.get_by_role("button", name="+1 frame").click()
        assert page.evaluate(grey) == 200
        page.locator("#next").click()
        page.get_by_text("Clip 2 of 4").wait_for()
        play(page)
        page.get_by_label("no AU in this clip").check()
        page.locator("#next").click()
        page.get_by_text("Clip 3 of 4").wait_for()
    names = ("au", "side", "level", "onset_frame", "apex_frame", "offset_frame")
    assert [tuple(row[name] for name in names) for row in rows(tmp_path / "eve.csv")] == [
        ("AU12", "right", "D", "0", "1", "2"),
        ("",) * 6,
    ]


def test_the_page_as_files_goes_on_after_a_reload_and_saves(
    sheet: Path, page: Any, tmp_path: Path
) -> None:
    made = write_online(sheet, tmp_path / "online", RatingSettings(), Fraction(25))
    page.goto((made.page / "index.html").as_uri())
    begin(page, "p7")
    page.get_by_text("Clip 1 of 4").wait_for()
    rate(page, "anger", "2", "5")
    page.goto(f"{(made.page / 'index.html').as_uri()}?participant=p7")
    page.get_by_role("button", name="Go on").click()
    for number in (2, 3, 4):
        page.get_by_text(f"Clip {number} of 4").wait_for()
        if number < 4:
            page.get_by_role("radio", name="other", exact=True).check()
            page.get_by_label("Which other emotion?").fill('=HYPERLINK("x","y")')
            rate(page, "other", "1", "1")
    play(page)
    page.get_by_role("radio", name="none", exact=True).check()
    page.locator("[name=naturalness][value='6']").check()
    with page.expect_download() as downloaded:
        page.locator("#next").click()
    downloaded.value.save_as(tmp_path / "p7.csv")
    written = rows(tmp_path / "p7.csv")
    assert [row["trial"] for row in written] == ["1", "2", "3", "4"]
    assert [row["answer"] for row in written] == ["anger", "other", "other", "neutral"]
    assert [row["other_word"] for row in written] == [
        "",
        *['\'=HYPERLINK("x","y")'] * 2,
        "",
    ]
    assert {row["rater"] for row in written} == {"p7"}
    key = {row["stimulus"]: row["stimulus_file"] for row in rows(made.key)}
    assert {key[row["stimulus"]] for row in written} == {
        "ann_anger_2",
        "ann_fear_4",
        "bob_anger_3",
        "bob_neutral",
    }
    listed = (made.page / "rating" / "clips.js").read_text(encoding="utf-8")
    assert "ann_" not in listed and "bob_" not in listed


def test_a_coder_online_saves_a_sheet(sheet: Path, page: Any, tmp_path: Path) -> None:
    from mien.experiment.coder_sheets import are_sheets, read_sheets
    from mien.experiment.facs_table import SeenAU

    made = write_online(sheet, tmp_path / "online", RatingSettings(facs=True), Fraction(25))
    page.goto(f"{(made.page / 'index.html').as_uri()}?participant=eve")
    page.get_by_role("button", name="Begin").click()
    for number in (1, 2, 3, 4):
        page.get_by_text(f"Clip {number} of 4").wait_for()
        play(page)
        if number == 1:
            page.get_by_role("button", name="Add an AU").click()
            page.locator("select.au").select_option("AU4")
            page.locator("select.level").select_option("B")
            for place, name in enumerate(("onset", "apex", "offset")):
                page.get_by_label(f"{name} frame", exact=True).fill(str(place + 1))
            page.get_by_role("button", name="Add an AU").click()
            second = page.locator("table.sheet tbody tr").nth(1)
            second.locator("select.au").select_option("AU4")
            second.locator("select.side").select_option("left")
            second.locator("select.level").select_option("C")
            for frame, name in ((2, "onset"), (2, "apex"), (3, "offset")):
                second.get_by_label(f"{name} frame", exact=True).fill(str(frame))
            page.get_by_text("AU4 is entered twice from frame 2 on").wait_for()
            assert page.locator("#next").is_disabled()
            second.get_by_role("button", name="Remove this AU").click()
            page.locator("#next:enabled").wait_for()
            assert page.inner_text("[role=alert]") == ""
        else:
            page.get_by_label("no AU in this clip").check()
        if number < 4:
            page.locator("#next").click()
    with page.expect_download() as downloaded:
        page.locator("#next").click()
    assert downloaded.value.suggested_filename == "sheet_eve_facs.csv"
    downloaded.value.save_as(tmp_path / "eve.csv")
    assert are_sheets([tmp_path / "eve.csv"])
    found = read_sheets([tmp_path / "eve.csv"]).seen["eve"]
    assert sorted(found.values()) == [(), (), (), (SeenAU("AU4", "both", "B", 1, 2, 3),)]
    first = rows(tmp_path / "eve.csv")[0]
    assert [first[f"{name}_seconds"] for name in ("onset", "apex", "offset")] == [
        "0.04",
        "0.08",
        "0.12",
    ]
    assert set(found) == {row["stimulus"] for row in rows(made.key)}


def finish(page: Any, place: Path) -> list[dict[str, str]]:
    """Rate the last clip of the page as files with "none", and return the file that is saved."""
    play(page)
    if page.locator("#nothing").count():
        page.locator("#nothing").check()
    else:
        page.get_by_role("radio", name="none", exact=True).check()
        page.locator("[name=naturalness][value='6']").check()
    with page.expect_download() as downloaded:
        page.locator("#next").click()
    downloaded.value.save_as(place)
    return rows(place)


def test_a_code_that_is_used_again_in_one_browser(sheet: Path, page: Any, tmp_path: Path) -> None:
    """Neither the same page, nor its FACS page, nor a new seed takes over another person's answers."""
    clips = tmp_path / "clips"
    for name in ("ann_anger_2", "bob_anger_3"):
        shutil.copytree(sheet / name, clips / name)
    online = tmp_path / "online"

    def opened(settings: RatingSettings) -> None:
        made = write_online(clips, online, settings, Fraction(25))
        page.goto(f"{(made.page / 'index.html').as_uri()}?participant=7")

    opened(RatingSettings())
    page.get_by_role("button", name="Begin").click()
    rate(page, "anger", "2", "5")
    for other in (RatingSettings(facs=True), RatingSettings(seed=1), RatingSettings(points=5)):
        opened(other)  # another page: nothing is done yet
        page.get_by_role("button", name="Begin").click()
        page.get_by_text("Clip 1 of 2").wait_for()
    opened(RatingSettings())
    page.get_by_text("1 of 2 clips are rated already").wait_for()
    page.get_by_role("button", name="I am another person").click()
    page.get_by_text("Somebody already used the code 7").wait_for()
    page.fill("#code", "8")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Begin").click()
    rate(page, "fear", "3", "4")
    assert [row["answer"] for row in finish(page, tmp_path / "8.csv")] == ["fear", "neutral"]
    page.reload()
    page.get_by_role("button", name="Go on").click()
    assert [row["answer"] for row in finish(page, tmp_path / "7.csv")] == ["anger", "neutral"]
    page.reload()  # 7 is saved: the next person with this code begins
    page.get_by_role("button", name="Begin").click()
    rate(page, "disgust", "1", "1")
    again = finish(page, tmp_path / "again.csv")
    assert [row["answer"] for row in again] == ["disgust", "neutral"]
    assert page.evaluate("localStorage.length") == 0


def test_answers_to_clips_that_are_not_on_the_page_are_dropped(
    sheet: Path, page: Any, tmp_path: Path
) -> None:
    made = write_online(sheet, tmp_path / "online", RatingSettings(), Fraction(25))
    url = f"{(made.page / 'index.html').as_uri()}?participant=7"
    page.goto(url)
    page.get_by_role("button", name="Begin").click()
    rate(page, "anger", "2", "5")
    page.evaluate(
        "for (const [key, text] of Object.entries(localStorage))"
        " localStorage.setItem(key, JSON.stringify([...JSON.parse(text), { stimulus: 'gone' }]))"
    )
    page.reload()
    page.get_by_text("1 of 4 clips are rated already").wait_for()
