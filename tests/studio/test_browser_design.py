"""The design tab in a real browser: a portrait dropped, an apex dragged, an exact clip made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.chromium import served

from mien.cli.main import main
from mien.io.clips import open_clip
from mien.io.images import read_image, write_png
from tests.studio.browser import StudioPage, differ, need_browser

need_browser()

WORDS = (
    *("Result", "Open", "Save", "Export", "Expression", "Timeline", "Duration", "Peak", "speed"),
    *("synthetic", "Lip ", "Undo", "Loop"),
)
"""English words that may not be left on the page in Chinese."""


def frames_of(path: Path) -> list[np.ndarray]:
    return [frame for _, frame in open_clip(path)]


def test_a_portrait_that_is_not_neutral_is_told(studio_page: StudioPage, face_file: Path) -> None:
    page = studio_page.page
    studio_page.drop_portrait(face_file)
    notes = page.locator(".portrait-notes")
    studio_page.wait_for(notes.inner_text, lambda said: "the face is not neutral" in said)
    page.select_option("select.language", "zh-Hans")
    studio_page.wait_for(notes.inner_text, lambda said: "这张脸不是中性表情" in said)
    assert page.eval_on_selector(".panel", "panel => panel.scrollWidth - panel.clientWidth") == 0


def test_from_a_dropped_portrait_to_the_pixels_of_the_command_line(
    studio_page: StudioPage, face_file: Path, tmp_path: Path
) -> None:
    studio, page = studio_page, studio_page.page
    studio.drop_portrait(face_file)
    portrait = studio.wait_for_picture(lambda seen: seen.shape[0] == 192)
    assert differ(portrait, read_image(face_file)) < 30  # it is a JPEG on the screen

    page.fill("[data-whole=intensity]", "E")
    page.keyboard.press("Enter")
    page.click("[data-preset=happiness]")
    studio.handle("apexStart").wait_for()
    apex = studio.wait_for_picture(lambda seen: differ(seen, portrait) > 60)
    before_ms = studio.value("apexStart")
    studio.seek(int(before_ms / 5) // 2)
    rising = studio.settled()
    assert differ(rising, apex) > 15 and differ(rising, portrait) > 5
    # The picture follows the drag, while the mouse is still down.
    handle = studio.handle("apexStart").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 70, y, steps=5)
    dragged = studio.settled()
    assert differ(dragged, rising) > 15
    page.mouse.up()
    assert studio.value("apexStart") < before_ms
    assert differ(dragged, portrait) > differ(rising, portrait)  # it is there earlier now

    exported = tmp_path / "studio" / "exports"
    assert studio.export("mkv", "smile") == "/api/exports/smile.mkv"
    assert studio.export("project", "smile").endswith("/smile.json")
    frames = frames_of(exported / "smile.mkv")
    assert np.array_equal(frames[0], read_image(face_file))
    assert main(["render", str(exported / "smile.json"), "--out", str(tmp_path / "r.mkv")]) == 0
    rendered = frames_of(tmp_path / "r.mkv")
    assert len(rendered) == len(frames) and np.array_equal(rendered, frames)

    # Another day: the project's file is opened again, and gives the same pixels.
    was = studio.design()
    page.click("[data-action=new]")
    page.wait_for_selector(".welcome")
    assert not studio.lanes()
    page.click("[data-action=open-dialog]")
    page.set_input_files("dialog input[type=file]", str(exported / "smile.json"))
    page.wait_for_selector("dialog", state="detached")
    studio.handle("apexStart").wait_for()
    assert studio.design() == was
    studio.export("mkv", "again")
    assert np.array_equal(frames_of(exported / "again.mkv"), frames)
    frame = int(page.locator(".ruler").get_attribute("aria-valuenow"))
    studio.wait_for_picture(lambda seen: differ(seen, frames[frame]) < 30)


def test_it_plays_and_stops(smiling: StudioPage) -> None:
    page = smiling.page
    asked = "document.querySelector('.ruler').ariaValueNow"
    still = smiling.settled()
    page.click(".player .round")
    # The playhead runs by itself, back to the start as well: it loops.
    seen = {page.evaluate(asked)}
    smiling.wait_for(lambda: seen.add(page.evaluate(asked)) or len(seen), lambda n: n > 6)
    smiling.wait_for_picture(lambda picture: differ(picture, still) > 20)
    page.click(".player .round")
    stopped = page.evaluate(asked)
    assert page.evaluate(asked) == stopped
    page.select_option(".speed", "0.1")
    page.click('.player [aria-label="Loop"]')
    smiling.seek(95)
    page.click(".player .round")
    smiling.wait_for(lambda: page.evaluate(asked), lambda frame: frame == "100")
    page.wait_for_selector('.player [aria-label="Play"]')  # it ends by itself


def test_views(smiling: StudioPage) -> None:
    page = smiling.page
    result = smiling.settled()
    assert result.shape[1] == 160
    page.click("[data-view=side]")
    # Until the first preview is there, the portrait stands on both sides.
    smiling.wait_for_picture(
        lambda seen: seen.shape[1] > 300 and differ(seen[:, :160], seen[:, -160:]) > 20
    )
    page.click("[data-view=difference]")
    smiling.seek(0)
    smiling.wait_for_picture(lambda seen: np.ptp(seen) < 10)  # mid-grey: nothing moves yet
    smiling.seek(40)
    smiling.wait_for_picture(lambda seen: np.ptp(seen) > 60)
    page.click("[data-view=arrows]")
    arrows = smiling.wait_for_picture(lambda seen: differ(seen, result) > 60)
    page.click("[data-view=result]")
    smiling.wait_for_picture(lambda seen: differ(seen, arrows) > 60)


def test_a_difference_is_magnified_as_chosen(smiling: StudioPage) -> None:
    page = smiling.page
    page.click("[data-view=difference]")
    spread = {}
    for times in ("2", "8"):
        page.select_option(".magnify", times)
        grey = smiling.settled().astype(int)
        spread[times] = np.abs(grey - 128).mean()
    assert 3 < spread["8"] / spread["2"] < 4.5  # four times, but for what is cut off at white
    page.click("[data-view=result]")
    assert not page.is_visible(".magnify")


def test_arrows_move_while_it_plays(smiling: StudioPage) -> None:
    page = smiling.page
    page.select_option(".speed", "0.1")
    page.click("[data-view=arrows]")
    smiling.seek(0)
    green = (0, 229, 168)

    def arrows() -> int:
        return int((np.abs(smiling.picture().astype(int) - green).max(-1) < 40).sum())

    assert smiling.wait_for(arrows, lambda count: count == 0) == 0
    page.click(".player .round")
    smiling.wait_for(arrows, lambda count: count > 50)
    page.wait_for_selector('.player [aria-label="Pause"]')  # it plays still
    page.click(".player .round")


def test_another_engine_offers_what_it_knows(smiling: StudioPage) -> None:
    page = smiling.page
    if page.is_disabled("[data-key=engine-ulme-gan]"):
        pytest.skip("ULME-GAN needs PyTorch")
    assert page.is_enabled("[data-au=AU28]")
    page.locator("[data-key=engine-rig]").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[data-au=AU28]:disabled")
    assert page.evaluate("document.activeElement.dataset.key") == "engine-ulme-gan"
    page.keyboard.press("ArrowUp")
    page.wait_for_selector("[data-au=AU28]:enabled")


def test_an_added_unit_is_seen_at_once(studio_page: StudioPage, face_file: Path) -> None:
    studio, page = studio_page, studio_page.page
    studio.drop_portrait(face_file)
    still = studio.settled()
    page.click("[data-au=AU12]")
    assert page.get_attribute(".ruler", "aria-valuenow") == "40"  # the apex, at 0.2 s
    studio.wait_for_picture(lambda seen: differ(seen, still) > 20)
    studio.seek(30)
    page.click("[data-au=AU4]")
    assert page.get_attribute(".ruler", "aria-valuenow") == "30"  # something moves: it stays


def test_the_moving_region_is_lit_and_named(smiling: StudioPage) -> None:
    still = smiling.settled()
    smiling.page.hover("[data-au=AU1]")
    smiling.wait_for_picture(lambda seen: differ(seen[:96], still[:96]) > 15)
    assert np.array_equal(smiling.settled()[150:], still[150:])  # the brows, not the chin
    assert "frontalis" in smiling.page.inner_text(".unit-detail")


def test_both_languages(smiling: StudioPage, browser) -> None:
    page = smiling.page
    english = page.inner_text("body")
    lanes = smiling.lanes()
    page.select_option("select.language", "zh-Hans")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    chinese = page.inner_text("body")
    assert "撤销" in page.get_attribute("[data-tool=undo]", "aria-label")
    words = [word for word in WORDS if word in english]
    assert len(words) > 6
    assert not [word for word in words if word in chinese]
    assert [lane[:2] for lane in smiling.lanes()] == [lane[:2] for lane in lanes]
    smiling.handle("apexStart").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+z")
    smiling.open()
    assert page.get_attribute("html", "lang") == "zh-Hans"  # it is remembered
    fresh = browser.new_page(locale="zh-CN")
    fresh.goto(smiling.served.url)
    fresh.wait_for_selector("html[data-ready]")
    assert fresh.get_attribute("html", "lang") == "zh-Hans"
    fresh.close()


def test_every_control_has_a_name(smiling: StudioPage) -> None:
    nameless = """() => [...document.querySelectorAll(
        "button, input, select, [tabindex], [role=slider], canvas, dialog")]
        .filter((each) => each.checkVisibility() && !(each.ariaLabel || each.textContent.trim() || each.title
            || [...(each.labels ?? [])].some((label) => label.textContent.trim())))
        .map((each) => each.outerHTML)"""
    assert smiling.page.evaluate(nameless) == []
    smiling.page.click("[data-action=export-dialog]")
    assert smiling.page.evaluate(nameless) == []


def test_what_is_wrong_is_said_in_one_line(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    still = smiling.settled()
    smiling.drop(text)
    smiling.wait_for(smiling.notice, lambda said: "notes.txt" in said)
    assert "\n" not in smiling.notice().strip()
    assert np.array_equal(smiling.settled(), still) and len(smiling.lanes()) == 1
    smiling.handle("apexStart").press("ArrowLeft")
    assert smiling.notice() == ""  # it goes with the next step
    page.click("[data-action=export-dialog]")
    page.fill("dialog input[type=text]", "../outside")
    page.click("[data-action=export]")
    smiling.wait_for(smiling.status, lambda said: "contains no folder" in said)
    assert page.get_attribute("dialog .status", "class") == "status error"


def test_a_server_that_is_gone_is_said(smiling: StudioPage) -> None:
    smiling.page.context.set_offline(True)
    smiling.handle("apexStart").press("ArrowLeft")
    smiling.wait_for(smiling.notice, lambda said: "does not answer" in said)
    smiling.page.context.set_offline(False)
    still = smiling.settled()
    smiling.seek(15)
    smiling.wait_for_picture(lambda seen: differ(seen, still) > 5)  # and it goes on
    smiling.wait_for(smiling.notice, lambda said: said == "")
    # In another language the page is built again, and asks for the portrait again.
    smiling.page.context.set_offline(True)
    smiling.page.select_option("select.language", "zh-Hans")
    smiling.wait_for(smiling.notice, lambda said: "没有响应" in said)
    assert "TypeError" not in smiling.notice()


def test_a_page_from_elsewhere_gets_nothing(smiling: StudioPage, browser, tmp_path: Path) -> None:
    """As in life: another tab, whose page knows the studio's address."""
    with served(tmp_path / "elsewhere") as other:
        elsewhere = other.address
        page = browser.new_page()
        # Another port is another origin; without the policies of a studio's page it may ask anything.
        page.route(
            f"{elsewhere}/evil",
            lambda route: route.fulfill(body="<h1>evil</h1>", content_type="text/html"),
        )
        page.goto(f"{elsewhere}/evil")
        tries = """async ([address, portrait]) => {
            const send = (path, options) => fetch(address + path, options)
                .then((answer) => answer.type + answer.status, () => "failed");
            const body = JSON.stringify({design: {portrait: "0000000000000000"}});
            const image = new Promise((done) => {
                const made = new Image();
                made.onload = () => done("loaded");
                made.onerror = () => done("failed");
                made.src = address + "/api/portraits/" + portrait + "/picture";
            });
            return [
                await send("/api/about"),
                await send("/api/projects/evil", {method: "PUT", body}),
                await send("/api/portraits?name=a.png", {method: "POST", mode: "no-cors", body: "x"}),
                await send("/api/jobs/1", {method: "DELETE"}),
                await image,
            ];
        }"""
        (kept,) = (tmp_path / "studio" / "portraits").iterdir()
        got = page.evaluate(tries, [smiling.served.address, kept.name[:16]])
        page.close()
    assert set(got) <= {"failed", "opaque0"}  # opaque: sent, and what came back cannot be read
    assert [path.name for path in (tmp_path / "studio" / "projects").iterdir()] == []
    assert len(list((tmp_path / "studio" / "portraits").iterdir())) == 1


def test_the_chosen_one_of_two_faces_is_shown(
    studio_page: StudioPage, small_face: np.ndarray, tmp_path: Path
) -> None:
    studio, page = studio_page, studio_page.page
    write_png(tmp_path / "two.png", np.hstack([small_face, small_face]))
    studio.drop_portrait(tmp_path / "two.png")
    studio.wait_for(studio.notice, lambda said: "shows 2 faces" in said)
    chosen = page.locator(".face-picture .chosen")
    assert chosen.get_attribute("data-face") == "1"
    page.click("[data-face='2']")
    page.wait_for_selector(".chosen[data-face='2']")
    assert page.input_value("[data-key=face]") == "2"
    page.mouse.move(5, 5)
    still = studio.settled()
    page.focus("[data-key=face]")  # it is lit in the large picture too
    studio.wait_for_picture(lambda seen: differ(seen[:, 160:], still[:, 160:]) > 15)
    assert np.array_equal(studio.picture()[:, :150], still[:, :150])
