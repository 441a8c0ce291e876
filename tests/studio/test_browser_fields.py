"""Fields in a real browser: what is typed is taken over, and the focus stays where its user put it."""

from __future__ import annotations

from pathlib import Path

from tests.studio.browser import StudioPage, need_browser

need_browser()

FOCUS = "document.activeElement.dataset.field ?? document.activeElement.tagName"


def test_from_one_field_to_the_next(smiling: StudioPage) -> None:
    page = smiling.page
    fields = {name: page.locator(f"[data-field={name}]") for name in ("onset", "apexStart", "peak")}
    fields["onset"].fill("60")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS) == "apexStart"
    page.keyboard.type("180")
    fields["peak"].click()
    assert page.evaluate(FOCUS) == "peak"
    fields["peak"].select_text()
    page.keyboard.type("3.2")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS) == "peak"
    assert [smiling.value(name) for name in fields] == [60, 180, 3.2]
    assert (
        page.get_attribute("[data-view=result]", "aria-pressed") == "true"
    )  # no key was a shortcut


def test_what_is_typed_is_of_the_lane_it_was_typed_for(smiling: StudioPage) -> None:
    page = smiling.page
    page.click("[data-au=AU4]")
    page.fill("[data-field=peak]", "1.5")
    page.click(".lane-head >> nth=0")
    assert [smiling.value("peak", lane) for lane in (0, 1)] == [5, 1.5]
    assert page.input_value("[data-field=peak]") == "5"


def test_choices_by_arrow_keys(smiling: StudioPage) -> None:
    page = smiling.page
    for choice, wanted in ((".lane-head select", "right"), ("[data-field=shape]", "linear")):
        page.locator(choice).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.input_value(choice) == wanted
        assert page.evaluate("document.activeElement.tagName") == "SELECT"
    assert smiling.lanes()[0][:2] == ["AU12", "right"]


def test_space_plays_and_presses_no_button_again(smiling: StudioPage) -> None:
    page = smiling.page
    page.click("[data-preset=happiness]")
    smiling.wait_for(smiling.lanes, lambda seen: len(seen) > 1)
    preset = smiling.lanes()

    def space_plays() -> None:
        page.keyboard.press("Space")
        page.wait_for_selector('.player [aria-label="Pause"]')
        page.keyboard.press("Space")
        page.wait_for_selector('.player [aria-label="Play"]')

    space_plays()
    assert smiling.lanes() == preset
    # From the keyboard a button is pressed as ever, and keeps the focus until a handle is dragged.
    page.locator("[data-au=AU4]").focus()
    page.keyboard.press("Space")
    assert len(smiling.lanes()) == len(preset) + 1
    assert page.evaluate("document.activeElement.dataset.au") == "AU4"
    smiling.drag("offset", (30, 0))
    dragged = smiling.lanes()
    assert dragged[0] != preset[0]
    assert page.evaluate("document.activeElement.dataset.handle") == "offset"
    space_plays()
    assert smiling.lanes() == dragged


def test_space_does_not_open_a_dialog_again(smiling: StudioPage) -> None:
    page = smiling.page
    for opener in ("export", "save", "open", "sheet"):
        page.click(f"[data-action={opener}-dialog]")
        page.wait_for_selector("dialog[open]")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        page.keyboard.press("Space")
        page.wait_for_selector('.player [aria-label="Pause"]')
        page.keyboard.press("Space")
        page.wait_for_selector('.player [aria-label="Play"]')
        assert not page.locator("dialog").count()
    # Who opened it by a key goes on from there.
    page.locator("[data-action=export-dialog]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.dataset.action") == "export-dialog"


def test_what_is_typed_stays_when_a_handle_is_dragged_next(smiling: StudioPage) -> None:
    smiling.page.fill("[data-field=peak]", "2")
    smiling.drag("offset", (30, 0))
    assert smiling.value("peak") == 2 and smiling.value("offset") > 400


