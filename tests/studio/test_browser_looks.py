"""What can be measured of how the page looks: nothing is cut off, all text can be read, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.cli.main import main
from mien.io.images import write_png
from tests.studio.browser import StudioPage, need_browser

need_browser()

FAINT = """() => {
    // WCAG 2: the contrast of each text with what is behind it, where that is one colour.
    const probe = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const colour = (text) => {
        probe.clearRect(0, 0, 1, 1);
        probe.fillStyle = text;
        probe.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
        return {rgb: [r, g, b], alpha: a / 255};
    };
    const over = (top, below) => below.map((each, i) => top.alpha * top.rgb[i] + (1 - top.alpha) * each);
    const behind = (element) => {
        if (!element) return [255, 255, 255];
        const own = colour(getComputedStyle(element).backgroundColor);
        return own.alpha === 1 ? own.rgb : over(own, behind(element.parentElement));
    };
    const light = (rgb) => {
        const [r, g, b] = rgb.map((each) => each / 255)
            .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = [];
    for (const element of document.body.querySelectorAll("*")) {
        const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const off = element.closest(":disabled") || !element.checkVisibility();
        const inside = !document.querySelector("dialog[open]") || element.closest("dialog");
        if (!(says || element.matches("input")) || off || !inside || element.matches("option")) continue;
        const style = getComputedStyle(element);
        const ground = behind(element);
        const ink = element.namespaceURI.endsWith("svg") ? style.fill : style.color;
        const [one, other] = [light(over(colour(ink), ground)), light(ground)];
        const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (contrast < 4.5) faint.push([element.outerHTML.slice(0, 120), contrast.toFixed(2)]);
    }
    return faint;
}"""

CUT_OFF = """() => [...document.querySelectorAll("button, label, h1, h2, select, output, .chip, p, small")]
    .filter((each) => each.checkVisibility())
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible"
        && each.clientWidth > 0
        || each.getBoundingClientRect().right > innerWidth + 1 || each.getBoundingClientRect().left < -1)
    .map((each) => each.outerHTML.slice(0, 120))"""


def look(page: Any, at: str) -> None:
    """Nothing is cut off or faint, at two widths, light and dark."""
    for width, height in ((1280, 860), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, at
        assert page.evaluate("document.documentElement.scrollHeight") <= height, f"{at}, {height}"
        assert page.evaluate(CUT_OFF) == [], f"{at}, {width}"
    for theme in ("light", "dark"):
        page.evaluate(f"() => {{ document.documentElement.dataset.theme = '{theme}'; }}")
        assert page.evaluate(FAINT) == [], f"{at}, {theme}"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_all_can_be_read(studio_page: StudioPage, face_file: Path, language: str) -> None:
    page = studio_page.page
    page.select_option("select.language", language)
    look(page, "empty")
    studio_page.drop_portrait(face_file)
    look(page, "a portrait")
    page.click("[data-preset=surprise]")
    page.wait_for_selector("[data-lane]")
    look(page, "lanes")
    page.fill(".timeline-bar input[type=number]", "2000")
    page.keyboard.press("Enter")
    page.fill("[data-field=offset]", "1700")
    page.keyboard.press("Enter")
    look(page, "longer than a micro-expression")
    for action in ("export-dialog", "save-dialog", "open-dialog", "sheet-dialog"):
        page.click(f"[data-action={action}]")
        page.wait_for_selector("dialog[open]")
        look(page, action)
        page.keyboard.press("Escape")
    page.locator("header.top button.quiet").last.click()
    page.wait_for_selector("dialog[open]")
    look(page, "help")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_two_faces_can_be_read(
    studio_page: StudioPage, small_face: np.ndarray, tmp_path: Path, language: str
) -> None:
    page = studio_page.page
    page.select_option("select.language", language)
    write_png(tmp_path / "two.png", np.hstack([small_face, small_face]))
    studio_page.drop_portrait(tmp_path / "two.png")
    look(page, "two faces")
    page.set_viewport_size({"width": 1280, "height": 860})
    assert page.eval_on_selector(".panel", "panel => panel.scrollWidth - panel.clientWidth") == 0
    page.click("[data-action=sheet-dialog]")
    page.wait_for_selector("dialog .pick select")
    look(page, "two faces in a sheet")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_all_of_the_transfer_tab_can_be_read(
    studio_page: StudioPage, face_file: Path, tmp_path: Path, language: str
) -> None:
    page = studio_page.page
    driver = tmp_path / "a driver with quite a long name, as cameras give them.mkv"
    command = ["generate", str(face_file), "--expression", "happiness", "--fps", "50"]
    assert main([*command, "--out", str(driver)]) == 0
    page.select_option("select.language", language)
    page.click("[data-tab=transfer]")
    look(page, "empty")
    studio_page.drop(driver)
    page.wait_for_selector("[data-lane]")
    look(page, "a driver")
    studio_page.drop(face_file)
    page.wait_for_selector(".portrait-section img")
    page.click("summary")
    studio_page.settled()
    look(page, "lanes")
    page.check("[data-key=way-whole]")
    look(page, "whole")
    page.click("[data-action=transfer]")
    page.wait_for_selector("[data-action=cancel]")
    look(page, "at work")
    studio_page.wait_for(lambda: page.is_visible("[data-action=cancel]"), lambda seen: not seen)
    look(page, "a result")
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"nothing")
    studio_page.drop(wrong)
    studio_page.wait_for(studio_page.notice, lambda said: "wrong.mp4" in said)
    look(page, "an error")
