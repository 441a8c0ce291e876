"""The picture's place in a real browser: the face fills it, and is zoomed, compared and never covered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mien.io.images import read_image, write_png
from tests.studio.browser import StudioPage, differ, need_browser

need_browser()

SIZES = [(1366, 768), (1920, 1080)]
IN_VIEW = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  .map((each) => {
    const {left, top, right, bottom} = each.getBoundingClientRect();
    const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
        && Boolean(seen && (each.contains(seen) || seen.contains(each)));
})"""


@pytest.fixture
def far(small_face: np.ndarray, tmp_path: Path) -> Path:
    """A photograph of 900 x 700 px in which the face is a sixth of the width."""
    photo = np.full((700, 900, 3), 190, np.uint8)
    photo[200:392, 500:660] = small_face[..., :3]
    write_png(tmp_path / "far.png", photo)
    return tmp_path / "far.png"


def open_at(studio: StudioPage, size: tuple[int, int], portrait: Path) -> list[float]:
    """Drop a portrait at a size of the window; the face's box in it, px."""
    studio.page.set_viewport_size({"width": size[0], "height": size[1]})
    with studio.page.expect_response("**/api/portraits?**") as answer:
        studio.drop_portrait(portrait)
    return answer.value.json()["faces"][0]["box_px"]


def shown(page: Any, box: list[float], portrait_px: int) -> dict[str, float]:
    """Where a box of the portrait is on the screen, and where the place of the picture is."""
    canvas, place = page.evaluate(
        """() => ["canvas.picture", ".pane:last-child .pane-view"].map((each) => {
            const {left, top, width, height} = document.querySelector(each).getBoundingClientRect();
            return {left, top, width, height};
        })"""
    )
    scale = canvas["width"] / portrait_px
    left, top, right, bottom = box
    return {
        "scale": scale,
        "height": (bottom - top) * scale,
        "above": canvas["top"] + top * scale - place["top"],
        "below": place["top"] + place["height"] - canvas["top"] - bottom * scale,
        "left": canvas["left"] + left * scale - place["left"],
        "right": place["left"] + place["width"] - canvas["left"] - right * scale,
    }


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES)
def test_face_lanes_and_numbers_are_in_view_together(
    studio_page: StudioPage, far: Path, size: tuple[int, int], language: str
) -> None:
    page = studio_page.page
    page.select_option("select.language", language)
    box = open_at(studio_page, size, far)
    page.click("[data-preset=anger]")
    studio_page.wait_for(studio_page.lanes, lambda lanes: len(lanes) == 4)
    studio_page.settled()
    face = shown(page, box, 900)
    assert face["height"] >= 350, face
    assert min(face["above"], face["below"], face["left"], face["right"]) >= 0, face
    for what, count in (
        (".lanes .lane", 4),
        (".lanes .handle:not(.course)", 20),
        (".numbers input", 11),
        (".numbers select", 2),
        (".ruler", 1),
    ):
        seen = page.evaluate(IN_VIEW, what)
        assert len(seen) == count and (all(seen) or what == ".lanes .handle:not(.course)"), what
    scrolls = "(box) => box.scrollHeight - box.clientHeight"
    assert page.locator(".lanes-box").evaluate(scrolls) <= 0
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    foot = page.locator(".foot").bounding_box()
    assert (
        foot["y"]
        >= page.locator("main").bounding_box()["y"]
        + page.locator("main").bounding_box()["height"]
        - 1
    )
    lane = page.locator(".lanes .lane >> nth=0").bounding_box()
    assert lane["height"] >= (120 if size[1] >= 1080 else 48)


@pytest.mark.parametrize("size", [(683, 384), (800, 600), (800, 1000)])
def test_at_200_percent_and_where_it_is_narrow_picture_and_lanes_are_in_view(
    studio_page: StudioPage, far: Path, size: tuple[int, int]
) -> None:
    page = studio_page.page
    box = open_at(studio_page, size, far)
    page.locator("[data-preset=anger]").click()
    studio_page.wait_for(studio_page.lanes, lambda lanes: len(lanes) == 4)
    page.evaluate("document.querySelector('.work-place').scrollTop = 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for what in (
        ".ruler",
        ".lanes .lane:nth-child(1)",
        ".lanes .lane:nth-child(2)",
        ".stage .round",
    ):
        assert page.evaluate(IN_VIEW, what) == [True], what
    face = shown(page, box, 900)
    assert face["height"] >= 90 and min(face["above"], face["below"]) >= 0, face


