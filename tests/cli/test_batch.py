from __future__ import annotations

import csv
import json
import os
import shutil

import pytest

from mien.io.clip_hash import sha256_clip
from mien.io.sidecar import read_sidecar, sidecar_path
from mien.io.used_folder import used_folder
from tests.cli.conftest import HEADER
from tests.kills import hidden_files, killed_in_command

ROWS = (
    "face.png,happiness,,,C,0.2,left,,,",
    "face.png,,fear,,,,,7,,",
    'face.png,,,"AU12L=2@0-.1-.1-.2; AU6=1@0-.1-.1-.2",,,,,50,two aus',
)
BAD_COMMON = (
    *(("--engine", "warp"), ("--lead", "-1"), ("--fps", "0")),
    ("--format", "mkv", "--chroma", "420"),
)
BAD_ROW = "face.png,,,AU99=2@0-.1-.1-.2,,,,,,bad"


def test_each_row_is_a_clip(batch, table, tmp_path):
    ran, manifest = batch(table(*ROWS))
    assert (ran.code, ran.err) == (0, "")
    counts = {key: json.loads(ran.out)[key] for key in ("made", "kept", "failed")}
    assert counts == {"made": 3, "kept": 0, "failed": 0}
    assert [row["file"] for row in manifest.values()] == [
        "face_happiness_C_left.mp4",
        "face_fear_seed7.mp4",
        "two aus.mp4",
    ]
    assert [row["fps"] for row in manifest.values()] == ["25", "25", "50"]
    sidecar = read_sidecar(tmp_path / "clips" / "face_happiness_C_left.mp4.json")
    assert sidecar.track.names == ("AU6L", "AU12L")
    assert sidecar.track.times_seconds[-1] == pytest.approx(0.2)
    assert read_sidecar(tmp_path / "clips" / "face_fear_seed7.mp4.json").seed == 7
    assert read_sidecar(tmp_path / "clips" / "two aus.mp4.json").track.names == ("AU6", "AU12L")


def test_a_second_run_makes_what_is_missing_or_changed(batch, table, tmp_path):
    batch(table(*ROWS))
    clips = tmp_path / "clips"
    (clips / "face_fear_seed7.mp4").unlink()
    before = (clips / "two aus.mp4").stat().st_mtime_ns
    changed = ROWS[2].replace("AU12L=2", "AU12L=3")
    ran, manifest = batch(table("face.png,anger,,,,,,,,", ROWS[0], ROWS[1], changed))
    assert ran.code == 0
    assert {name: row["status"] for name, row in manifest.items()} == {
        "face_anger": "made",
        "face_happiness_C_left": "kept",
        "face_fear_seed7": "made",
        "two aus": "made",
    }
    assert (clips / "two aus.mp4").stat().st_mtime_ns != before
    assert read_sidecar(clips / "two aus.mp4.json").track.peak == 3.0


def test_a_changed_portrait_is_made_again(batch, table, tmp_path, small_face):
    from mien.io.images import write_png

    path = table(ROWS[0])
    batch(path)
    write_png(tmp_path / "face.png", small_face[:-2])
    _, manifest = batch(path)
    assert manifest["face_happiness_C_left"]["status"] == "made"


def test_a_failing_row_does_not_stop_the_others_and_is_tried_again(batch, table):
    ran, manifest = batch(table(BAD_ROW, ROWS[0], "nobody.png,fear,,,,,,,,"))
    assert ran.code == 2
    assert ran.err.startswith("mien: error: 2 of 3 rows failed, the first in line 2 (bad): unknown")
    assert ran.err.count("\n") == 1
    assert [row["status"] for row in manifest.values()] == ["failed", "made", "failed"]
    assert "nobody.png" in manifest["nobody_fear"]["error"]
    ran, manifest = batch(table(BAD_ROW.replace("AU99", "AU9"), ROWS[0]))
    assert ran.code == 0
    assert [row["status"] for row in manifest.values()] == ["made", "kept"]


def test_rows_of_one_portrait_search_it_once(batch, table, monkeypatch):
    from mien.face import portrait as portrait_module

    searched = []
    find_face = portrait_module.find_face
    monkeypatch.setattr(
        portrait_module, "find_face", lambda *a, **k: searched.append(1) or find_face(*a, **k)
    )
    batch(table(*ROWS))
    assert len(searched) == 1


