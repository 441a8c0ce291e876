"""``mien train faces --clips``: what it says, and that every failure is one line."""

from __future__ import annotations

import errno

import numpy as np
import pytest

from mien.cli.train_faces import skipped_words
from mien.training.clips import shard
from mien.training.faces.face_set import FaceSet
from tests.training.clips.conftest import HELD_OUT, LEARNED, write_frames


@pytest.fixture(scope="module")
def people(small_face, tmp_path_factory):
    """A folder with two people; one has a clip without a face as well."""
    root = tmp_path_factory.mktemp("people")
    for person in (HELD_OUT, LEARNED):
        write_frames(root / person / "clip", [small_face, np.roll(small_face, 1, axis=1)])
    write_frames(root / LEARNED / "grey", [np.full((40, 40, 3), 128, np.uint8)] * 2)
    return root


def args(people, tmp_path, *more):
    return ("train", "faces", "--clips", people, "--out", tmp_path / "set", "--size", 32, *more)


def test_counts_and_what_was_skipped(run, people, tmp_path):
    ran = run(*args(people, tmp_path, "--labels", "still", "--crop", "published"))
    assert ran.code == 0, ran.err
    assert ran.out == f"{tmp_path / 'set'}: 2 people, 2 clips, 4 frames of 32 px\n"
    said = "mien: warning: 1 clips skipped, no usable face, such as ann/grey: found no face"
    assert ran.err.startswith(said) and ran.err.count("\n") == 1
    facts = FaceSet.open(tmp_path / "set").facts
    assert (facts["square_cm"], facts["labels"], facts["kind"]) == (13.5, "still", "clips")


def test_missing_aus_are_named_with_options_that_do_without_them(run, people, tmp_path):
    made = run(*args(people, tmp_path, "--labels", "still"))
    dry = ("train", "ulme-gan", "--data", tmp_path / "set", "--out", tmp_path / "run", "--dry-run")
    dry += ("--set", "generator.image_px=32", "--set", "discriminator.image_px=32")
    dry += ("--set", "discriminator.layers=3")
    ran = run(*dry)
    assert made.code == 0 and ran.code == 2 and ran.err.count("\n") == 1
    assert "got a set without AU2 AU4 AU5 AU6 AU7 AU9 AU23: choose other --labels" in ran.err
    options = ran.err.strip().partition(", or add ")[2].split()
    assert options[1] == "generator.aus=AU1,AU10,AU12,AU14,AU15,AU17,AU20,AU25,AU26,AU45"
    ran = run(*dry, *options)
    assert ran.code == 0, ran.err
    assert f"2 people (1 held out: {HELD_OUT}), 2 clips, 4 frames of 32 px; a first" in ran.out
    # A recipe without a critic has no second network.
    said = run(*dry, "--recipe", "painted").err
    assert "--set generator.aus=AU1L,AU1R,AU10" in said and "discriminator.aus" not in said


def test_frames_left_out_are_told():
    left_out = {"face lost": 3, "no label": 1}
    counts = {"skipped": {}, "frames_left_out": left_out}
    assert skipped_words({"counts": counts, "skipped": []}) == [
        "3 frames left out: face lost",
        "1 frames left out: no label",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "for the frames in"),
        (("--labels", "still", "--kind", "still"), "--kind, --seed and --views with --portraits"),
        (("--labels", "still", "--fps", "fast"), "frame rate"),
        (("--tables", "x"), "--tables with --labels openface"),
        (("--portraits", "x"), "either --portraits FOLDER or --clips"),
        (("--labels", "openface"), "expected the OpenFace table of ann/clip at"),
    ],
)
def test_wrong_input_is_one_line(run, people, tmp_path, words, said):
    ran = run(*args(people, tmp_path, *words))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("mien: error: ") and ran.err.count("\n") == 1
    assert said in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line(run, people, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    monkeypatch.setattr(shard, "cut_clip", full)
    ran = run(*args(people, tmp_path, "--labels", "still"))
    assert ran.code == 2 and ran.err.count("\n") == 1
    assert ran.err.startswith("mien: error: cannot write") and "No space left" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_neither_portraits_nor_clips_and_options_of_clips_with_portraits(run, tmp_path):
    ran = run("train", "faces", "--out", tmp_path / "set")
    assert ran.code == 2 and "either --portraits FOLDER or --clips" in ran.err
    ran = run("train", "faces", "--portraits", "x", "--out", tmp_path / "set", "--labels", "still")
    assert ran.code == 2 and "options of clips with --clips" in ran.err
