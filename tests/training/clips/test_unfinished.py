from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mien.errors import OutputError, UsageError
from mien.training.clips.arrays import RowArray
from mien.training.clips.outcome import Outcome
from mien.training.clips.unfinished import UnfinishedSet, remove_finished

ARRAYS = {
    "aus": RowArray("aus.npy", "<f4", (1, 2)),
    "points": RowArray("points.npy", "<f4", (3,), per_clip=True),
}
PLAN = {"size": 64, "labels": "measured"}


def add(unfinished: UnfinishedSet, number: int, frames: int) -> None:
    shard = unfinished.shard(number)
    shard.mkdir(parents=True)
    aus = np.full((frames, 2), number, np.float32)
    (shard / "aus.npy").write_bytes(aus.tobytes())
    (shard / "points.npy").write_bytes(np.full(3, number, np.float32).tobytes())
    unfinished.add(Outcome(f"clip {number}", "ann", frames), shard)


def test_a_killed_set_goes_on_after_its_last_finished_clip(tmp_path: Path):
    out = tmp_path / "set"
    begun = UnfinishedSet(out, PLAN, ARRAYS)
    with pytest.raises(OutputError, match=r"another process is making .*set: wait for its end"):
        UnfinishedSet(out, PLAN, ARRAYS)
    add(begun, 0, 2)
    begun.add(Outcome("clip 1", "bob", skipped="no usable face", why="none"), begun.shard(1))
    # Killed while it appended a clip: rows without a line, half a line, and a shard.
    with (tmp_path / ".set.clips" / "set" / "aus.npy").open("ab") as file:
        file.write(b"\x01" * 11)
    with (tmp_path / ".set.clips" / "clips.jsonl").open("a") as file:
        file.write('{"name": "clip 2", "per')
    begun.shard(2).mkdir(parents=True)
    begun.release()  # as the end of a process does

    again = UnfinishedSet(out, PLAN, ARRAYS)
    assert [(one.name, one.frames) for one in again.done] == [("clip 0", 2), ("clip 1", 0)]
    assert not again.shard(2).exists()
    add(again, 2, 3)
    again.finish({"kind": "clips"})
    assert np.load(out / "aus.npy")[:, 0, 0].tolist() == [0, 0, 2, 2, 2]
    assert np.load(out / "points.npy")[:, 0].tolist() == [0, 2]
    assert json.loads((out / "faces.json").read_text()) == {"kind": "clips"}
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_what_is_left_of_a_set_that_is_finished_goes(tmp_path: Path):
    """As a kill just after the set was moved into its place leaves it."""
    out, left = tmp_path / "set", tmp_path / ".set.clips"
    for plan, stays in ((PLAN | {"size": 32}, True), (PLAN, False)):
        UnfinishedSet(out, PLAN, ARRAYS).release()
        remove_finished(out, plan)
        assert left.exists() == stays
    held = UnfinishedSet(out, PLAN, ARRAYS)
    remove_finished(out, PLAN)
    assert left.exists()
    held.remove()


def test_another_plan_is_refused_and_nothing_lost(tmp_path: Path):
    begun = UnfinishedSet(tmp_path / "set", PLAN, ARRAYS)
    add(begun, 0, 2)
    begun.release()
    with pytest.raises(
        UsageError, match=r"\.set\.clips .* with other labels: finish it with the same"
    ):
        UnfinishedSet(tmp_path / "set", PLAN | {"labels": "still"}, ARRAYS)
    assert len(UnfinishedSet(tmp_path / "set", PLAN, ARRAYS).done) == 1


def test_a_folder_without_a_plan_was_killed_at_once(tmp_path: Path):
    (tmp_path / ".set.clips" / "set").mkdir(parents=True)
    assert UnfinishedSet(tmp_path / "set", PLAN, ARRAYS).done == []


def test_other_files_stay(tmp_path: Path):
    unfinished = UnfinishedSet(tmp_path / "set", PLAN, ARRAYS)
    add(unfinished, 0, 2)
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="other files in it"):
        unfinished.finish({})
    assert (tmp_path / "set" / "mine.txt").read_text() == "mine"