def test_the_bar_between_picture_and_timeline_is_moved_and_remembered(smiling: StudioPage) -> None:
    page = smiling.page
    bar = page.locator(".splitter")

    def width() -> float:
        return page.locator(".stage").bounding_box()["width"]

    before = width()
    box = bar.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 155, box["y"] + 120, steps=4)
    page.mouse.up()
    assert width() == pytest.approx(before + 150, abs=3)
    assert page.evaluate("document.activeElement.className") == "splitter"
    page.keyboard.press("ArrowLeft")
    narrower = width()
    assert narrower < before + 150
    assert int(bar.get_attribute("aria-valuenow")) == pytest.approx(100 * narrower / 1260, abs=2)
    smiling.open()
    assert page.locator(".stage").bounding_box()["width"] == pytest.approx(narrower, abs=1)
    page.locator(".splitter").press("Home")
    assert page.locator(".splitter").get_attribute("aria-valuenow") == "20"
    page.locator(".splitter").dblclick()
    assert width() == pytest.approx(before, abs=1)


def test_zoom_by_keys_wheel_and_buttons(studio_page: StudioPage, far: Path) -> None:
    page = studio_page.page
    box = open_at(studio_page, SIZES[0], far)
    fitted = shown(page, box, 900)["scale"]
    page.mouse.click(5, 300)
    page.keyboard.press("+")
    assert shown(page, box, 900)["scale"] == pytest.approx(1.25 * fitted, rel=1e-3)
    assert page.get_attribute("[data-look=face]", "aria-pressed") == "false"
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert shown(page, box, 900)["scale"] == pytest.approx(fitted / 1.25, rel=1e-3)
    page.keyboard.press("0")
    assert shown(page, box, 900)["scale"] == pytest.approx(fitted, rel=1e-3)
    page.click("[data-look=actual]")
    assert shown(page, box, 900)["scale"] == pytest.approx(1, rel=1e-3)
    # Out, as far as all of the photograph is seen; no further.
    for _ in range(12):
        page.click("[data-look=zoomOut]")
    whole = shown(page, [0, 0, 900, 700], 900)
    assert min(whole["above"], whole["left"], whole["below"], whole["right"]) >= -0.5
    assert min(whole["above"], whole["left"]) < 1
    page.click("[data-look=face]")

    # The wheel keeps what is under the pointer where it is; a pinch is a wheel with Ctrl.
    place = page.locator(".pane-view >> nth=1").bounding_box()
    x, y = place["x"] + 120, place["y"] + 200

    def under() -> tuple[float, float]:
        canvas = page.locator("canvas.picture").bounding_box()
        scale = canvas["width"] / 900
        return (x - canvas["x"]) / scale, (y - canvas["y"]) / scale

    page.mouse.move(x, y)
    before = under()
    for key, turn in ((None, -200), ("Control", -60)):
        scale = shown(page, box, 900)["scale"]
        if key:
            page.keyboard.down(key)
        page.mouse.wheel(0, turn)
        if key:
            page.keyboard.up(key)
        studio_page.wait_for(
            lambda scale=scale: shown(page, box, 900)["scale"],
            lambda now, scale=scale: now > 1.2 * scale,
        )
        assert under() == pytest.approx(before, abs=0.6)
    # What is held moves along, by mouse and by keys.
    page.mouse.down()
    page.mouse.move(x + 40, y + 25, steps=3)
    page.mouse.up()
    x, y = x + 40, y + 25
    assert under() == pytest.approx(before, abs=0.6)
    page.keyboard.press("Shift+ArrowRight")
    x -= 40
    assert under() == pytest.approx(before, abs=0.6)


def test_zoom_by_two_fingers(studio_page: StudioPage, far: Path) -> None:
    page = studio_page.page
    box = open_at(studio_page, SIZES[0], far)
    place = page.locator(".pane-view >> nth=1").bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, apart: float) -> None:
        points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": points if kind != "touchEnd" else []},
        )

    before = shown(page, box, 900)["scale"]
    fingers("touchStart", 40)
    for apart in (50, 65, 80):
        fingers("touchMove", apart)
    fingers("touchEnd", 0)
    assert shown(page, box, 900)["scale"] == pytest.approx(2 * before, rel=0.05)


def test_what_is_zoomed_is_rendered_as_sharp_as_the_screen(
    studio_page: StudioPage, small_face: np.ndarray, tmp_path: Path
) -> None:
    large = cv2.resize(small_face[..., :3], (1600, 1920), interpolation=cv2.INTER_CUBIC)
    write_png(tmp_path / "large.png", np.asarray(large, np.uint8))
    page = studio_page.page
    studio_page.drop_portrait(tmp_path / "large.png")
    assert max(studio_page.settled().shape) <= 1024
    page.click("[data-look=actual]")
    studio_page.wait_for_picture(lambda seen: max(seen.shape) > 1600)


def test_the_whole_screen(smiling: StudioPage) -> None:
    page = smiling.page
    page.click("[data-look=full]")
    smiling.wait_for(
        lambda: page.evaluate("document.fullscreenElement?.className"), lambda name: name == "stage"
    )
    page.keyboard.press("f")
    smiling.wait_for(
        lambda: page.evaluate("document.fullscreenElement"), lambda element: element is None
    )


def test_one_key_leads_from_onset_to_apex_and_back(smiling: StudioPage) -> None:
    page = smiling.page
    frame = "document.querySelector('.ruler').ariaValueNow"
    for wanted in ("40", "10", "40"):
        page.keyboard.press("a")
        assert page.evaluate(frame) == wanted
    page.click("[data-look=flip]")
    assert page.evaluate(frame) == "10"