def test_rows_of_one_portrait_prepare_it_once(batch, table, monkeypatch):
    from mien.render.warp import PortraitWarper

    prepared = []
    start = PortraitWarper.__init__
    monkeypatch.setattr(
        PortraitWarper, "__init__", lambda *a, **k: prepared.append(1) or start(*a, **k)
    )
    ran, _ = batch(table(*ROWS))
    assert ran.code == 0 and len(prepared) == 1


def test_chroma_is_for_all_rows_and_a_change_makes_them_again(batch, table, tmp_path):
    path = tmp_path / "clips" / "face_happiness_C_left.mp4.json"
    for options, chroma, status in (
        ((), "444", "made"),
        (("--chroma", "444"), "444", "kept"),  # the default by name
        (("--chroma", "420"), "420", "made"),
    ):
        _, manifest = batch(table(ROWS[0]), *options)
        assert manifest["face_happiness_C_left"]["status"] == status
        sidecar = read_sidecar(path)
        assert sidecar.settings["chroma"] == chroma
        assert f"yuv{chroma}p" in sidecar.facts["codec"]


def test_png_folders(batch, table, tmp_path):
    ran, manifest = batch(table(ROWS[0], ROWS[2].replace("two aus", "v1.5")), "--format", "png")
    assert ran.code == 0, ran.err
    for row in manifest.values():
        names = [path.name for path in (tmp_path / "clips" / row["file"]).iterdir()]
        assert len(names) == int(row["frames"]) + 1 and "mien.json" in names
    _, manifest = batch(table(ROWS[0], ROWS[2].replace("two aus", "v1.5")), "--format", "png")
    assert {row["status"] for row in manifest.values()} == {"kept"}


@pytest.mark.parametrize(
    ("rows", "header", "expected"),
    [
        ((), HEADER, "at least one row"),
        (("face.png,fear,1",), "portrait,expression,colour", "unknown column 'colour'"),
        (("fear,1",), "expression,seed", "expected a column portrait"),
        (("face.png,1",), "portrait,seed", "column expression, sample or aus"),
    ],
)
def test_a_bad_table_is_refused_before_any_work(batch, table, tmp_path, rows, header, expected):
    ran, _ = batch(table(*rows, header=header))
    assert (ran.code, ran.out) == (2, "")
    assert expected in ran.err and ran.err.count("\n") == 1
    assert not (tmp_path / "clips").exists()


@pytest.mark.parametrize("option", BAD_COMMON)
def test_bad_common_options_are_refused_before_any_work(run, table, tmp_path, option):
    ran = run("batch", table(*ROWS), "--out", tmp_path / "clips", *option)
    assert ran.code == 2 and ran.err.count("\n") == 1
    assert not (tmp_path / "clips").exists()


def test_ctrl_c_writes_the_manifest(run, table, tmp_path, monkeypatch):
    from mien.engines.rig.engine import RigSession

    render, calls = RigSession.render, []

    def interrupted(self, track):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return render(self, track)

    monkeypatch.setattr(RigSession, "render", interrupted)
    ran = run("batch", table(*ROWS), "--out", tmp_path / "clips", "--fps", 25)
    assert ran.code == 130
    said = "mien: interrupted; 1 of 3 clips are made; run the same command to continue\n"
    assert ran.err == said
    with (tmp_path / "clips" / "manifest.csv").open(newline="") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["made", "pending", "pending"]
    assert len(list((tmp_path / "clips").glob("*.mp4"))) == 1
    assert not list((tmp_path / "clips").glob(".*"))


