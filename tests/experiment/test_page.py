"""The study's page in a browser, from consent to the results, and what they say."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mien.experiment.analysis import analyse
from mien.experiment.build import build_study
from mien.experiment.results import read_results
from tests.experiment.test_build import design, people  # noqa: F401 - a fixture
from tests.studio.browser import PATIENCE_SECONDS, need_browser

need_browser()


@pytest.fixture(scope="module")
def study(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    folder = tmp_path_factory.mktemp("page") / "study"
    made = build_study(
        design(people, catch_trials=1, neutral_ms=50.0, blocks=2, disclosure="after"), folder
    )
    assert made.trials == 6
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Any]:
    from benchmarks.chromium import launched

    with launched() as browser:
        made = browser.new_context(accept_downloads=True).new_page()
        made.set_default_timeout(PATIENCE_SECONDS * 1000)
        yield made


def question(page: Any) -> None:
    page.get_by_text("What did the face show?").wait_for()


def begin(page: Any) -> None:
    """Read the page that says what to do, and go on to the first trial."""
    page.get_by_role("button", name="Begin").click()


def answer(page: Any, key: str) -> None:
    """Press a key until the question goes: the page may listen only a moment after it shows the question."""
    from playwright.sync_api import TimeoutError as TooLate

    for _ in range(PATIENCE_SECONDS // 3):
        page.keyboard.press(key)
        with suppress(TooLate):
            page.wait_for_function(
                "!document.body.innerText.includes('What did the face')", timeout=3000
            )
            return
    pytest.fail("the question stayed")


def test_from_consent_to_the_results(study: Path, page: Any, tmp_path: Path) -> None:
    """A participant who always answers with the first key; opened as by a double click."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # A busy computer misses refreshes, so the rate that is measured may be off.
    page.goto(f"{(study / 'index.html').as_uri()}?any_screen")
    page.get_by_role("button", name="I agree").click()
    page.fill("#code", "ann 2")
    page.keyboard.press("Enter")
    # Nothing is shown before the participant knows the keys.
    page.get_by_role("button", name="Begin").wait_for()
    assert "press the key of your answer" in page.inner_text("body")
    assert page.locator(".keys li").all_inner_texts() == ["1anger", "2surprise", "3neutral"]
    assert not page.locator("canvas").count()
    begin(page)
    for trial in range(6):
        if trial == 3:
            page.get_by_role("button", name="Go on").click()
        question(page)
        assert page.get_by_role("button").count() == 3
        if trial < 5:
            answer(page, "1")
    with page.expect_download() as downloaded:
        answer(page, "1")
    downloaded.value.save_as(tmp_path / "results.csv")
    assert downloaded.value.suggested_filename == "study_ann_2.csv"
    assert "All faces are synthetic" in page.inner_text("#end")
    assert "study_ann_2.csv in the folder of your downloads. Please send" in page.inner_text("#end")
    assert not complaints and all(url.startswith(("file:", "blob:", "data:")) for url in asked)

    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["trial"] for row in rows] == [str(n) for n in range(1, 7)]
    assert [row["block"] for row in rows] == ["1"] * 3 + ["2"] * 3
    for row in rows:
        late_ms = 1000 / 60 * (1 + float(row["dropped_frames"]))
        assert abs(float(row["shown_ms"]) - float(row["duration_ms"])) <= late_ms
        assert "null" not in row.values()
        assert len(row["shown_ms"].partition(".")[2]) <= 2  # to 0.01 ms
        assert float(row["rt_ms"]) > 0 and row["answer"] == "anger"
        assert row["correct"] == str(int(row["correct_answer"] == "anger"))
    found = analyse(read_results([tmp_path / "results.csv"]))
    assert (found.people, found.trials, found.overall.mean) == (1, 6, pytest.approx(1 / 3))


def test_times_are_rounded(study: Path, page: Any) -> None:
    """Differences of browser times have all their floating-point digits."""
    page.goto(f"{(study / 'index.html').as_uri()}?any_screen")
    page.get_by_role("button", name="I agree").wait_for()
    times = "{ times: [0, 16.7], starts: [1234.5, 1334.3999999999942] }"
    assert page.evaluate(f"measured({times}, 0, 0, 1).shown_ms") == 99.9


def test_a_picture_that_is_missing_stops_the_study(study: Path, page: Any, tmp_path: Path) -> None:
    import shutil

    broken = tmp_path / "study"
    shutil.copytree(study, broken)
    next((broken / "stimuli").glob("*surprise*/000003.png")).unlink()
    page.goto(f"{(broken / 'index.html').as_uri()}?any_screen")
    page.get_by_role("alert").wait_for()
    assert "000003.png cannot be loaded" in page.inner_text("body")


def test_a_page_that_is_closed_offers_its_answers(study: Path, page: Any, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    address = f"{(study / 'index.html').as_uri()}?any_screen&participant=9"
    page.goto(address)
    page.get_by_role("button", name="I agree").click()
    begin(page)
    question(page)
    answer(page, "2")
    page.reload()
    assert asked == ["beforeunload"]
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="unfinished session (9)").click()
    downloaded.value.save_as(tmp_path / "left.csv")
    with (tmp_path / "left.csv").open(encoding="utf-8", newline="") as file:
        assert [row["answer"] for row in csv.DictReader(file)] == ["surprise"]


def test_a_small_window_shows_all_of_the_face(study: Path, page: Any) -> None:
    page.set_viewport_size({"width": 80, "height": 400})
    page.goto(f"{(study / 'index.html').as_uri()}?any_screen&participant=9")
    page.get_by_role("button", name="I agree").click()
    begin(page)
    question(page)
    shown = page.evaluate(
        "jsPsych.data.get().filter({ trial_type: 'mien-frames' }).values()[0].shown_px"
    )
    assert 40 <= shown <= 48


def test_participants_take_turns_and_codes_are_spread(study: Path, page: Any) -> None:
    page.goto(f"{(study / 'index.html').as_uri()}?any_screen")
    page.get_by_role("button", name="I agree").wait_for()
    assert page.evaluate("['1', '2', '3', '4', '0'].map(orderOf)") == [0, 1, 2, 0, 2]
    codes = (
        "Array.from({ length: 300 }, (_, i) => orderOf(`participant-with-a-long-code-${i * 7919}`))"
    )
    counts = page.evaluate(f"{codes}.reduce((n, order) => (n[order] += 1, n), [0, 0, 0])")
    assert sum(counts) == 300 and min(counts) > 60


def test_psychopy_gives_codes_the_same_orders(study: Path, page: Any) -> None:
    place = study / "psychopy" / "mien_study.py"
    spec = importlib.util.spec_from_file_location("mien_study", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    codes = ["1", "2", "17", "0", "999999999", "1234567890", "ann 2", "Zoë", "受试者7", "😀", "١٢"]
    page.goto(f"{(study / 'index.html').as_uri()}?any_screen")
    page.get_by_role("button", name="I agree").wait_for()
    of_page = page.evaluate("codes => codes.map(orderOf)", codes)
    made = module.Study(study / "psychopy")
    assert [made.order_of(code) - 1 for code in codes] == of_page


def test_a_screen_of_another_rate_is_told(study: Path, page: Any) -> None:
    page.add_init_script(
        "let now = 0; window.requestAnimationFrame = (draw) => setTimeout(() => draw(now += 1000 / 50), 1);"
    )
    page.goto((study / "index.html").as_uri())
    page.get_by_role("alert").wait_for()
    assert (
        "needs a screen at 60 Hz or a multiple of it. Yours was measured at 50.0 Hz."
        in page.inner_text("body")
    )
