from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.au.track import AUTrack
from mien.io.clip_hash import sha256_file
from mien.io.clips import open_clip
from mien.io.sidecar import read_sidecar
from mien.io.tracks import write_track


def frames_of(path: Path) -> np.ndarray:
    return np.stack([frame for _, frame in open_clip(path)])


def only_smiles(said: str) -> bool:
    """Return whether nothing is said but that the portrait smiles already, which the tests' portrait does."""
    return (
        re.fullmatch(r"(mien: warning: \S+: the face is not neutral: it shows AU12 .*\n)?", said)
        is not None
    )


@pytest.fixture
def generate(run, face_file, tmp_path):
    """Run ``mien generate`` losslessly and at a low frame rate; return its sidecar and frames."""

    def generate(*options: object, out: str = "clip.mkv"):
        ran = run("generate", face_file, "--out", tmp_path / out, *options)
        assert ran.code == 0 and only_smiles(ran.err), ran.err
        sidecar = read_sidecar(tmp_path / f"{out}.json")
        frames = frames_of(tmp_path / out)
        assert len(frames) == sidecar.frames
        return sidecar, frames

    return generate


def test_json_is_one_line_that_says_what_was_made(run, face_file, tmp_path):
    out = tmp_path / "smile.mp4"
    ran = run("generate", face_file, "--out", out, "--expression", "happiness", "--json")
    assert ran.code == 0 and only_smiles(ran.err)
    assert ran.out.count("\n") == 1
    record = json.loads(ran.out)
    clip = open_clip(out)
    assert record["frames"] == sum(1 for _ in clip) == 79
    assert (record["fps"], clip.fps, record["seconds"]) == ("200", 200, 0.395)
    assert (record["out"], record["sidecar"]) == (str(out), f"{out}.json")
    assert (record["engine"], record["slowdown"]) == ("rig", 1)
    assert 0 < record["first_frame_seconds"] <= record["total_seconds"]