def test_frame_rates_as_people_type_them(smiling: StudioPage) -> None:
    page = smiling.page
    rate = page.locator(".timeline-bar input[type=text]")
    for typed, taken in (("29,97", "29.97"), (" 30000/1001 ", "30000/1001"), ("10000", "10000")):
        rate.fill(typed)
        rate.press("Enter")
        assert rate.input_value() == taken and smiling.field_error() == ""
        assert rate.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    for typed in ("100000", "0", "fast", "", "5/0"):
        rate.fill(typed)
        rate.press("Enter")
        assert rate.input_value() == "10000"
        assert "at most 10000, such as 200, 29.97" in smiling.field_error()


def test_numbers_may_have_a_comma_and_what_is_out_of_range_is_said(smiling: StudioPage) -> None:
    page = smiling.page

    def enter(name: str, text: str) -> str:
        page.locator(f"[data-field={name}]").select_text()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        return page.input_value(f"[data-field={name}]")

    assert enter("peak", "2,5") == "2.5" and smiling.value("peak") == 2.5
    for level, intensity in (("B", 2), ("e", 5), ("0", 0)):
        assert float(enter("peak", level)) == smiling.value("peak") == intensity
    assert enter("peak", "2,5") == "2.5" and smiling.field_error() == ""
    # Times lie on frames, and a person is told of the difference.
    assert enter("onset", " 60") == "60" and smiling.field_error() == ""
    assert enter("onset", "61,5") == "60"
    assert (
        "61,5 ms lies between two frames. The nearest frame, at 60 ms, was taken"
        in smiling.field_error()
    )
    for name, text, stays in (
        ("onset", "-5", "60"),
        ("onset", "500", "60"),
        ("offset", "5000", "400"),
        ("apexEnd", "190", "240"),
        ("peak", "7", "2.5"),
        ("peak", "F", "2.5"),
        ("offset", "70000", "400"),
        ("apexStart", "soon", "200"),
        ("peak", "much", "2.5"),
    ):
        before = smiling.lanes()
        assert enter(name, text) == stays and smiling.lanes() == before
        assert f"got “{text}”" in smiling.field_error()
        assert page.get_attribute(f"[data-field={name}]", "aria-invalid") == "true"
        box = page.locator(".field-error").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] > 0
    assert page.input_value("[data-whole=duration]") == "340"
    page.locator("[data-field=peak]").press("ArrowUp")
    assert smiling.value("peak") == 2.6 and smiling.field_error() == ""


def test_a_time_out_of_its_range_is_told_what_bounds_it(smiling: StudioPage) -> None:
    page = smiling.page

    def refusal(name: str) -> str:
        page.fill(f"[data-field={name}]", "9000")
        page.keyboard.press("Enter")
        return smiling.field_error()

    assert "to 240 ms, between the onset and the end of the apex, got “9000”" in refusal(
        "apexStart"
    )
    assert "to 200 ms, from the start of the clip to the start of the apex" in refusal("onset")
    assert "200 to 400 ms, between the start of the apex and the offset" in refusal("apexEnd")
    assert "between the end of the apex and the end of the clip" in refusal("offset")
    page.select_option("select.language", "zh-Hans")
    assert "毫秒（在起始与峰值结束之间）：未采用“9000”" in refusal("apexStart")


def test_a_new_frame_rate_says_how_far_it_moves_times(smiling: StudioPage) -> None:
    page = smiling.page
    rate = page.locator(".timeline-bar input[type=text]")

    def put(fps: str) -> None:
        rate.fill(fps)
        rate.press("Enter")

    put("60")
    smiling.wait_for(smiling.notice, lambda said: "by at most 6.7 ms" in said)
    assert page.input_value("[data-field=apexEnd]") == "233.3"  # it was 240
    put("120")  # each frame of 60 Hz is one of 120 Hz
    assert "Times were moved" not in smiling.notice()


def test_numbers_of_five_digits_fit(smiling: StudioPage) -> None:
    page = smiling.page
    page.set_viewport_size({"width": 1440, "height": 900})
    narrow = page.evaluate(
        """() => [...document.querySelectorAll(".fields .number")].filter((box) => {
            const style = getComputedStyle(box);
            const brush = document.createElement("canvas").getContext("2d");
            brush.font = style.font;
            const buttons = box.type === "number" ? 16 : 0;
            const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - buttons;
            return brush.measureText("12345.6").width > room;
        }).map((box) => `${box.dataset.field ?? box.type} ${box.clientWidth}`)"""
    )
    assert not narrow


