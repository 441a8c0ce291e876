"""A study from the studio's dialog, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.studio.browser import StudioPage, need_browser

need_browser()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_study_is_built_and_can_be_tried(
    studio_page: StudioPage, face_file: Path, language: str
) -> None:
    page = studio_page.page
    page.set_viewport_size({"width": 1366, "height": 768})
    page.select_option("select.language", language)
    studio_page.drop_portrait(face_file)
    page.click("[data-action=study-dialog]")
    start = page.locator("[data-action=build-study]")
    page.wait_for_selector("[data-action=build-study]:enabled")
    count = page.locator(".study-count")
    assert (
        count.inner_text().count("7") == 2
    )  # three expressions at two intensities, and a neutral one
    page.fill("[data-key=study-durations]", "40")
    studio_page.wait_for(count.inner_text, lambda said: "2.4" in said)
    assert ("choose" in count.inner_text()) == (language == "en")
    # Nothing was started, so nothing failed: the reason alone is shown.
    begins = {"en": "A duration of 40 ms", "zh-Hans": "40"}[language]
    assert count.inner_text().startswith(begins) and "(英" not in count.inner_text()
    form = page.locator("[data-key=study-form] option[value=clip]")
    page.select_option("[data-key=study-mask]", "noise")
    after = {"en": "the mask after", "zh-Hans": "之后为掩蔽"}[language]
    studio_page.wait_for(form.inner_text, lambda said: after in said)
    page.select_option("[data-key=study-mask]", "none")
    studio_page.wait_for(form.inner_text, lambda said: after not in said)
    assert start.is_disabled()
    page.fill("[data-key=study-durations]", "200")
    page.fill("[data-key=study-intensities]", "B")
    page.fill("[data-key=study-size]", "64")
    studio_page.wait_for(count.inner_text, lambda said: said.count("4") == 2)
    page.wait_for_selector("[data-action=build-study]:enabled")
    start.click()
    tried = page.locator("dialog footer a")
    tried.wait_for()
    said = page.locator("dialog footer code").inner_text()
    assert Path(said, "index.html").is_file()
    with page.expect_popup() as opened:
        tried.click()
    opened.value.wait_for_selector("text=faces that move for a moment")
    opened.value.close()


def test_neutral_trials_are_counted_per_face_and_duration(
    studio_page: StudioPage, face_file: Path
) -> None:
    page = studio_page.page
    studio_page.drop_portrait(face_file)
    page.click("[data-action=study-dialog]")
    count = page.locator(".study-count")
    studio_page.wait_for(count.inner_text, lambda said: "participant: 7" in said)
    page.fill("[data-key=study-durations]", "100, 200")
    # Three expressions at two intensities, and a neutral trial, each at two durations.
    studio_page.wait_for(count.inner_text, lambda said: "participant: 14" in said)
    label = page.locator("label", has=page.locator("[data-key=study-catch]"))
    assert "per face and duration" in label.inner_text()
