from __future__ import annotations

import inspect
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

import mien
from mien.errors import OutputError, UsageError
from mien.face.portrait import find_face
from mien.io.clips import open_clip
from mien.io.sidecar import read_sidecar

ENVELOPE = "AU12=2@0-0.04-0.04-0.08"


def test_python_and_command_line_make_the_same_clip(face_file, tmp_path):
    from mien.cli.main import main

    made = mien.generate(face_file, tmp_path / "a.mkv", au=ENVELOPE, fps=50, lead_seconds=0.04)
    words = ["generate", str(face_file), "--out", str(tmp_path / "b.mkv"), "--au", ENVELOPE]
    assert main([*words, "--fps", "50", "--lead", "0.04"]) == 0
    assert made.path == tmp_path / "a.mkv"
    one, other = ([f for _, f in open_clip(tmp_path / name)] for name in ("a.mkv", "b.mkv"))
    assert len(one) == made.frames == 7 and made.fps == 50
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert read_sidecar(made.sidecar).inputs == read_sidecar(tmp_path / "b.mkv.json").inputs


def test_numpy_numbers_make_the_same_clip(face_file, tmp_path):
    plain = mien.generate(face_file, tmp_path / "a.mkv", expression="fear", fps=25, strength=0.5)
    made = mien.generate(
        face_file,
        tmp_path / "b.mkv",
        expression="fear",
        fps=np.int64(25),
        strength=np.float32(0.5),
        engine_settings={"shading": np.bool_(True)},
    )
    assert read_sidecar(made.sidecar).settings == read_sidecar(plain.sidecar).settings


def test_portraits_from_memory(small_face, tmp_path):
    portrait = mien.Portrait.from_image(small_face)
    clips = []
    for name, source in (("a", small_face), ("p", portrait)):
        made = mien.generate(source, tmp_path / f"{name}.mkv", au=[ENVELOPE], fps="30000/1001")
        assert made.fps == Fraction(30000, 1001)
        clips.append([frame for _, frame in open_clip(made.path)])
    assert all(np.array_equal(a, b) for a, b in zip(*clips, strict=True))


def test_alpha_is_kept_in_lossless_formats(small_face, tmp_path):
    alpha = np.tile(np.arange(160, dtype=np.uint8), (192, 1))
    made = mien.generate(np.dstack([small_face, alpha]), tmp_path / "f", au=ENVELOPE, fps=25)
    _, first = next(iter(open_clip(made.path)))
    assert np.array_equal(first[..., 3], alpha)


@pytest.mark.parametrize("chroma", [None, "444", "420", 420])
def test_chroma_of_an_mp4(face_file, tmp_path, chroma):
    made = mien.generate(face_file, tmp_path / "a.mp4", au=ENVELOPE, fps=25, chroma=chroma)
    sidecar = read_sidecar(made.sidecar)
    wanted = str(chroma or 444)
    assert sidecar.settings["chroma"] == wanted
    assert sidecar.facts["codec"].startswith(f"h264 yuv{wanted}p")


def test_progress_is_told(face_file, tmp_path):
    told = []
    mien.generate(
        face_file, tmp_path / "a.mp4", au=ENVELOPE, fps=25, on_frame=lambda *n: told.append(n)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_render_frames_needs_no_file(small_face):
    frames = mien.render_frames(small_face, "surprise", fps=25)
    assert inspect.isgenerator(frames) or hasattr(frames, "__next__")
    frames = list(frames)
    assert len(frames) == 10 and np.array_equal(frames[0], small_face)
    expression = mien.preset("surprise")
    again = mien.render_frames(mien.Portrait.from_image(small_face), expression.track(25))
    assert all(np.array_equal(a, b) for a, b in zip(frames, again, strict=True))


def test_render_frames_refuses_at_once(small_face):
    with pytest.raises(UsageError, match="unknown expression"):
        mien.render_frames(small_face, "glee")
    with pytest.raises(UsageError, match="engine"):
        mien.render_frames(small_face, "fear", engine="warp")


def test_a_sidecar_that_cannot_be_written_takes_the_clip_back(face_file, tmp_path):
    (tmp_path / "a.mp4.json").mkdir()
    with pytest.raises(OutputError):
        mien.generate(face_file, tmp_path / "a.mp4", au=ENVELOPE, fps=25)
    assert not (tmp_path / "a.mp4").exists()


def test_an_engine_that_yields_too_few_frames_is_refused(face_file, tmp_path, monkeypatch):
    from mien.engines.base import Frames
    from mien.engines.rig.engine import RigSession

    one = lambda self, track: Frames(iter([self.portrait.image]), track)  # noqa: E731
    monkeypatch.setattr(RigSession, "render", one)
    with pytest.raises(UsageError, match="expected 3 frames from the engine, got 1"):
        mien.generate(face_file, tmp_path / "a.mp4", au=ENVELOPE, fps=25)
    assert list(tmp_path.iterdir()) == []


def test_import_is_light_and_names_are_there():
    script = (
        "import sys, mien\nheavy = [n for n in ('numpy', 'cv2', 'av') if n in sys.modules]\n"
        "print(heavy, all(hasattr(mien, name) for name in mien.__all__))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout == "[] True\n"
    with pytest.raises(AttributeError, match="no attribute 'smile'"):
        _ = mien.smile


def test_aus_outside_the_picture_are_refused(small_face, tmp_path):
    chinless = np.ascontiguousarray(small_face[: int(find_face(small_face).landmarks[13, 1])])
    jaw = {"au": ["AU26=2@0-0.1-0.1-0.2"], "fps": 25}
    with pytest.raises(UsageError, match=r"the skin that AU26 moves: .*--beyond-picture"):
        mien.generate(chinless, tmp_path / "a.mp4", **jaw)
    assert not list(tmp_path.iterdir())
    mien.generate(chinless, tmp_path / "a.mp4", **jaw, beyond_picture=True)
    mien.generate(chinless, tmp_path / "b.mp4", au=["AU4=2@0-0.1-0.1-0.2"], fps=25)