def test_the_playhead_stands_on_a_frame_at_any_rate(smiling: StudioPage) -> None:
    page = smiling.page
    smiling.seek(41)  # 205 ms
    rate = page.locator(".timeline-bar input[type=text]")
    rate.fill("30")
    rate.press("Enter")
    x = float(page.get_attribute(".ruler .playhead", "x1"))
    width = page.evaluate("document.querySelector('.ruler').clientWidth")
    assert abs(x / width * 0.6 - 6 / 30) < 1e-3
    assert page.get_attribute(".ruler", "aria-valuetext") == "200 ms, frame 7"


def test_what_is_emptied_is_as_before(smiling: StudioPage) -> None:
    for name, value in (("peak", "5"), ("onset", "50")):
        smiling.page.fill(f"[data-field={name}]", "")
        smiling.page.keyboard.press("Enter")
        assert smiling.page.input_value(f"[data-field={name}]") == value
        assert smiling.value(name) == float(value)


def test_handles_that_lie_on_each_other_are_dragged_either_way(smiling: StudioPage) -> None:
    page = smiling.page
    page.fill("[data-field=apexEnd]", "200")
    page.keyboard.press("Enter")
    corners = ("onset", "apexStart", "apexEnd", "offset")

    def times() -> list[float]:
        return [smiling.value(name) for name in corners]

    assert times() == [50, 200, 200, 400]
    smiling.drag("apexEnd", (-60, 0))
    left = times()
    assert left[1] < 200 and [left[0], *left[2:]] == [50, 200, 400]
    page.click("[data-tool=undo]")
    smiling.drag("apexEnd", (60, 0))
    right = times()
    assert right[2] > 200 and [*right[:2], right[3]] == [50, 200, 400]


def test_the_peak_is_dragged_where_the_apex_is_one_moment(smiling: StudioPage) -> None:
    page = smiling.page
    page.fill("[data-field=apexEnd]", "200")
    page.keyboard.press("Enter")
    before = smiling.lanes()[0]
    smiling.drag("peak", (0, 12))
    assert 2 < smiling.value("peak") < 4.5
    after = smiling.lanes()[0]
    assert [one for one, other in zip(before, after, strict=True) if one != other] == [before[3]]
    # By Tab it comes where it came before: after the course, before the corners.
    smiling.handle("body").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.handle") == "peak"


def test_a_seed_that_is_none_is_refused_with_its_limits(smiling: StudioPage) -> None:
    page = smiling.page
    lanes = smiling.lanes()
    for typed in ("-4", "2.5", "1e20"):
        page.fill("[data-field=seed]", typed)
        page.keyboard.press("Enter")
        assert "whole number from 0 to" in smiling.field_error()
        assert page.input_value("[data-field=seed]") == typed and smiling.lanes() == lanes
    page.fill("[data-field=seed]", "9007199254740991")
    page.keyboard.press("Enter")
    smiling.wait_for(smiling.lanes, lambda seen: seen != lanes)
    assert smiling.field_error() == ""


def test_a_refusal_stays_when_the_portrait_gets_ready(
    studio_page: StudioPage, face_file: Path
) -> None:
    page = studio_page.page
    held = []
    page.route("**/api/preview/warm", lambda route: held.append(route))
    studio_page.drop_portrait(face_file)
    studio_page.wait_for(lambda: held, bool)
    page.fill("[data-key=gain]", "-4")
    page.keyboard.press("Enter")
    assert "number from 0 to 100" in studio_page.notice()
    held[0].continue_()
    studio_page.wait_for(lambda: studio_page.waiting, lambda waiting: waiting == 0)
    page.wait_for_timeout(50)
    assert "number from 0 to 100" in studio_page.notice()


def test_a_portrait_that_is_ready_is_named(studio_page: StudioPage, face_file: Path) -> None:
    studio_page.drop_portrait(face_file)
    studio_page.wait_for(studio_page.notice, lambda said: said == f"{face_file.name} is ready.")
