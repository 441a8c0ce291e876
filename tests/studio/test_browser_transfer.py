"""The transfer tab in a real browser: a small clip's lanes edited, and its motion carried whole."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.cli.main import main
from mien.io.clips import open_clip
from mien.io.images import read_image, write_png
from mien.io.sinks import open_sink
from tests.studio.browser import StudioPage, differ, need_browser

need_browser()

APEX_FRAME = 8


def frames_of(path: Path) -> list[np.ndarray]:
    return [frame for _, frame in open_clip(path)]


def smile(face: Path, out: Path, *, tail_seconds: float = 0.04) -> Path:
    """A clip of a face that smiles, its apex in frame `APEX_FRAME`; 50 frames a second."""
    command = ["generate", str(face), "--au", "AU12=4@0.04-0.16-0.2-0.32", "--fps", "50"]
    assert main([*command, "--tail", str(tail_seconds), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def driver(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return smile(face_file, tmp_path_factory.mktemp("driver") / "driver.mkv")


@pytest.fixture(scope="module")
def mirrored(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait that is not the driver."""
    path = tmp_path_factory.mktemp("other") / "other.png"
    write_png(path, np.ascontiguousarray(read_image(face_file)[:, ::-1]))
    return path


@pytest.fixture
def driven(studio_page: StudioPage, driver: Path, mirrored: Path) -> StudioPage:
    """The page with a driver that was measured and fitted to another face."""
    studio_page.drop(driver)
    studio_page.page.wait_for_selector("[data-lane]")
    studio_page.drop(mirrored)
    studio_page.page.wait_for_selector(".portrait-section img")
    studio_page.settled()
    return studio_page


def at_frame(studio: StudioPage, frame: int) -> np.ndarray:
    """What is shown at a frame, from 0."""
    studio.seek(frame)
    return studio.settled()


