"""The engine panels in a real browser: made from the settings' descriptions, for any engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.cli.main import main
from mien.engines.registry import BUILT_IN
from mien.io.clips import open_clip
from tests.studio.browser import StudioPage, differ, need_browser
from tests.studio.tint import BROKEN

need_browser()


@pytest.fixture
def tinted(tint: None, smiling: StudioPage) -> StudioPage:
    """The page of a studio with an engine of another package, which moves the portrait."""
    smiling.page.check("[data-key=engine-tint]")
    smiling.page.wait_for_selector("[data-key=setting-levels]")
    return smiling


def settings(page: Any, prefix: str = "setting") -> dict[str, Any]:
    """The values that the controls show, by the settings' names."""
    return page.evaluate(
        """(prefix) => Object.fromEntries([...document.querySelectorAll(`[data-key^=${prefix}-]`)].map((each) =>
            [each.dataset.key.slice(prefix.length + 1), each.type === "checkbox" ? each.checked : each.value]))""",
        prefix,
    )


def frames_of(path: Path) -> np.ndarray:
    return np.stack([frame for _, frame in open_clip(path)]).astype(int)


def test_a_panel_for_settings_of_every_kind(tinted: StudioPage, tmp_path: Path) -> None:
    page = tinted.page
    usual = {"levels": "5", "darker": False, "channel": "", "rows": "", "label": ""}
    assert settings(page) == usual
    assert page.get_attribute("[data-key=setting-rows]", "placeholder") == "default"
    texts = page.locator("[data-key=setting-channel] option").all_inner_texts()
    assert texts == ["default", "red", "green"]
    label = page.locator("label", has=page.locator("[data-key=setting-levels]"))
    assert label.inner_text().strip() == "Levels"
    assert label.get_attribute("title") == "Grey levels for an intensity of 1."
    # Only what the engine knows can be added, and the one that cannot be imported says why.
    assert page.eval_on_selector_all(
        "[data-au]:enabled", "found => found.map(({dataset}) => dataset.au)"
    ) == ["AU12"]
    assert page.is_disabled("[data-key=engine-broken]")
    assert BROKEN in page.inner_text("aside")

    tinted.seek(40)  # the apex
    bright = tinted.settled().astype(int)
    page.check("[data-key=setting-darker]")
    tinted.wait_for_picture(lambda seen: bright.mean() - seen.mean() > 20)
    assert page.evaluate("document.activeElement.dataset.key") == "setting-darker"
    page.fill("[data-key=setting-rows]", "20")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.key") == "setting-label"
    page.keyboard.type("a word")
    page.keyboard.press("Tab")
    page.select_option("[data-key=setting-channel]", "green")
    changed = {"levels": "5", "darker": True, "channel": "green", "rows": "20", "label": "a word"}
    assert settings(page) == changed
    page.fill("[data-key=setting-levels]", "2,5")
    page.keyboard.press("Tab")
    tinted.wait_for(lambda: settings(page)["levels"], lambda seen: seen == "2.5")

    # Each is a step that can be undone; another engine and back changes none of them.
    page.check("[data-key=engine-rig]")
    page.wait_for_selector("[data-key=setting-shading]")
    assert settings(page) == {"shading": True}
    page.check("[data-key=engine-tint]")
    page.wait_for_selector("[data-key=setting-levels]")
    assert settings(page) == changed | {"levels": "2.5"}
    for _ in range(3):
        page.click("[data-tool=undo]")
    tinted.wait_for(lambda: settings(page), lambda seen: seen == changed)
    page.click("[data-tool=undo]")
    tinted.wait_for(lambda: settings(page)["channel"], lambda seen: seen == "")
    page.keyboard.press("Control+y")
    tinted.wait_for(lambda: settings(page), lambda seen: seen == changed)

    tinted.export("mkv", "tinted")
    made = frames_of(tmp_path / "studio" / "exports" / "tinted.mkv")
    moved = np.abs(made - made[0]).max(axis=0)
    assert moved[:20, :, 1].any() and not moved[20:].any() and not moved[..., [0, 2]].any()


def test_what_is_typed_wrong_is_refused(tinted: StudioPage) -> None:
    page = tinted.page
    for key, typed, said in (
        ("levels", "-1", "Expected a number of at least 0, got “-1”."),
        ("levels", "much", "Expected a number of at least 0, got “much”."),
        ("rows", "1.5", "Expected a whole number of at least 1, got “1.5”."),
    ):
        before = settings(page)
        page.fill(f"[data-key=setting-{key}]", typed)
        page.keyboard.press("Tab")
        tinted.wait_for(tinted.notice, lambda seen, said=said: said in seen)
        assert settings(page) == before
    # Without a number there is the default again.
    page.fill("[data-key=setting-levels]", "9")
    page.keyboard.press("Tab")
    page.fill("[data-key=setting-levels]", "")
    page.keyboard.press("Tab")
    tinted.wait_for(lambda: settings(page)["levels"], lambda seen: seen == "5")


