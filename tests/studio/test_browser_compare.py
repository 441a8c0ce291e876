"""Transfers that can be trusted, in a real browser: clean lanes, what is measured of a result, and parts of a film."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mien.cli.main import main
from tests.studio.browser import StudioPage, need_browser
from tests.studio.test_browser_transfer import carry_whole, driven, driver, mirrored  # noqa: F401

need_browser()


def verdict(studio: StudioPage) -> str:
    return studio.page.inner_text("[data-section=compare] .verdict")


def score(studio: StudioPage, name: str) -> float:
    return float(studio.page.inner_text(f"[data-score={name}]"))


def measure_result(studio: StudioPage) -> str:
    studio.page.click("[data-action=compare]:enabled")
    return studio.wait_for(
        lambda: verdict(studio), lambda said: said.startswith("Measured: it moves")
    )


def test_lanes_start_clean_and_a_portrait_changes_no_selection(
    studio_page: StudioPage,
    driver: Path,  # noqa: F811
    mirrored: Path,  # noqa: F811
) -> None:
    studio, page = studio_page, studio_page.page
    studio.drop(driver)
    page.wait_for_selector("[data-lane]")
    peaks = [studio.value("peak", lane) for lane in range(len(studio.lanes()))]
    assert min(peaks) >= 0.2
    units: dict[str, float] = {}
    for (name, *_), peak in zip(studio.lanes(), peaks, strict=True):
        units[name] = max(units.get(name, 0), peak)
    assert list(units.values()) == sorted(units.values(), reverse=True)

    chosen = len(peaks) - 1
    studio.handle("onset", chosen).focus()
    studio.seek(5)
    unit, side = studio.lanes()[chosen][:2]
    studio.drop_portrait(mirrored)
    page.wait_for_selector("[data-action=compare]")
    studio.settled()
    current = page.locator(".lane[aria-current]")
    if current.count():  # another face may give the film's weakest unit less than is seen
        assert current.locator("b").inner_text() == unit
        assert current.locator("select").input_value() == side
    assert page.get_attribute(".ruler", "aria-valuenow") == "5"

    many = len(studio.lanes())
    page.fill("[data-key=least]", "0")
    page.keyboard.press("Tab")
    studio.wait_for(lambda: len(studio.lanes()), lambda now: now > many)
    page.fill("[data-key=least]", "2")
    page.keyboard.press("Tab")
    studio.wait_for(lambda: len(studio.lanes()), lambda now: now < many)
    # The next film begins as the first did.
    studio.drop(driver)
    page.click("[data-action=replace-lanes]")
    studio.wait_for(lambda: page.input_value("[data-key=least]"), lambda seen: seen == "0.2")


def test_how_far_lanes_move_is_said_once_it_is_measured(driven: StudioPage) -> None:  # noqa: F811
    studio, page = driven, driven.page
    assert "It is not measured yet" in verdict(studio)
    assert "as far as" not in page.inner_text(".panel.transfer")
    assert "it moves as far as the driver" in measure_result(studio)
    assert 0.9 <= score(studio, "amplitude") <= 1.12
    assert score(studio, "cosine") > 0.8 and score(studio, "timing") > 0.9
    assert page.locator(".lane .curve.result").count() >= 2
    # Half of the gain moves half as far, and the page says so, but not before it was measured.
    gain = float(page.input_value("[data-key=gain]"))
    page.fill("[data-key=gain]", str(gain / 2))
    page.keyboard.press("Tab")
    studio.wait_for(lambda: verdict(studio), lambda said: "changed since it was measured" in said)
    said = measure_result(studio)
    percent = int(re.search(r"(\d+) %", said)[1])  # type: ignore[index]
    assert 35 <= percent <= 65


def test_edited_lanes_get_the_gain_of_a_portrait_that_comes_later(
    studio_page: StudioPage,
    driver: Path,  # noqa: F811
    mirrored: Path,  # noqa: F811
) -> None:
    studio, page = studio_page, studio_page.page
    studio.drop(driver)
    page.wait_for_selector("[data-lane]")
    studio.handle("onset", 0).focus()
    page.keyboard.press("ArrowRight")  # also while the lanes are being fitted
    edited = studio.lanes()
    studio.drop_portrait(mirrored)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    studio.settled()
    assert [lane[:3] for lane in studio.lanes()] == [lane[:3] for lane in edited]
    gain = float(page.input_value("[data-key=gain]"))
    assert gain != 1
    assert f"a gain of {gain:g}" in page.inner_text("[data-section=recode]")
    assert "it moves as far as the driver" in measure_result(studio)


def test_lanes_are_as_high_as_what_was_measured_and_drag_true(
    studio_page: StudioPage,
    driver: Path,  # noqa: F811
) -> None:
    studio, page = studio_page, studio_page.page
    studio.drop(driver)
    page.wait_for_selector("[data-lane]")
    weak = len(studio.lanes()) - 1
    top = int(page.locator(".lane .row-top").nth(weak).inner_text())
    assert studio.value("peak", weak) <= top < 5
    drawn = page.locator(".lane-drawing").nth(weak).bounding_box()
    course = page.locator(".lane .curve.before").nth(weak).bounding_box()
    assert course["height"] > 0.3 * drawn["height"]
    assert page.locator(".lane-drawing").nth(weak).locator("line.level").count() == top
    # Over the edge of its lane a peak goes on rising, by the scale that it was taken hold of in; then the lane gets
    # another scale.
    page.keyboard.down("Alt")
    studio.drag("peak", (0, -(drawn["height"] - 16) / top), weak)
    page.keyboard.up("Alt")
    raised = studio.value("peak", weak)
    assert raised > top - 0.3
    now = page.locator(".lane .row-top").nth(weak)
    assert now.is_hidden() or int(now.inner_text()) >= raised


def test_a_motion_carried_whole_is_measured_by_itself(driven: StudioPage) -> None:  # noqa: F811
    studio, page = driven, driven.page
    carry_whole(studio)
    studio.wait_for(lambda: page.locator("[data-score]").count(), lambda count: count == 3)
    assert score(studio, "cosine") > 0.8 and 0.8 < score(studio, "amplitude") < 1.2
    assert page.locator(".lane .curve.result").count() >= 2
    assert "measured in the result" in page.inner_text(".timeline")
    # Weak rows are as high as strong ones, and say up to which intensity they go.
    tops = [float(each.inner_text()) for each in page.locator(".row-top").all()]
    assert tops == sorted(tops, reverse=True) or len(set(tops)) > 1
    page.select_option("select.language", "zh-Hans")
    assert "经测量" in verdict(studio)


@pytest.fixture(scope="module")
def long_film(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four seconds, nothing of which moves but a smile about the eighth."""
    out = tmp_path_factory.mktemp("long") / "long.mkv"
    command = ["generate", str(face_file), "--au", "AU12=4@7.6-7.9-8.1-8.4", "--fps", "25"]
    assert main([*command, "--tail", "15.6", "--out", str(out)]) == 0
    return out