def test_a_clip_that_was_whole_when_ctrl_c_came_is_counted(run, table, tmp_path, monkeypatch):
    """The signal waits while a clip and its sidecar get their names, and comes before the row's result."""
    from mien.stimuli import batch_rows

    make, made = batch_rows.make_clip, []

    def then_interrupted(*arguments, **options):
        clip = make(*arguments, **options)
        made.append(clip)
        if len(made) == 2:
            raise KeyboardInterrupt
        return clip

    monkeypatch.setattr(batch_rows, "make_clip", then_interrupted)
    arguments = ("batch", table(*ROWS), "--out", tmp_path / "clips", "--fps", 25)
    ran = run(*arguments)
    assert (ran.code, len(made)) == (130, 2)
    assert "; 2 of 3 clips are made; run the same command to continue" in ran.err
    monkeypatch.undo()
    assert "1 made, 2 kept, 0 failed" in run(*arguments).out


@pytest.mark.parametrize("kind", ["mkv", "mp4", "png"])
@pytest.mark.parametrize("damage", ["cut", "emptied", "sidecar of another", "sidecar cut"])
def test_a_damaged_clip_is_made_again_and_named(run, table, tmp_path, kind, damage):
    arguments = ("batch", table(*ROWS[:2]), "--out", tmp_path / "clips", "--fps", 25)
    arguments += ("--format", kind)
    assert run(*arguments).code == 0
    names = ("face_happiness_C_left", "face_fear_seed7")
    first, second = (
        tmp_path / "clips" / (name if kind == "png" else f"{name}.{kind}") for name in names
    )
    whole, file = sha256_clip(first), first / "000003.png" if kind == "png" else first
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:500])
    elif damage == "emptied":
        file.write_bytes(b"")
    elif damage == "sidecar cut":
        text = sidecar_path(first).read_text()
        sidecar_path(first).write_text(text[: len(text) // 2])
    elif kind == "png":
        for frame in first.glob("*.png"):
            shutil.copy(second / "000001.png", frame)
    else:
        shutil.copy(second, first)
    ran = run(*arguments)
    assert ran.code == 0 and "1 made, 1 kept, 0 failed" in ran.out
    named = f"warning: {names[0]}: the clip was not the one that its sidecar describes"
    assert (named in ran.err) == (damage != "sidecar cut")
    assert sha256_clip(first) == whole == read_sidecar(sidecar_path(first)).sha256
    assert "2 kept" in run(*arguments).out


def test_killed_runs_go_on(table, tmp_path, run):
    """A batch that is killed is finished by the next run, which leaves nothing behind."""
    path = table("face.png,happiness,,,C,0.04,,,,a", "face.png,anger,,,C,0.04,,,,b")
    for kind, numbers in (("mkv", (3, 9, 13)), ("png", (4, 7, 12))):
        for number in numbers:
            out = tmp_path / f"{kind}{number}"
            arguments = ("batch", path, "--out", out, "--fps", 25, "--format", kind)
            killed = killed_in_command(number, out, *arguments)
            ran = run(*arguments)
            assert ran.code == 0, (number, ran.err)
            for name in "ab":
                clip = out / (name if kind == "png" else f"{name}.{kind}")
                assert sha256_clip(clip) == read_sidecar(sidecar_path(clip)).sha256
            assert killed and not hidden_files(out)


def test_inputs_are_never_replaced(run, table, tmp_path):
    path = table(ROWS[0]).rename(tmp_path / "manifest.csv")
    text = path.read_text()
    ran = run("batch", path, "--out", tmp_path)
    assert ran.code == 2 and "which would replace the input manifest.csv" in ran.err
    assert path.read_text() == text
    path.unlink()
    ran = run(
        "generate", tmp_path / "face.png", "--expression", "fear", "--out", tmp_path / "t.mp4"
    )
    assert ran.code == 0
    sidecar = (tmp_path / "t.mp4.json").read_text()
    rows = (
        "face.png,happiness,,,,,,,,t",
        "face.png,,,t.mp4.json,,,,,,u",
        "face.png,fear,,,,,,,,ok",
    )
    ran = run("batch", table(*rows), "--out", tmp_path)
    assert ran.code == 2 and "1 of 3 rows failed" in ran.err
    assert "which would replace the input t.mp4.json" in ran.err
    words = ("--aus", tmp_path / "t.mp4.json", "--out", tmp_path / "t.mp4")
    ran = run("generate", tmp_path / "face.png", *words)
    assert ran.code == 2 and "got the input itself" in ran.err
    assert (tmp_path / "t.mp4.json").read_text() == sidecar and (tmp_path / "ok.mp4").exists()
    (tmp_path / "in").mkdir()
    (tmp_path / "face.png").rename(tmp_path / "in" / "face.png")
    rows = ("in/face.png,fear,,,,,,,,in",)
    ran = run("batch", table(*rows), "--out", tmp_path, "--format", "png")
    assert ran.code == 2 and "replace the input face.png" in ran.err
    assert [file.name for file in (tmp_path / "in").iterdir()] == ["face.png"]


def test_files_of_others_stay_unless_asked(run, table, tmp_path):
    (tmp_path / "clips").mkdir()
    theirs = tmp_path / "clips" / "b.mp4"
    theirs.write_bytes(b"their film")
    path = table("face.png,happiness,,,C,0.2,,,,a", "face.png,fear,,,C,0.2,,,,b")
    arguments = ("batch", path, "--out", tmp_path / "clips", "--fps", 25)
    ran = run(*arguments)
    assert ran.code == 2 and "1 of 2 rows failed" in ran.err and "b.mp4 is there already" in ran.err
    assert theirs.read_bytes() == b"their film"
    assert run(*arguments, "--overwrite").code == 0
    assert theirs.stat().st_size > 500
    (tmp_path / "clips" / "manifest.csv").write_text("their,table\n")
    ran = run(*arguments)
    assert ran.code == 2 and "manifest.csv is there already" in ran.err


def test_a_name_too_long_fails_its_row_alone(batch, table):
    long = "é" * 124  # with .mp4.json 257 bytes
    ran, manifest = batch(
        table(
            f"face.png,fear,,,,0.2,,,,{long}",
            ROWS[0],
            f"{'x' * 300}.png,fear,,,,0.2,,,,far",
            f"face.png,,,{'y' * 300}.csv,,,,,,table",
        )
    )
    assert ran.code == 2 and "3 of 4 rows failed" in ran.err and ran.err.count("\n") == 1
    assert "at most 255 bytes, got 257" in manifest[long]["error"]
    assert manifest["face_happiness_C_left"]["status"] == "made"


def test_a_second_run_at_once_is_refused(run, table, tmp_path):
    path = table(*ROWS)
    with used_folder(tmp_path / "clips"):
        ran = run("batch", path, "--out", tmp_path / "clips", "--fps", 25)
        assert ran.code == 2 and "another process is writing to" in ran.err
        assert not list((tmp_path / "clips").iterdir())
    assert run("batch", path, "--out", tmp_path / "clips", "--fps", 25).code == 0


def test_strange_files_and_zero_bytes_end_no_batch(batch, table, tmp_path):
    """Each of these rows fails in one line, and the row after them is made."""
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    rows = (
        *(
            "pipe.png,fear,,,,,,,,pipe",
            "zero.png,fear,,,,,,,,zero",
            "folder.png,fear,,,,,,,,folder",
        ),
        *(
            "fa\0ce.png,fear,,,,,,,,nul",
            "face.png,fe\0ar,,,,,,,,word",
            "face.png,fear,,,,,,,,na\0me",
        ),
        f"{'x' * 5000}.png,fear,,,,,,,,long",
        *("face.png,,,zero.csv,,,,,,device", "face.png,,,a\0.csv,,,,,,track"),
        f"face.png,,fear,,,,,{'7' * 30_000},,digits",
        *("face.png,fear,,,,1e999,,,,endless", "face.png,fear,,,,1e300,,,,far"),
        *("face.png,fear,,,,,,,1e1000000000,rate", f"face.png,fear,,,,,,,1/{'9' * 400},tiny"),
        "face.png,fear,,,,,,,,good",
    )
    ran, manifest = batch(table(*rows))
    assert ran.code == 2
    statuses = [row["status"] for row in manifest.values()]
    assert statuses == ["failed"] * (len(rows) - 1) + ["made"]
    for row in list(manifest.values())[:-1]:
        assert row["error"] and "\n" not in row["error"] and len(row["error"]) < 2000
    assert "it is a pipe" in manifest["pipe"]["error"]
    assert "it is a device" in manifest["zero"]["error"] and "device" in manifest["device"]["error"]
