from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.errors import OutputError
from mien.training.clips.cut_clip import CutSettings
from mien.training.clips.outcome import Outcome
from mien.training.clips.person_clip import PersonClip
from mien.training.clips.shard import ShardTask, naming_writes, write_shard
from tests.training.clips.conftest import SIZE, write_frames


def task_of(path: Path, shard: Path) -> ShardTask:
    clip = PersonClip(person="ann", name="ann/smile", folder="ann", path=path, fps=Fraction(100))
    return ShardTask(clip, CutSettings(SIZE, 20.0, "measured", None), shard, shard.parent / "set")


def test_a_shard_has_the_rows_of_a_clip(people: Path, clip_set: Path, tmp_path: Path):
    task = task_of(people / "ann" / "smile", tmp_path / "shard")
    sent = pickle.loads(pickle.dumps((write_shard, task)))  # as to another process
    assert sent[0](sent[1]) == Outcome("ann/smile", "ann", 3)
    pixels = np.fromfile(tmp_path / "shard" / "images.uint8", np.uint8)
    assert pixels.tobytes() == (clip_set / "images.uint8").read_bytes()[: pixels.size]
    assert pixels.size == 3 * SIZE * SIZE * 3


def test_a_clip_that_cannot_be_read_leaves_no_shard(tmp_path: Path):
    outcome = write_shard(task_of(tmp_path / "none", tmp_path / "shard"))
    assert (outcome.frames, outcome.skipped) == (0, "unreadable")
    assert outcome.why.startswith("cannot read ") and not (tmp_path / "shard").exists()


def test_one_frame_shows_no_motion(tmp_path: Path, moving_face):
    grey = np.full_like(moving_face[0], 128)
    folder = write_frames(tmp_path / "clip", [moving_face[0], grey, grey])
    outcome = write_shard(task_of(folder, tmp_path / "shard"))
    assert (outcome.frames, outcome.skipped) == (0, "fewer than two frames")
    assert outcome.why.endswith("got 1, 2 left out (face lost)")
    assert not (tmp_path / "shard").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path):
    with (
        pytest.raises(OutputError, match=r"cannot write .*set: .*; choose a place that can be"),
        naming_writes(tmp_path / "set"),
    ):
        (tmp_path / "none" / "x").write_text("")