def test_without_json_one_line_for_people(run, face_file, tmp_path):
    ran = run("generate", face_file, "--out", tmp_path / "s.gif", "--expression", "happiness")
    assert ran.out == (
        f"{tmp_path}/s.gif: 79 frames at 200 a second (0.395 s, playing 4 times slower), AU6 AU12\n"
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s.gif", "s.gif.json"]


def test_the_sidecar_holds_hash_engine_version_settings_and_track(generate, face_file):
    sidecar, _ = generate("--expression", "anger", "--intensity", "C", "--fps", 50)
    assert [file.sha256 for file in sidecar.inputs] == [sha256_file(face_file)]
    assert (sidecar.engine, sidecar.seed, sidecar.fps) == ("rig", None, 50)
    assert sidecar.settings["intensity"] == "C"
    assert sidecar.settings["envelopes"][0].startswith("AU4=3@0-")
    assert sidecar.track.names == ("AU4", "AU7", "AU23", "AU24")
    assert sidecar.track.peak == 3.0


@pytest.mark.parametrize("face", [0, 1])
def test_one_of_several_faces_in_an_openface_table(run, generate, face_file, tmp_path, face):
    (tmp_path / "of.csv").write_text(
        "frame, face_id, timestamp, confidence, success, AU12_r, AU12_c\n"
        "1, 0, 0.00, 1, 1, 1, 1\n1, 1, 0.00, 1, 1, 3, 1\n"
        "2, 0, 0.04, 1, 1, 1, 1\n2, 1, 0.04, 1, 1, 3, 1\n"
    )
    sidecar, _ = generate("--aus", tmp_path / "of.csv", "--aus-face", face)
    assert sidecar.track.values.ravel().tolist() == [1.0 + 2 * face] * 2
    refused = run("generate", face_file, "--out", tmp_path / "x.mp4", "--aus", tmp_path / "of.csv")
    assert refused.code == 2 and "got faces 0, 1: choose with --aus-face N" in refused.err


def test_neutral_frames_are_the_portrait_and_the_apex_is_not(generate, small_face):
    options = ("--expression", "surprise", "--fps", 50, "--lead", 0.1, "--tail", 0.06)
    sidecar, frames = generate(*options)
    moving = sidecar.track.values.max(axis=1) > 0
    assert not moving[:6].any() and not moving[-3:].any() and moving[6]
    for index in np.flatnonzero(~moving):
        assert np.array_equal(frames[index], small_face)
    assert not np.array_equal(frames[sidecar.track.apex_index], small_face)


@pytest.mark.parametrize(
    "words",
    [
        ("--au", "AU12L=2.5@0-0.1-0.1-0.2", "--au", "AU1=B@0-0.1-0.1-0.2"),
        ("--au", "AU12L=2.5@0-0.1-0.1-0.2", "AU1=B@0-0.1-0.1-0.2"),
    ],
    ids=["repeated", "listed"],
)
def test_several_aus_either_way(generate, words):
    sidecar, _ = generate(*words, "--fps", 50)
    assert sidecar.track.names == ("AU1", "AU12L")
    assert sidecar.track.values.max(axis=0).tolist() == [2.0, 2.5]


def test_the_same_seed_gives_the_same_frames_and_another_does_not(generate):
    first, frames = generate("--sample", "disgust", "--seed", 3, "--fps", 50, out="a.mkv")
    again, same = generate("--sample", "disgust", "--seed", 3, "--fps", 50, out="b.mkv")
    _, other = generate("--sample", "disgust", "--seed", 4, "--fps", 50, out="c.mkv")
    assert first == again and first.seed == 3
    assert np.array_equal(frames, same)
    assert frames.shape != other.shape or not np.array_equal(frames, other)


def test_strength_duration_and_side(generate):
    sidecar, frames = generate(
        *("--expression", "happiness", "--strength", 1.5, "--duration", 0.2),
        *("--side", "right", "--fps", 100, "--no-shading"),
    )
    assert sidecar.track.names == ("AU6R", "AU12R")
    assert sidecar.track.peak == 3.0
    assert sidecar.track.times_seconds[-1] == 0.2
    assert sidecar.settings["shading"] is False
    moved = np.abs(frames.astype(int) - frames[0]).max(axis=(0, 3))
    # The subject's right is on the picture's left; the face's middle is near column 82.
    assert (moved[:, :70] > 8).sum() > 20 * (moved[:, 94:] > 8).sum() > -1


def test_a_table_keeps_its_own_rate_unless_another_is_asked(generate, tmp_path):
    table = tmp_path / "track.csv"
    times = np.arange(11) / 25
    write_track(table, AUTrack(("AU4",), np.linspace(0, 2, 11)[:, None], times))
    sidecar, _ = generate("--aus", table, out="own.mkv")
    assert (sidecar.fps, sidecar.frames) == (25, 11)
    assert [file.name for file in sidecar.inputs] == ["face.png", "track.csv"]
    sidecar, _ = generate("--aus", table, "--fps", "30000/1001", "--strength", 2, out="ntsc.mkv")
    assert (sidecar.fps, sidecar.frames) == (Fraction(30000, 1001), 12)
    assert sidecar.track.peak == pytest.approx(4 * (11 * 1001 / 30000) / 0.4)


def test_pngs_go_into_a_folder(run, face_file, tmp_path):
    out = tmp_path / "frames"
    ran = run("generate", face_file, "--out", out, "--expression", "fear", "--fps", 25, "--json")
    record = json.loads(ran.out)
    names = sorted(path.name for path in out.iterdir())
    assert names == [*(f"{i:06d}.png" for i in range(record["frames"])), "mien.json"]
    assert record["sidecar"] == str(out / "mien.json")


@pytest.mark.parametrize("choice", ["2", "largest"])
def test_one_of_two_faces_is_chosen(run, small_face, tmp_path, choice):
    from mien.io.images import write_png

    write_png(tmp_path / "two.png", np.hstack([small_face, small_face]))
    ran = run(
        *("generate", tmp_path / "two.png", "--out", tmp_path / "o.mkv"),
        *("--expression", "surprise", "--fps", 25, "--face", choice),
    )
    assert ran.code == 0 and only_smiles(ran.err)
    frames = frames_of(tmp_path / "o.mkv").astype(int)
    moved = np.abs(frames - frames[0]).max(axis=(0, 1, 3)) > 0
    assert moved[:160].any() != moved[160:].any()
    if choice == "2":
        assert moved[160:].any()


def test_one_side_of_an_expression_notes_aus_without_sides(run, face_file, tmp_path):
    asked = ("--expression", "anger", "--fps", 25, "--duration", 0.2, "--size", 64)
    ran = run("generate", face_file, *asked, "--side", "left", "--out", tmp_path / "left.mkv")
    note = "AU23 AU24 have no sides in FACS, so both sides of the face move, although left was asked for"
    assert ran.code == 0 and note in ran.err
    assert note in (tmp_path / "left.mkv.json").read_text(encoding="utf-8")
    ran = run("generate", face_file, *asked, "--out", tmp_path / "both.mkv")
    assert "no sides" not in ran.err