def halves(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Driver and result out of the view that shows both."""
    assert picture.shape == (192, 328, 3)
    return picture[:, :160], picture[:, 168:]


def carry_whole(studio: StudioPage) -> None:
    studio.page.check("[data-key=way-whole]")
    studio.page.click("[data-action=transfer]")
    studio.page.wait_for_selector("text=Done: play it")


def test_lanes_are_measured_edited_and_exported(
    driven: StudioPage, mirrored: Path, tmp_path: Path
) -> None:
    studio, page = driven, driven.page
    assert page.get_attribute("[data-tab=transfer]", "aria-selected") == "true"
    lanes = {(lane[0], lane[1]): lane[2:] for lane in studio.lanes()}
    assert {("AU12", "left"), ("AU12", "right")} <= lanes.keys()
    assert page.locator(".ruler .spotted").count() == 3  # onset, apex, offset
    number = [lane[:2] for lane in studio.lanes()].index(["AU12", "left"])
    assert 20 <= studio.value("onset", number) <= 120
    assert 120 <= studio.value("apexStart", number) <= 200
    assert 1.5 < studio.value("peak", number) <= 5

    # Driver and result stand side by side, in time.
    still_driver, still_result = halves(at_frame(studio, 0))
    assert differ(still_result, read_image(mirrored)) < 30
    driver, result = halves(at_frame(studio, APEX_FRAME))
    assert differ(driver, still_driver) > 30 and differ(result, still_result) > 30
    moved = np.abs(result.astype(int) - still_result).max(-1) > 30
    assert moved[75:].sum() > 5 * moved[:75].sum()  # the mouth, not the brows

    studio.handle("peak", number).focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    edited = halves(studio.settled())
    assert np.array_equal(edited[0], driver)  # the film stays what it is
    assert differ(edited[1], result) > 15
    for _ in range(4):
        page.click("[data-tool=undo]")
    assert np.array_equal(halves(studio.settled())[1], result)
    for _ in range(4):
        page.keyboard.press("Control+y")
    studio.export("mkv", "edited")
    made = frames_of(tmp_path / "studio" / "exports" / "edited.mkv")
    assert len(made) == len(frames_of(next((tmp_path / "studio" / "clips").iterdir())))
    assert np.array_equal(made[0], read_image(mirrored))
    assert differ(made[APEX_FRAME], edited[1]) < 30


def test_motion_carried_whole_is_that_of_the_command_line(
    driven: StudioPage, driver: Path, mirrored: Path, tmp_path: Path
) -> None:
    studio, page = driven, driven.page
    carry_whole(studio)
    still = halves(at_frame(studio, 0))
    driver_there, result = halves(at_frame(studio, APEX_FRAME))
    assert differ(driver_there, still[0]) > 30 and differ(result, still[1]) > 30
    studio.export("mkv", "whole")
    exports = tmp_path / "studio" / "exports"
    made = frames_of(exports / "whole.mkv")
    wanted = tmp_path / "wanted.mkv"
    assert main(["transfer", str(driver), str(mirrored), "--out", str(wanted)]) == 0
    assert np.array_equal(made, frames_of(wanted))
    assert differ(made[APEX_FRAME], result) < 30
    # What moved, magnified: mid-grey where nothing did.
    page.click("[data-view=difference]")
    changed = studio.wait_for_picture(lambda seen: np.median(np.abs(seen.astype(int) - 128)) <= 2)
    assert changed.shape[1] == 160 and np.ptp(changed) > 60
    page.select_option(".magnify", "32")
    studio.wait_for_picture(lambda seen: np.abs(seen.astype(int) - changed).max() > 60)
    studio.seek(0)
    studio.wait_for_picture(lambda seen: np.ptp(seen) <= 10)
    # And arrows, over the result: none while nothing moves.
    page.click("[data-view=result]")
    resting = studio.wait_for_picture(lambda seen: np.ptp(seen) > 60)
    page.click("[data-view=arrows]")
    studio.wait_for_picture(lambda seen: np.array_equal(seen, resting))
    studio.seek(APEX_FRAME)
    studio.wait_for_picture(lambda seen: (seen[..., :3] == (0, 229, 168)).all(-1).sum() > 20)
    page.click("[data-view=side]")
    # It plays, both together, and by itself from the keyboard.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    seen = set()
    asked = "document.querySelector('.ruler').getAttribute('aria-valuenow')"
    studio.wait_for(lambda: seen.add(page.evaluate(asked)) or len(seen), lambda n: n > 5)
    page.keyboard.press("Space")

    # What is asked for changes: the result says that it is of before.
    page.fill("[data-key=whole-strength]", "0.5")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.key") == "blinks"
    page.wait_for_selector("text=The settings have changed")

    # Saved, and opened another day: on the same tab, with the same settings, to the same pixels.
    page.fill("[data-key=whole-strength]", "1")
    page.check("[data-key=carrier-rig]")
    # Re-encoding begins as for lanes: with what leaves out nothing, however brief it is.
    page.select_option("[data-key=whole-recode]", "smooth")
    assert page.input_value("[data-key=whole-threshold]") == "0"
    page.select_option("[data-key=whole-recode]", "")
    modes = page.locator("[data-key=whole-recode] option").all_inner_texts()
    assert modes[0] == "Off" and len({mode.lower() for mode in modes}) == len(modes)
    studio.export("project", "whole")
    studio.open()
    page.click("[data-action=open-dialog]")
    page.set_input_files("dialog input[type=file]", str(exports / "whole.json"))
    page.wait_for_selector("dialog", state="detached")
    assert page.get_attribute("[data-tab=transfer]", "aria-selected") == "true"
    assert page.is_checked("[data-key=carrier-rig]") and page.is_checked("[data-key=way-whole]")
    assert page.inner_text(".file-name") == "driver.mkv"
    page.check("[data-key=carrier-mesh]")
    studio.export("mkv", "again")
    assert np.array_equal(frames_of(exports / "again.mkv"), made)


def test_curves_before_and_after_re_encoding(driven: StudioPage) -> None:
    studio, page = driven, driven.page
    names = [lane[:2] for lane in studio.lanes()]
    number = names.index(["AU12", "left"])
    curve = f".lanes .lane >> nth={number} >> polyline"

    def points(which: str) -> np.ndarray:
        text = page.get_attribute(f"{curve}.{which}", "points")
        return np.array([pair.split(",") for pair in text.split()], float)

    before = points("before")
    page.select_option("[data-key=recode]", "linear")
    page.wait_for_selector("text=Straight from the first frame")
    studio.settled()
    after = points("after")
    assert np.array_equal(points("before"), before) and after.shape == before.shape
    apex = int(after[:, 1].argmin())  # y grows downwards
    assert abs(apex - APEX_FRAME) <= 1
    assert np.abs(np.diff(after[: apex + 1, 1], 2)).max() < 0.25  # straight, to a tenth of a px
    assert np.abs(np.diff(after[apex:, 1], 2)).max() < 0.25
    assert "Kept: " in page.inner_text("[data-section=recode]")
    # One step back brings the lanes, the curves and the mode of before; forward again likewise.
    page.click("[data-tool=undo]")
    assert [lane[:2] for lane in studio.lanes()] == names
    assert page.input_value("[data-key=recode]") == "none"
    assert np.abs(points("after") - after).max() > 1
    page.keyboard.press("Control+y")
    assert page.input_value("[data-key=recode]") == "linear"
    assert np.array_equal(points("after"), after)
    page.keyboard.press("Control+z")
    # A threshold that no unit reaches is said, and takes no lanes.
    page.fill("[data-key=threshold]", "5")
    page.keyboard.press("Tab")
    studio.wait_for(studio.notice, lambda said: "threshold" in said)
    studio.wait_for(lambda: page.input_value("[data-key=threshold]"), lambda seen: seen == "0")
    assert page.input_value("[data-key=recode]") == "none"
    for typed in ("7", "-1", "much"):
        page.fill("[data-key=threshold]", typed)
        page.keyboard.press("Tab")
        assert f"Expected a number from 0 to 5, got “{typed}”" in studio.notice()
        assert page.input_value("[data-key=threshold]") == "0"
    page.fill("[data-key=strength]", "1,5")
    page.keyboard.press("Tab")
    studio.wait_for(lambda: page.input_value("[data-key=strength]"), lambda seen: seen == "1.5")
    page.wait_for_selector(".work", state="hidden")
    # What is typed while something is being fitted is taken over too.
    page.fill("[data-key=strength]", "0.5")
    page.keyboard.press("Tab")
    page.keyboard.type("100")
    page.wait_for_selector(".work", state="hidden")
    assert page.input_value("[data-key=apex]") == "100"
    page.keyboard.press("Enter")
    studio.wait_for(lambda: points("after")[:, 1].max(), lambda seen: seen > 0)
    assert page.input_value("[data-key=strength]") == "0.5"


def test_measuring_is_cancelled_and_done_again(
    studio_page: StudioPage, face_file: Path, tmp_path: Path
) -> None:
    studio, page = studio_page, studio_page.page
    studio.drop(smile(face_file, tmp_path / "long.mp4", tail_seconds=30))
    page.wait_for_selector("text=/Measuring the driver… [1-9]/")
    # It is said at once, though the frame that is looked at is done first.
    said = page.evaluate(
        """() => { const stop = document.querySelector("[data-action=cancel]"); stop.click();
            return [document.querySelector(".work-text").innerText.trim(), stop.disabled]; }"""
    )
    assert said == ["Cancelling…", True]
    page.wait_for_selector(".work", state="hidden")
    page.wait_for_selector("text=This clip is not measured")
    assert not studio.lanes() and studio.notice().strip() == "Cancelled."
    page.click("summary")
    page.fill("[data-key=cut-end_seconds]", "340")
    page.click("[data-action=measure]")
    page.wait_for_selector("[data-lane]")
    assert studio.notice().strip() == ""  # no word of what was cancelled before
    assert page.get_attribute(".ruler", "aria-valuemax") == "16"  # 340 ms of 50 a second


def test_frames_as_pictures(studio_page: StudioPage, driver: Path, tmp_path: Path) -> None:
    page = studio_page.page
    frames = frames_of(driver)
    files = [tmp_path / f"img{number}.png" for number in range(len(frames))]
    for file, frame in zip(files, frames, strict=True):
        write_png(file, frame)
    page.click("[data-tab=transfer]")
    # In the order of a plain list of names, which is not that of the numbers.
    page.set_input_files("[data-key=clip] >> nth=0", sorted(map(str, files)))
    page.fill("[data-key=frames-fps]", "50")
    page.click("[data-action=use-frames]")
    page.wait_for_selector("[data-lane]")
    (kept,) = (tmp_path / "studio" / "clips").iterdir()
    assert np.array_equal(frames_of(kept), frames)
    assert page.inner_text(".file-name") == "img.mkv"


def test_a_driver_with_two_faces_asks_for_one(
    studio_page: StudioPage, small_face: np.ndarray, face_file: Path, tmp_path: Path
) -> None:
    studio, page = studio_page, studio_page.page
    alone = frames_of(smile(face_file, tmp_path / "alone.mkv"))
    pair = tmp_path / "pair.mkv"
    with open_sink(pair, Fraction(50), width=320, height=192) as sink:
        for frame in alone:
            sink.write(np.hstack([small_face, frame]))
    studio.drop(pair)
    studio.wait_for(studio.notice, lambda said: "several faces" in said and "--" not in said)
    page.fill("[data-key=cut-face]", "2")
    page.keyboard.press("Tab")
    page.click("[data-action=measure]")
    page.wait_for_selector("[data-lane]")
    assert "AU12" in [lane[0] for lane in studio.lanes()]
    assert studio.notice().strip() == ""


def test_what_is_no_clip_is_refused_in_one_line(driven: StudioPage, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"nothing")
    lanes = driven.lanes()
    driven.drop(wrong)
    driven.wait_for(driven.notice, lambda said: "wrong.mp4" in said)
    assert "\n" not in driven.notice().strip() and driven.lanes() == lanes


def test_tabs_keep_what_is_in_them(driven: StudioPage) -> None:
    page = driven.page
    lanes = driven.lanes()
    page.click("[data-tab=design]")
    assert not driven.lanes()
    page.click("[data-au=AU4]")
    assert len(driven.lanes()) == 1
    page.locator("[data-tab=design]").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.tab") == "transfer"
    assert driven.lanes() == lanes
    page.select_option("select.language", "zh-Hans")
    assert [lane[:2] for lane in driven.lanes()] == [lane[:2] for lane in lanes]
    text = page.inner_text("body")
    assert "重新编码" in text
    assert not [word for word in ("Driver", "Re-encoding", "measured", "Engine") if word in text]


def test_edited_lanes_are_not_lost_to_another_driver(driven: StudioPage, driver: Path) -> None:
    studio, page = driven, driven.page
    measured = studio.lanes()
    studio.drop(driver)  # nothing was edited, so nothing is asked
    page.wait_for_selector("[data-lane]", state="detached")
    studio.wait_for(studio.lanes, lambda seen: seen == measured)
    studio.settled()
    studio.handle("peak").press("ArrowDown")
    edited = studio.lanes()
    assert edited != measured
    for lose in (lambda: studio.drop(driver), lambda: page.click("[data-action=measure]")):
        if not page.is_visible("[data-action=measure]"):
            page.click("summary")
        lose()
        page.click("[data-action=keep-lanes]")
        page.wait_for_selector("dialog", state="detached")
        assert studio.lanes() == edited
    studio.drop(driver)
    page.click("[data-action=replace-lanes]")
    studio.wait_for(studio.lanes, lambda seen: seen == measured)


def test_every_control_has_a_name_and_can_be_reached(driven: StudioPage) -> None:
    page = driven.page
    nameless = """() => [...document.querySelectorAll(
        "button, input, select, [tabindex], [role=slider], summary, canvas")]
        .filter((each) => each.checkVisibility() && !(each.ariaLabel || each.textContent.trim() || each.title
            || [...(each.labels ?? [])].some((label) => label.textContent.trim())))
        .map((each) => each.outerHTML)"""
    page.click("summary")
    assert page.evaluate(nameless) == []
    page.locator("[data-key=way-lanes]").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.key") == "way-whole"
    assert page.evaluate(nameless) == []
    page.locator("[data-key=carrier-mesh]").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.key") == "carrier-rig"
    page.locator("[data-action=transfer]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Done: play it")
