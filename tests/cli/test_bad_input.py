"""Whatever is wrong: exit code 2, one line on stderr, and nothing left at the output."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image

from mien.face import portrait as portrait_module
from mien.io.images import write_png

ENVELOPE = "AU12=2@0-0.1-0.1-0.2"


@pytest.fixture
def refused(run, face_file, tmp_path):
    """Run ``mien generate``; return the one line of the error that it must give."""

    def refused(*options: object, portrait: Path | None = None, out: Path | None = None) -> str:
        folder = tmp_path / "output"
        folder.mkdir()
        target = out or folder / "clip.mp4"
        ran = run("generate", portrait or face_file, "--out", target, *options)
        assert ran.code == 2
        assert ran.out == ""
        assert ran.err.startswith("mien: error: ")
        assert ran.err.count("\n") == 1 and ran.err.endswith("\n")
        assert list(folder.iterdir()) == []
        return ran.err.removeprefix("mien: error: ").rstrip("\n")

    return refused


@pytest.fixture
def picture(tmp_path):
    """Write a file as a portrait."""

    def picture(content: bytes | np.ndarray, name: str = "picture.png") -> Path:
        path = tmp_path / name
        if isinstance(content, np.ndarray):
            write_png(path, content)
        else:
            path.write_bytes(content)
        return path

    return picture


def jpeg(image: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "JPEG")
    return stream.getvalue()


# Portraits.


def test_no_face(refused, picture):
    cat = np.ascontiguousarray(skimage.data.chelsea()[::2, ::2])
    error = refused("--expression", "happiness", portrait=picture(cat))
    assert ": found no face in the picture" in error


def test_two_faces_are_listed(refused, picture, small_face):
    two = picture(np.hstack([small_face, small_face]))
    error = refused("--expression", "happiness", portrait=two)
    assert ": found 2 faces, expected one: 1 at (" in error
    assert error.endswith("choose with --face N or --face largest")


def test_a_face_number_that_is_not_there(refused):
    error = refused("--expression", "happiness", "--face", 2)
    assert error.startswith("there is no face 2, expected 1 to 1")


def test_a_profile(refused, picture, monkeypatch):
    # A real picture of a head turned by some 55 degrees; no picture at hand is turned further.
    monkeypatch.setattr(portrait_module, "MAX_YAW_DEGREES", 40.0)
    camera = cv2.cvtColor(skimage.data.camera(), cv2.COLOR_GRAY2RGB)
    error = refused("--expression", "happiness", portrait=picture(camera))
    assert "degrees to the side (yaw), expected at most 40" in error


def test_a_truncated_jpeg(refused, picture, small_face):
    data = jpeg(small_face)
    error = refused("--expression", "fear", portrait=picture(data[: len(data) // 2], "half.jpg"))
    assert "damaged" in error


def test_text_named_jpg(refused, picture):
    error = refused("--expression", "fear", portrait=picture(b"not a picture\n" * 9, "text.jpg"))
    assert error.startswith("cannot read ") and "it is not a picture" in error


def test_one_pixel(refused, picture):
    error = refused("--expression", "fear", portrait=picture(np.zeros((1, 1, 3), np.uint8)))
    assert "at least 32x32 pixels, got 1x1" in error


def test_no_portrait_file(refused, tmp_path):
    error = refused("--expression", "fear", portrait=tmp_path / "nobody.png")
    assert "it does not exist" in error


def test_thirty_megapixels_work(run, small_face, tmp_path):
    big = np.full((6000, 5000, 3), 128, np.uint8)
    big[2000:2960, 2000:2800] = cv2.resize(small_face, (800, 960))
    (tmp_path / "big.jpg").write_bytes(jpeg(big))
    ran = run(
        *("generate", tmp_path / "big.jpg", "--out", tmp_path / "clip.mp4"),
        *("--au", "AU12=2@0-0.04-0.04-0.08", "--fps", 25),
    )
    assert ran.code == 0 and "error" not in ran.err and ran.err.count("\n") <= 1


# Tracks.

TRACKS = {
    "NaN": ("time_seconds,AU12\n0,1\n0.1,nan\n", "expected a finite number, got 'nan'"),
    "unknown AU": ("time_seconds,AU99\n0,1\n0.1,1\n", "unknown action unit 'AU99'"),
    "backwards": ("time_seconds,AU12\n0,1\n0.2,1\n0.1,1\n", "line 4, column time_seconds"),
    "negative": ("time_seconds,AU12\n0,1\n0.1,-1\n", "got -1"),
    "above 5": ("time_seconds,AU12\n0,1\n0.1,5.5\n", "got 5.5"),
    "no rows": ("time_seconds,AU12\n", "at least one row"),
    "no times": ("frame,AU12\n1,1\n2,1\n", "expected AUs in one of these formats"),
    "uneven": ("time_seconds,AU12\n0,1\n0.1,1\n0.5,1\n", "(--fps)"),
}


@pytest.mark.parametrize("case", TRACKS)
def test_bad_tracks(refused, tmp_path, case):
    text, expected = TRACKS[case]
    (tmp_path / "track.csv").write_text(text)
    assert expected in refused("--aus", tmp_path / "track.csv")


def test_openface_with_nan(refused, tmp_path):
    (tmp_path / "of.csv").write_text(
        "frame, face_id, timestamp, confidence, success, AU12_r, AU12_c\n"
        "1, 0, 0.0, 0.98, 1, 0.5, 1\n2, 0, 0.033, 0.98, 1, nan, 1\n"
    )
    assert "AU12_r" in refused("--aus", tmp_path / "of.csv")


def test_openface_without_times(refused, tmp_path):
    (tmp_path / "of.csv").write_text("frame, confidence, AU12_r\n1, 1, 0.5\n2, 1, 1\n")
    assert "give one with --fps" in refused("--aus", tmp_path / "of.csv")


def test_a_face_of_a_track_of_one(refused, tmp_path):
    (tmp_path / "track.csv").write_text("time_seconds,AU12\n0,1\n0.1,1\n")
    error = refused("--aus", tmp_path / "track.csv", "--aus-face", 1)
    assert "chooses a face in a table of OpenFace" in error


# Options.

OPTIONS = {
    "nothing moves": ((), "exactly one of --expression, --sample, --au, --aus, got none"),
    "two sources": (("--expression", "fear", "--sample", "fear"), "--expression and --sample"),
    "unknown expression": (("--expression", "glee"), "unknown expression 'glee'"),
    "unknown emotion": (("--sample", "glee"), "unknown emotion 'glee'"),
    "unknown data set": (("--sample", "fear", "--dataset", "X"), "unknown data set 'X'"),
    "negative seed": (("--sample", "fear", "--seed", "-1"), "0 or more"),
    "seed unused": (("--expression", "fear", "--seed", "1"), "--seed needs --sample"),
    "intensity 6": (("--expression", "fear", "--intensity", "6"), "from 0 to 5"),
    "intensity -1": (("--expression", "fear", "--intensity", "-1"), "from 0 to 5"),
    "intensity F": (("--expression", "fear", "--intensity", "F"), "level A to E"),
    "intensity with au": (("--au", ENVELOPE, "--intensity", "B"), "use --strength X"),
    "peak above 5": (("--au", "AU12=5.5@0-0.1-0.1-0.2"), "from 0 to 5"),
    "unknown AU": (("--au", "AU99=1@0-0.1-0.1-0.2"), "unknown action unit 'AU99'"),
    "times backwards": (("--au", "AU12=1@0.2-0.1-0.3-0.4"), "0 <= onset <= apex start"),
    "no envelope": (("--au", "AU12"), "such as AU12L=2.5@"),
    "too strong": (("--expression", "fear", "--strength", "3"), "at most 2.5"),
    "strength -1": (("--expression", "fear", "--strength", "-1"), "strength of 0 or more"),
    "duration 0": (("--expression", "fear", "--duration", "0"), "duration above 0"),
    "fps 0": (("--expression", "fear", "--fps", "0"), "frame rate above 0"),
    "fps 1/0": (("--expression", "fear", "--fps", "1/0"), "frame rate above 0"),
    "lead -1": (("--expression", "fear", "--lead", "-1"), "--lead of 0 seconds or more"),
    "face": (("--expression", "fear", "--face", "left"), "--face largest, got 'left'"),
    "engine": (("--expression", "fear", "--engine", "warp"), "got 'warp'"),
    "side": (("--expression", "fear", "--side", "up"), "'up'"),
    "chroma": (("--expression", "fear", "--chroma", "422"), "--chroma 444 or 420, got '422'"),
    "aus-face": (("--expression", "fear", "--aus-face", "1"), "--aus-face needs --aus"),
    "number": (("--expression", "fear", "--lead", "long"), "--lead"),
    "unknown option": (("--expression", "fear", "--loud"), "--loud"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_bad_options(refused, case):
    options, expected = OPTIONS[case]
    assert expected in refused(*options)


# Outputs.


def test_an_unknown_extension(refused, tmp_path):
    assert ".avi" in refused("--expression", "fear", out=tmp_path / "output" / "clip.avi")


def test_an_output_is_checked_before_the_portrait(refused, picture, tmp_path):
    text = picture(b"text", "text.jpg")
    error = refused("--expression", "fear", portrait=text, out=tmp_path / "output" / "clip.avi")
    assert "clip.avi" in error


def test_the_portrait_is_not_overwritten(run, small_face, tmp_path):
    Image.fromarray(small_face).save(tmp_path / "face.gif")
    before = (tmp_path / "face.gif").read_bytes()
    target = tmp_path / "face.gif"
    ran = run("generate", target, "--out", target, "--expression", "fear", "--fps", 25)
    assert ran.code == 2 and "the input itself" in ran.err
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_parent_that_is_a_file(refused, picture):
    file = picture(b"", "file")
    assert "file" in refused("--expression", "fear", out=file / "clip.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission(refused, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    assert "locked" in refused("--expression", "fear", out=locked / "clip.mp4")


def test_a_place_that_cannot_be_written(refused):
    assert "/proc" in refused("--expression", "fear", out=Path("/proc/clip.mp4"))


def test_a_folder_with_other_files(run, face_file, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    ran = run("generate", face_file, "--out", tmp_path / "mine", "--expression", "fear")
    assert ran.code == 2 and ran.err.count("\n") == 1
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["clip.gif", "clip.mkv", "clip"])
def test_chroma_of_a_format_that_has_none(refused, tmp_path, name):
    out = tmp_path / "output" / name
    error = refused("--expression", "fear", "--chroma", "444", out=out)
    assert "--chroma is for .mp4 only" in error


def test_gif_at_a_rate_it_cannot_hold(refused, tmp_path):
    error = refused(
        *("--expression", "fear", "--fps", "30000/1001"), out=tmp_path / "output" / "clip.gif"
    )
    assert "GIF" in error


def test_a_failure_midway_leaves_nothing(refused, monkeypatch):
    from mien.engines.base import Frames
    from mien.engines.rig.engine import RigSession
    from mien.errors import UsageError

    def images(portrait):
        yield portrait.image
        raise UsageError("midway")

    def render(self, track):
        return Frames(images(self.portrait), track)

    monkeypatch.setattr(RigSession, "render", render)
    assert refused("--expression", "fear") == "midway"


LONG = "x" * 300


@pytest.mark.parametrize(
    "words",
    [
        ("generate", f"{LONG}.png", "--expression", "fear", "--out", "a.mp4"),
        ("measure", f"{LONG}.mp4", "--out", "a.csv"),
        ("transfer", LONG, "face.png", "--out", "a.mp4"),
        ("sheet", f"{LONG}.mp4", "--out", "a.png"),
        ("recode", "track.csv", "--out", f"{LONG}.csv"),
        ("flows", "folder", LONG, "--out", "a.npz"),
        ("weights", "show", LONG),
        ("augment", "--portraits", "people", "--out", LONG, "--count", "3"),
        ("evaluate", "recognition", "--flows", f"{LONG}.npz"),
        ("verify", LONG),
    ],
    ids=lambda words: words[0],
)
def test_a_name_that_is_too_long_is_one_line(run, tmp_path, monkeypatch, words) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people").mkdir()
    (tmp_path / "track.csv").write_text("time_seconds,AU1\n0,0\n0.1,1\n0.2,0\n")
    (tmp_path / "face.png").write_bytes(b"")
    ran = run(*words)
    assert ran.code == 2 and (ran.out + ran.err).count("\n") == 1
    reasons = (
        "long",
        "at most 255 bytes",
        "got the empty",
        "there is no video or folder of this name",
    )
    assert any(reason in ran.out + ran.err for reason in reasons)
