"""The design tab's timeline in a real browser: lanes edited by mouse, keys and numbers, undone and redone."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studio.browser import StudioPage, differ, need_browser

need_browser()


def test_a_typed_seed_draws_its_expression_again(smiling: StudioPage) -> None:
    page = smiling.page
    page.select_option("[data-field=emotion]", "disgust")

    def draw(seed: str | None) -> tuple[str, list[list[str]]]:
        if seed is not None:
            page.fill("[data-field=seed]", seed)
        was = smiling.lanes()
        page.click("[data-action=draw]")
        lanes = smiling.wait_for(smiling.lanes, lambda seen: seen != was)
        return page.input_value("[data-field=seed]"), lanes

    first = draw("41")
    assert first[0] == "41"
    other = draw(None)
    assert other[0] != "41"
    assert draw("41") == first


def test_lanes_that_are_added_meanwhile_stay(smiling: StudioPage) -> None:
    page = smiling.page
    page.route(
        "**/api/expressions/preset", lambda route: (page.wait_for_timeout(300), route.continue_())
    )
    page.evaluate(
        """() => {
            document.querySelector("[data-preset=fear]").click();
            document.querySelector("[data-au=AU28]").click();
        }"""
    )
    lanes = smiling.wait_for(smiling.lanes, lambda seen: len(seen) > 2)
    assert lanes[-1][0] == "AU28" and "AU12" not in [lane[0] for lane in lanes]


def test_a_drag_that_the_system_cancels_ends(smiling: StudioPage) -> None:
    page = smiling.page
    handle = smiling.handle("apexStart").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=3)
    dragged = smiling.value("apexStart")
    assert dragged < 200
    page.evaluate("dispatchEvent(new PointerEvent('pointercancel'))")
    page.mouse.move(x - 90, y, steps=3)
    assert smiling.value("apexStart") == dragged
    page.mouse.up()
    page.click("[data-tool=undo]")
    assert smiling.value("apexStart") == 200  # all of the drag was one step


def test_ten_edits_undone_and_done_again(smiling: StudioPage) -> None:
    studio, page = smiling, smiling.page
    first, picture = studio.design(), studio.settled()

    def type_in(field: str, value: str) -> None:
        page.fill(f"[data-field={field}]", value)
        page.keyboard.press("Enter")

    edits = [
        lambda: studio.drag("apexStart", (-40, 0)),
        lambda: studio.drag("peak", (0, 12)),
        lambda: studio.drag("body", (30, 0)),
        lambda: type_in("onset", "15"),
        lambda: type_in("offset", "430"),
        lambda: page.select_option(".lane-head select >> nth=0", "left"),
        lambda: page.click("[data-au=AU4]"),
        lambda: studio.handle("peak", 1).press("ArrowUp"),
        lambda: studio.drag("offset", (25, 0), lane=1),
        lambda: page.fill(".timeline-bar input[type=number]", "700") or page.keyboard.press("Tab"),
    ]
    states = [first]
    for number, edit in enumerate(edits, 1):
        edit()
        states.append(studio.wait_for(studio.design, lambda seen: seen != states[-1]))
        assert len(states) == number + 1
    changed = studio.settled()
    assert differ(changed, picture) > 10
    for state in reversed(states[:-1]):
        page.click("[data-tool=undo]")
        assert studio.design() == state
    assert np.array_equal(studio.settled(), picture)
    for state in states[1:]:
        page.keyboard.press("Control+Shift+z")
        assert studio.design() == state
    assert np.array_equal(studio.settled(), changed)


def test_everything_by_keyboard(smiling: StudioPage) -> None:
    studio, page = smiling, smiling.page
    press = page.keyboard.press
    studio.handle("apexEnd").focus()
    before = studio.value("apexEnd")
    press("ArrowRight")
    assert studio.value("apexEnd") == before + 5  # a frame of 200 a second
    press("Shift+ArrowRight")
    assert studio.value("apexEnd") == before + 55
    press("Tab")
    assert page.evaluate("document.activeElement.dataset.handle") == "offset"
    press("ArrowLeft")
    assert studio.value("offset") == 395
    studio.handle("peak").focus()
    press("Shift+ArrowDown")
    press("ArrowDown")
    assert studio.value("peak") == pytest.approx(4.4)
    assert "D" in studio.handle("peak").get_attribute("aria-valuetext")
    press("Control+c")
    press("Control+v")
    assert len(studio.lanes()) == 2 and studio.lanes()[0] == studio.lanes()[1]
    press("Delete")
    assert len(studio.lanes()) == 1
    press("Control+z")
    press("Control+z")
    assert len(studio.lanes()) == 1
    press("Control+y")
    assert len(studio.lanes()) == 2
    ruler = page.locator(".ruler")
    frame = int(ruler.get_attribute("aria-valuenow"))
    for key, by in ((".", 1), (".", 2), (",", 1)):
        press(key)
        assert int(ruler.get_attribute("aria-valuenow")) == frame + by
    press("3")
    assert page.get_attribute("[data-view=difference]", "aria-pressed") == "true"
    page.evaluate("document.activeElement.blur()")
    press("Space")
    page.wait_for_selector('.player [aria-label="Pause"]')
    press("Space")
    page.wait_for_selector('.player [aria-label="Play"]')


def test_a_clip_made_shorter_shortens_its_movement_and_says_so(smiling: StudioPage) -> None:
    studio, page = smiling, smiling.page
    page.click("[data-preset=happiness]")
    studio.wait_for(studio.lanes, lambda seen: len(seen) > 1)
    corners = ("onset", "apexStart", "apexEnd", "offset")

    def times() -> np.ndarray:
        return np.array(
            [[studio.value(each, lane) for each in corners] for lane in range(len(studio.lanes()))]
        )

    before = times()
    length = page.locator(".timeline-bar input[type=number]")
    ends, was = before.max(), length.input_value()
    length.fill("250")
    length.press("Enter")
    studio.wait_for(studio.notice, lambda said: "ends at 250 ms" in said)
    assert length.input_value() == "250"
    assert np.abs(times() - before * 250 / ends).max() <= 0.51  # a label is in whole milliseconds
    # A longer clip leaves the movement alone; a preset says that it needs more room than there is.
    length.fill("300")
    length.press("Enter")
    assert times().max() == 250
    page.click("[data-preset=surprise]")
    studio.wait_for(studio.notice, lambda said: "The clip is now" in said)
    assert 300 < times().max() == float(length.input_value())
    assert f"is now {length.input_value()} ms" in studio.notice()
    for _ in range(3):
        page.click("[data-tool=undo]")
    assert np.array_equal(times(), before) and length.input_value() == was


def test_the_time_is_zoomed_where_the_wheel_turns(smiling: StudioPage) -> None:
    page = smiling.page
    ruler = page.locator(".ruler").bounding_box()

    def at(name: str) -> float:
        box = smiling.handle(name).bounding_box()
        return box["x"] + box["width"] / 2

    apex = at("apexStart")
    apart = at("apexEnd") - apex
    page.mouse.move(apex, ruler["y"] + 60)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    smiling.wait_for(lambda: at("apexEnd") - at("apexStart"), lambda now: abs(now - 2 * apart) < 1)
    assert at("apexStart") == pytest.approx(apex, abs=1)
    # A drag is as exact as it looks: half as many milliseconds for the same way.
    by = smiling.value("apexEnd")
    page.keyboard.down("Alt")
    smiling.drag("apexEnd", (20, 0))
    page.keyboard.up("Alt")
    finer = smiling.value("apexEnd") - by
    assert 0 < finer <= 0.6 * 20 * 600 / ruler["width"] + 5
    page.click("[data-tool=zoomOut]")
    assert at("apexEnd") - at("apexStart") < 1.5 * apart + 10
    assert page.is_disabled("[data-tool=zoomOut]")
    # A handle that is out of sight comes into sight when it gets the focus.
    for _ in range(4):
        page.click("[data-tool=zoomIn]")
    smiling.handle("offset").focus()
    assert ruler["x"] <= at("offset") <= ruler["x"] + ruler["width"]


def test_a_handle_holds_at_levels_and_other_lanes_and_alt_lets_go(smiling: StudioPage) -> None:
    page = smiling.page
    page.set_viewport_size({"width": 1366, "height": 768})
    page.click("[data-au=AU4]")
    page.fill("[data-field=apexEnd]", "250")
    page.keyboard.press("Enter")
    px_a_ms = page.locator(".ruler").bounding_box()["width"] / 600
    to = (250 - 240) * px_a_ms - 4  # four px short of the other lane's
    smiling.drag("apexEnd", (to, 0))
    assert smiling.value("apexEnd", 0) == 250
    page.click("[data-tool=undo]")
    smiling.page.keyboard.down("Alt")
    smiling.drag("apexEnd", (to, 0))
    smiling.page.keyboard.up("Alt")
    assert smiling.value("apexEnd", 0) == 245
    # Levels: the peak stops at 4 a little before and after it.
    level_px = (page.locator(".lane-drawing >> nth=0").bounding_box()["height"] - 16) / 5
    for off in (-0.2, 0.2):
        smiling.drag("peak", (0, level_px * (1 + off)))
        assert smiling.value("peak") == 4
        page.click("[data-tool=undo]")
    page.keyboard.down("Alt")
    smiling.drag("peak", (0, level_px * 1.2))
    page.keyboard.up("Alt")
    assert smiling.value("peak") == pytest.approx(3.8, abs=0.1)


def test_a_line_beside_the_handle_says_where_it_is(smiling: StudioPage) -> None:
    page = smiling.page
    box = smiling.handle("apexStart").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=3)
    ms = int(smiling.value("apexStart"))
    assert page.inner_text(".readout") == f"{ms} ms, frame {ms // 5 + 1}"
    near = page.locator(".readout").bounding_box()
    assert abs(near["x"] - (x - 30)) < 40 and abs(near["y"] - y) < 70
    page.mouse.up()
    assert not page.is_visible(".readout")