def test_a_project_opens_with_its_settings(tinted: StudioPage, tmp_path: Path) -> None:
    page = tinted.page
    tinted.seek(40)
    page.check("[data-key=setting-darker]")
    shown = tinted.settled()
    tinted.export("project", "dark")
    tinted.open()
    page.click("[data-action=open-dialog]")
    project = tmp_path / "studio" / "exports" / "dark.json"
    page.set_input_files("dialog input[type=file]", str(project))
    page.wait_for_selector("[data-key=setting-darker]")
    assert page.is_checked("[data-key=engine-tint]") and settings(page)["darker"]
    tinted.seek(40)
    tinted.wait_for_picture(lambda seen: differ(seen, shown) < 5)


def test_whole_motion_with_settings(tinted: StudioPage, face_file: Path, tmp_path: Path) -> None:
    studio, page = tinted, tinted.page
    page.fill("[data-key=setting-levels]", "3")
    page.keyboard.press("Tab")
    driver = tmp_path / "driver.mkv"
    command = ["generate", str(face_file), "--au", "AU12=4@0-0.08-0.1-0.18", "--fps", "50"]
    assert main([*command, "--out", str(driver)]) == 0
    studio.drop(driver)
    page.wait_for_selector("[data-lane]")
    page.check("[data-key=way-whole]")
    assert page.is_checked("[data-key=carrier-mesh]")
    ticks = page.locator(".checks .check").all_inner_texts()
    assert ticks == ["Blinks and lids", "Gaze", "Head motion"]
    assert not page.locator("[data-key=whole-recode]").count()
    page.check("[data-key=setting-gaze]")
    page.check("[data-key=carrier-tint]")
    page.wait_for_selector("[data-key=setting-levels]")
    assert page.locator("[data-key=whole-recode]").count() == 1
    assert page.input_value("[data-key=setting-levels]") == "5"  # not what the design has
    page.check("[data-key=setting-darker]")
    page.click("[data-action=transfer]")
    page.wait_for_selector("text=Done: play it")
    page.fill("[data-key=setting-levels]", "1")
    page.keyboard.press("Tab")
    page.wait_for_selector("text=The settings have changed")
    page.fill("[data-key=setting-levels]", "5")
    page.keyboard.press("Tab")
    page.wait_for_selector("text=Done: play it")
    # The others' settings are still there, and are not sent with this engine.
    page.check("[data-key=carrier-mesh]")
    page.wait_for_selector("[data-key=setting-gaze]")
    assert page.is_checked("[data-key=setting-gaze]")
    page.click("[data-action=export-dialog]")
    kinds = page.locator("dialog select option").evaluate_all(
        "each => each.map((one) => one.value)"
    )
    assert "csv" not in kinds and "mkv" in kinds
    page.keyboard.press("Escape")
    page.check("[data-key=carrier-tint]")
    studio.export("csv", "table")


def test_a_sheet_has_its_engine_s_settings(tinted: StudioPage, tmp_path: Path) -> None:
    page = tinted.page
    page.click("[data-action=sheet-dialog]")
    page.wait_for_selector("dialog tbody tr")
    assert settings(page, "sheet-setting") == {"shading": True}
    page.select_option("[data-key=sheet-engine]", "tint")
    page.wait_for_selector("[data-key=sheet-setting-levels]")
    page.fill("[data-key=sheet-setting-levels]", "-2")
    page.keyboard.press("Tab")
    page.wait_for_selector("dialog >> text=got “-2”")
    page.fill("[data-key=sheet-setting-levels]", "2")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.key") == "sheet-setting-channel"
    page.wait_for_selector("[data-action=make-sheet]:enabled")
    page.click("[data-action=make-sheet]")
    page.wait_for_selector("dialog >> text=Ready: 1 made")
    (clip,) = (tmp_path / "studio" / "stimuli").rglob("*.mp4")
    made = frames_of(clip)
    assert 2 < np.median(made - made[0], axis=(1, 2, 3)).max() < 10
    # Remembered with the sheet.
    page.keyboard.press("Escape")
    page.click("[data-action=sheet-dialog]")
    page.wait_for_selector("dialog tbody tr")
    assert page.input_value("[data-key=sheet-engine]") == "tint"
    assert page.input_value("[data-key=sheet-setting-levels]") == "2"


def test_settings_in_chinese(smiling: StudioPage) -> None:
    page = smiling.page
    page.select_option("select.language", "zh-Hans")
    for name, spec in BUILT_IN.items():
        if "generate" not in spec.tasks or page.is_disabled(f"[data-key=engine-{name}]"):
            continue
        page.check(f"[data-key=engine-{name}]")
        key = next(
            each.name
            for each in spec.settings.described()
            if each.kind != "path" and not each.advanced
        )
        page.wait_for_selector(f"[data-key=setting-{key}]")
        section = page.locator("section", has=page.locator(f"[data-key=engine-{name}]"))
        text = section.inner_text()
        for engine in BUILT_IN:
            text = text.replace(engine, "").replace(engine.upper(), "")
        text = text.replace("Zhou 等", "")  # the authors of ULME-GAN
        assert not re.search("[A-Za-z]{3}", text), text
        titles = section.locator("[title]").evaluate_all("each => each.map(({title}) => title)")
        assert titles and not [title for title in titles if re.search("[A-Za-z]{4}", title)]