def test_a_long_film_is_measured_cancelled_and_trimmed(
    studio_page: StudioPage, long_film: Path
) -> None:
    studio, page = studio_page, studio_page.page
    # Within the page: the film may be measured before a look or a click from outside arrives.
    cancel_at_progress = """() => new MutationObserver((_, observer) => {
        if (!/Measuring the driver… [1-9][0-9]* of 601/.test(document.body.innerText)) return;
        observer.disconnect();
        document.querySelector(".foot [data-action=cancel]").click();
    }).observe(document.body, { subtree: true, childList: true, characterData: true })"""
    page.evaluate(cancel_at_progress)
    studio.drop(long_film)
    studio.wait_for(
        lambda: "Cancelled" in studio.notice() or page.locator("[data-lane]").count(), bool
    )
    for _ in range(5):
        if "Cancelled" in studio.notice():
            break
        # Even so, the page may hear of the progress when all is measured already: once more.
        page.evaluate(cancel_at_progress)
        for again in ("[data-key=cut]", "[data-action=measure]", "[data-key=cut]"):
            page.click(again)
        studio.settled()
    assert "Cancelled" in studio.notice()
    page.click("[data-key=cut]")
    page.click("[data-action=measure]")
    page.wait_for_selector("[data-lane]")
    studio.settled()
    said = page.inner_text(".trim-box")
    assert "0–24040 of 24040 ms" in said
    strongest = int(re.search(r"around (\d+) ms", said)[1])  # type: ignore[index]
    assert 7800 <= strongest <= 8200
    page.click("[data-action=trim-around]")
    studio.wait_for(lambda: page.input_value("[data-key=cut-start_seconds]"), lambda at: at != "")
    page.wait_for_selector("[data-action=trim-all]")
    assert float(page.input_value("[data-key=cut-start_seconds]")) == pytest.approx(
        strongest - 600, abs=1
    )
    clip = studio.wait_for(
        lambda: float(page.input_value(".timeline-bar input >> nth=0")), lambda now: now < 2000
    )
    assert 1100 <= clip <= 1250

    # By dragging too: the part begins later.
    studio.settled()
    handle = page.locator("[data-trim=start]")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 9, box["y"] + 20, steps=4)
    page.mouse.up()
    studio.wait_for(
        lambda: float(page.input_value("[data-key=cut-start_seconds]") or 0),
        lambda at: strongest - 590 < at < strongest - 300,
    )
    studio.wait_for(
        lambda: float(page.input_value(".timeline-bar input >> nth=0")), lambda now: now < clip
    )
    page.click("[data-action=trim-all]")
    studio.wait_for(lambda: page.input_value("[data-key=cut-start_seconds]"), lambda at: at == "")


def test_a_sample_film_and_all_of_it_after_a_reload(
    studio_page: StudioPage,
    mirrored: Path,  # noqa: F811
) -> None:
    studio, page = studio_page, studio_page.page
    page.click("[data-tab=transfer]")
    page.click("[data-action=sample-film]")
    page.wait_for_selector("[data-lane]")
    studio.drop_portrait(mirrored)
    page.wait_for_selector("[data-action=compare]")
    studio.settled()
    studio.handle("peak", 0).focus()
    page.keyboard.press("Shift+ArrowDown")
    was, gain = studio.design(), page.input_value("[data-key=gain]")
    studio.settled()
    studio.open()
    page.wait_for_selector(".lane polyline.curve.before", state="attached")
    assert studio.design() == was and page.input_value("[data-key=gain]") == gain
    assert page.get_attribute("[data-tab=transfer]", "aria-selected") == "true"
    assert page.title().startswith("● sample film")
