"""What the studio keeps and gives, in a real browser: projects, exports, what is copied."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from mien.cli.main import main
from mien.errors import UsageError
from mien.io.clips import open_clip
from mien.studio.names import plain_name
from tests.studio.browser import StudioPage, need_browser

need_browser()


def frames_of(path: Path) -> list[np.ndarray]:
    return [frame for _, frame in open_clip(path)]


def test_saved_and_opened_by_name(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page
    page.click("[data-action=save-dialog]")
    page.fill("dialog input", "Anna lächelt")
    page.click("[data-action=save]")
    page.wait_for_selector("dialog", state="detached")
    assert "Anna lächelt" in smiling.notice()
    kept = tmp_path / "studio" / "projects" / "Anna lächelt.json"
    assert '"AU12"' in kept.read_text(encoding="utf-8")
    was = smiling.lanes()
    smiling.open()
    page.click("[data-action=open-dialog]")
    page.click('[data-project="Anna lächelt"]')
    page.wait_for_selector("dialog", state="detached")
    assert smiling.lanes() == was


def test_another_project_is_not_replaced_unasked(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page
    kept = tmp_path / "studio" / "projects" / "mine.json"

    def save(name: str) -> None:
        page.click("[data-action=save-dialog]")
        # The name has the focus, all of it selected, and Enter saves.
        page.keyboard.type(name)
        page.keyboard.press("Enter")

    def saved() -> str:
        page.wait_for_selector("dialog", state="detached")
        return kept.read_text(encoding="utf-8")

    save("mine")
    first = saved()
    page.click("[data-au=AU4]")
    save("mine")  # its own file, so nothing is asked
    second = saved()
    assert '"AU4"' in second and '"AU4"' not in first

    smiling.open()
    page.click("[data-action=open-dialog]")
    page.wait_for_selector("[data-project=mine]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    page.click("[data-au=AU1]")
    save("other")
    page.wait_for_selector("dialog", state="detached")
    save("Mine")
    smiling.wait_for(smiling.status, lambda said: "A project named Mine exists already" in said)
    assert page.inner_text("[data-action=save]") == "Replace it"
    page.fill("dialog input", "mine")
    assert smiling.status() == "" and page.inner_text("[data-action=save]") == "Save"
    # A double click's second half is no answer to a question that only just came.
    page.dblclick("[data-action=save]", delay=30)
    smiling.wait_for(smiling.status, lambda said: "A project named mine exists already" in said)
    page.wait_for_timeout(300)
    assert kept.read_text(encoding="utf-8") == second
    page.click("[data-action=save]")
    assert '"AU1"' in saved()


def test_unsaved_work_is_not_lost_without_a_warning(smiling: StudioPage) -> None:
    page, asked = smiling.page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.click("[data-action=save-dialog]")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    page.click("[data-au=AU4]")
    page.click("[data-tool=undo]")  # back to what is saved
    smiling.open()
    assert not asked
    page.click("[data-action=open-dialog]")
    page.click("[data-project]")
    page.wait_for_selector("dialog", state="detached")
    page.click("[data-au=AU4]")
    lanes = smiling.lanes()
    # Another project is not put in their place unasked either.
    page.click("[data-action=open-dialog]")
    page.click("[data-project]")
    page.wait_for_selector("[data-action=keep-lanes]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-action=keep-lanes]", state="detached")
    assert smiling.lanes() == lanes and page.locator("[data-project]").count() == 1
    page.click("[data-project]")
    page.click("[data-action=replace-lanes]")
    page.wait_for_selector("dialog", state="detached")
    assert len(smiling.lanes()) == len(lanes) - 1
    page.click("[data-au=AU4]")
    lanes = smiling.lanes()
    smiling.open()
    assert (
        smiling.lanes() == lanes and not asked
    )  # the draft is kept, so there is nothing to warn of
    page.route("**/api/drafts/**", lambda route: route.abort())
    page.click("[data-au=AU1]")
    smiling.wait_for(lambda: page.inner_text(".work-name"), lambda said: "cannot be kept" in said)
    smiling.open()
    assert asked == ["beforeunload"]


def test_the_copied_command_and_python_make_the_same_frames(
    smiling: StudioPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = smiling.page
    page.fill(".timeline-bar input[size]", "50")
    page.keyboard.press("Tab")
    smiling.export("mkv", "wanted")
    wanted = frames_of(tmp_path / "studio" / "exports" / "wanted.mkv")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-action=export-dialog]")
    page.fill("dialog input[type=text]", "copied")
    page.select_option("dialog select", "mkv")
    monkeypatch.chdir(tmp_path)
    for form in ("command", "python"):
        page.evaluate("navigator.clipboard.writeText('')")
        page.click(f"[data-action={form}]")
        copied = smiling.wait_for(lambda: page.evaluate("navigator.clipboard.readText()"), bool)
        if form == "command":
            assert main(shlex.split(copied)[1:]) == 0
        else:
            exec(copied, {})
        made = tmp_path / "copied.mkv"
        assert np.array_equal(frames_of(made), wanted), form
        made.unlink()


def test_the_copied_lines_make_the_neutral_control_too(
    smiling: StudioPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = smiling.page
    page.fill(".timeline-bar input[size]", "50")
    page.keyboard.press("Tab")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-action=export-dialog]")
    page.fill("dialog input[type=text]", "copied")
    page.select_option("dialog select", "mkv")
    page.click("[data-key=look]")
    page.check("[data-key=control]")
    monkeypatch.chdir(tmp_path)
    for form in ("command", "python"):
        page.evaluate("navigator.clipboard.writeText('')")
        page.click(f"[data-action={form}]")
        copied = smiling.wait_for(lambda: page.evaluate("navigator.clipboard.readText()"), bool)
        if form == "command":
            first, second = copied.splitlines()
            assert [main(shlex.split(line)[1:]) for line in (first, second)] == [0, 0]
        else:
            exec(copied, {})
        moving, still = (
            frames_of(tmp_path / f"{name}.mkv") for name in ("copied", "copied neutral")
        )
        assert len(moving) == len(still) and np.ptp(moving, axis=0).max() > 20, form
        assert not np.ptp(still, axis=0).any(), form
        for name in ("copied", "copied neutral"):
            (tmp_path / f"{name}.mkv").unlink()


def test_a_gif_says_that_it_plays_slower_and_each_file_where_it_lies(
    smiling: StudioPage, tmp_path: Path
) -> None:
    page = smiling.page
    page.click("[data-action=export-dialog]")
    assert "slower" not in page.inner_text("dialog")
    page.select_option("dialog select", "gif")
    assert "it plays 4 times slower" in page.inner_text("dialog")
    page.fill("dialog input[type=text]", "slow")
    page.keyboard.press("Enter")
    smiling.wait_for(smiling.status, lambda said: "plays 4 times slower" in said)
    assert str(tmp_path / "studio" / "exports" / "slow.gif") in smiling.status()
    for fps, times in (("100", 2), ("50", 1), ("25", 1), ("30", 3), ("30000/1001", None)):
        gif = f"import('/static/js/gif.js').then((gif) => gif.gifSlowdown('{fps}'))"
        assert page.evaluate(gif) == times


def test_a_rate_that_no_gif_has_is_said_beforehand(smiling: StudioPage) -> None:
    page = smiling.page
    page.fill(".timeline-bar input[size]", "29.97")
    page.keyboard.press("Tab")
    page.click("[data-action=export-dialog]")
    assert "GIF cannot" not in page.inner_text("dialog")
    page.select_option("dialog select", "gif")
    assert "A GIF cannot keep time at 29.97 frames a second" in page.inner_text("dialog")
    page.select_option("dialog select", "mkv")
    assert "GIF cannot" not in page.inner_text("dialog")


def test_names_that_no_file_may_have_are_refused_in_words(smiling: StudioPage) -> None:
    page = smiling.page
    page.select_option("select.language", "zh-Hans")
    for dialog, actions in (("save", ("save",)), ("export", ("export", "command", "python"))):
        page.click(f"[data-action={dialog}-dialog]")
        for name in ("", "a/b", ".hidden", "con", "äöü" * 21, "end."):
            for action in actions:
                page.fill("dialog input[type=text]", name)
                page.click(f"[data-action={action}]")
                assert "名称须为 1 至 120 字节" in smiling.status()
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
    plain = "import('/static/js/names.js').then(({isPlainName}) => isPlainName(%s))"
    for name in ("", " a", "a ", "a\\b", "COM1.txt", "a" * 120, "a" * 121, "a.b", "微笑", "a\x7f"):
        try:
            plain_name(name)
            fits = True
        except UsageError:
            fits = False
        assert page.evaluate(plain % json.dumps(name)) == fits, name


def test_an_export_is_cancelled(smiling: StudioPage, tmp_path: Path) -> None:
    page = smiling.page
    page.fill(".timeline-bar input[type=number]", "60000")
    page.keyboard.press("Tab")
    page.click("[data-action=export-dialog]")
    page.click("[data-action=export]")
    smiling.wait_for(smiling.status, lambda said: re.match(r"[1-9]\d* of \d+ frames", said))
    page.get_by_role("button", name="Cancel").click()
    smiling.wait_for(smiling.status, lambda said: said.startswith("Cancelled"))
    smiling.wait_for(
        lambda: list((tmp_path / "studio" / "exports").iterdir()), lambda left: not left
    )