def test_the_apex_lies_over_the_frame_as_a_ghost(smiling: StudioPage) -> None:
    page = smiling.page
    smiling.seek(40)
    apex = smiling.settled().astype(float)
    smiling.seek(0)
    rest = smiling.settled().astype(float)
    page.keyboard.press("g")
    assert page.get_attribute("[data-look=ghost]", "aria-pressed") == "true"
    wanted = np.rint((apex + rest) / 2)
    smiling.wait_for_picture(lambda seen: differ(seen, wanted.astype(np.uint8)) < 6)
    # It follows the edit.
    page.fill("[data-field=peak]", "1")
    page.keyboard.press("Enter")
    smiling.wait_for_picture(lambda seen: differ(seen, wanted.astype(np.uint8)) > 10)
    page.locator("[data-look=ghost]").click()
    smiling.wait_for_picture(lambda seen: np.array_equal(seen, rest))


def test_two_versions_beside_each_other(smiling: StudioPage) -> None:
    page = smiling.page
    smiling.seek(40)
    strong = smiling.settled()
    page.fill("[data-field=peak]", "1")
    page.keyboard.press("Enter")
    weak = smiling.settled()
    smiling.page.locator(".ruler").press("5")
    both = smiling.wait_for_picture(
        lambda seen: seen.shape[1] == 328 and differ(seen[:, :160], strong) < 1
    )
    assert np.array_equal(both[:, 168:], weak)
    assert page.locator(".caption").all_inner_texts() == ["Before", "Now"]
    # What is edited now changes; the version before stays, until another is pinned.
    page.fill("[data-field=peak]", "3")
    page.keyboard.press("Enter")
    smiling.wait_for_picture(
        lambda seen: differ(seen[:, 168:], weak) > 10 and differ(seen[:, :160], strong) < 1
    )
    page.click("[data-look=pin]")
    smiling.wait_for_picture(lambda seen: np.array_equal(seen[:, :160], seen[:, 168:]))


def test_no_highlight_over_what_is_judged(smiling: StudioPage) -> None:
    page = smiling.page
    smiling.seek(40)
    page.mouse.move(5, 5)
    still = smiling.settled()
    page.hover("[data-au=AU12]")
    smiling.wait_for_picture(lambda seen: differ(seen, still) > 15)
    # Clicked, it is off: the new lane's movement is to be seen.
    page.click("[data-au=AU12]")
    smiling.wait_for_picture(lambda seen: differ(seen, still) < 2)
    # Nor while a handle is dragged over the action units, or moved by keys with the mouse on a lane's name.
    handle = smiling.handle("offset").bounding_box()
    page.mouse.move(handle["x"] + 6, handle["y"] + 6)
    page.mouse.down()
    page.hover("[data-au=AU1]")
    dragged = smiling.settled()
    page.mouse.up()
    page.mouse.move(5, 5)
    page.mouse.move(5, 8)
    bare = smiling.settled()
    assert (
        differ(bare, dragged) < 25
    )  # a part and the whole, each as a JPEG; a highlight differs by 80
    smiling.handle("offset").focus()
    page.hover(".lane-head >> nth=0")
    assert np.array_equal(smiling.settled(), bare)
    # Nor in the difference.
    page.click("[data-view=difference]")
    grey = smiling.settled()
    page.hover("[data-au=AU12]")
    page.wait_for_timeout(100)
    assert np.array_equal(smiling.settled(), grey)


def test_the_face_file_itself_is_what_the_first_picture_shows(
    studio_page: StudioPage, face_file: Path
) -> None:
    studio_page.drop_portrait(face_file)
    assert differ(studio_page.settled(), read_image(face_file)) < 30


def test_only_what_is_seen_is_asked_for_while_something_is_dragged(
    studio_page: StudioPage, far: Path
) -> None:
    page = studio_page.page
    open_at(studio_page, SIZES[0], far)
    page.click("[data-au=AU12]")
    page.mouse.move(5, 5)
    before = studio_page.settled()
    windows: list[list[int] | None] = []
    page.on(
        "request",
        lambda sent: (
            sent.url.endswith("/preview/frame") and windows.append(sent.post_data_json["window_px"])
        ),
    )
    handle = studio_page.handle("peak").bounding_box()
    x, y = handle["x"] + 9, handle["y"] + 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 50, steps=4)
    dragged = studio_page.settled().copy()
    assert windows and all(windows)
    left, top, right, bottom = windows[-1]
    assert (right - left) * (bottom - top) < 0.4 * dragged.shape[0] * dragged.shape[1]
    seen = (slice(top, bottom), slice(left, right))
    assert differ(dragged[seen], before[seen]) > 20
    dragged[seen] = before[seen]
    assert np.array_equal(dragged, before)
    page.mouse.up()
    studio_page.settled()
    assert windows[-1] is None
