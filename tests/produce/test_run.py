"""Runs on this machine: the same bytes whatever the number of workers, and no damage by kills."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from mien.cli.produce_set import status_line
from mien.errors import OutputError, UsageError
from mien.io.unfinished import name_beside, unfinished
from mien.produce import stored_portraits, worker
from mien.produce.executors import local
from mien.produce.executors.local import LocalExecutor
from mien.produce.frozen import read_frozen
from mien.produce.rows import Sample, read_manifest
from mien.produce.run import run_set, shard_range
from mien.produce.shard import manifest_path, shard_files, stats_path, tar_path
from mien.produce.status import set_status
from mien.produce.stored_portraits import flows_name, square_name
from mien.produce.turns import Turns
from mien.produce.worker import make_shard
from tests.produce.kills import kill_runs, start_run
from tests.produce.sets import begun, hashes


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_change_no_byte(workers: int, people: Path, pairs: Path, tmp_path: Path) -> None:
    """The fixture was made in this process; its libraries had other numbers of threads."""
    folder = begun(people, tmp_path / "set")
    result = run_set(folder, LocalExecutor(workers))
    assert (result.made, result.samples, result.failed, result.kept) == (3, 12, 0, 0)
    assert hashes(folder) == hashes(pairs)
    assert result.peak_mb < 1024
    again = run_set(folder, LocalExecutor(workers))
    assert (again.made, again.kept) == (0, 3)


@pytest.mark.parametrize("kind", ["clips", "flows"])
def test_other_kinds_are_the_same_by_one_and_by_two(
    kind: str, people: Path, tmp_path: Path
) -> None:
    sets = []
    for workers in (1, 2):
        folder = begun(
            people, tmp_path / str(workers), **{"kind": kind, "count": 4, "shard": 2}, **_turn(kind)
        )
        assert run_set(folder, LocalExecutor(workers)).made == 2
        sets.append(hashes(folder))
    assert sets[0] == sets[1]


def _turn(kind: str) -> dict[str, int]:
    return {"turn": 24} if kind == "flows" else {}


def test_shards_of_two_machines_make_the_whole(people: Path, pairs: Path, tmp_path: Path) -> None:
    folder = begun(people, tmp_path / "set")
    assert run_set(folder, LocalExecutor(1), "1:").made == 2
    half = set_status(folder)
    assert (half.finished, half.made, half.running) == (2, 7, 0)
    assert run_set(folder, LocalExecutor(1), "0:1").made == 1
    assert hashes(folder) == hashes(pairs)
    for text, says in (("2:1", "within 0:3"), ("0:9", "within 0:3"), ("x", "a:b"), ("-1:2", "a:b")):
        with pytest.raises(UsageError, match=says):
            shard_range(text, 3)


def test_what_killed_workers_left_is_not_running(people: Path, tmp_path: Path) -> None:
    folder = begun(people, tmp_path / "set")
    left = name_beside(tar_path(folder, 0), "part")
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"x")
    with unfinished(tar_path(folder, 1)):  # as another process would hold it
        soon, later = (set_status(folder, time.time() + seconds) for seconds in (0, 60))
    assert (soon.running, soon.interrupted) == (2, 0)
    assert (later.running, later.interrupted) == (1, 1)
    assert left.exists() and "1 shard running, 1 interrupted" in status_line(folder, later)


def test_a_shard_is_made_by_one_run_only(people: Path, pairs: Path, tmp_path: Path) -> None:
    """A second run joins: it takes what is free, and leaves what another one is making."""
    folder = begun(people, tmp_path / "set")
    with unfinished(stats_path(folder, 1)):  # as another process would hold it
        result = run_set(folder, LocalExecutor(2))
        assert (result.made, result.busy, result.broken) == (2, 1, ())
        assert not tar_path(folder, 1).exists()
    assert run_set(folder, LocalExecutor(1)).made == 1
    assert hashes(folder) == hashes(pairs)


def test_a_failing_sample_has_a_reason_and_shifts_no_other(pairs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    for path in (folder / "shards").iterdir():
        path.unlink()
    frozen = read_frozen(folder)
    portrait = folder / square_name(0, 80)
    content = portrait.read_bytes()
    portrait.unlink()
    whole = {row["index"]: row for n in range(3) for row in read_manifest(manifest_path(pairs, n))}
    for shard in range(3):
        outcome = make_shard(folder, shard)
        assert outcome.state == "made"
        rows = read_manifest(manifest_path(folder, shard))
        assert [row["index"] for row in rows] == list(frozen.plan.samples_of(shard))
        for row in rows:
            lost = whole[row["index"]]["subject"] == frozen.portraits[0].subject
            if lost:
                assert row["status"] == "failed" and "000000-80.npz is missing" in row["reason"]
            else:
                assert row == whole[row["index"]]
    status = set_status(folder)
    assert 0 < status.failed < 12 and status.made + status.failed == 12
    assert run_set(folder, LocalExecutor(1)).made == 0  # a run leaves them: they were tried
    portrait.write_bytes(content)
    again = run_set(folder, LocalExecutor(1), retry=True)
    assert again.failed == 0 and hashes(folder) == hashes(pairs)
    assert run_set(folder, LocalExecutor(1), retry=True).made == 0


def test_what_only_looks_finished_is_made_again(pairs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    stats_path(folder, 0).unlink()  # a tar without stats does not count
    tar_path(folder, 1).write_bytes(tar_path(folder, 1).read_bytes()[:-1])
    stats_path(folder, 2).write_text("{")
    assert run_set(folder, LocalExecutor(2)).made == 3
    assert hashes(folder) == hashes(pairs)


def test_files_get_their_names_in_order(pairs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    with shard_files(folder, 0) as files:
        for path in (files.tar, files.manifest, files.stats):
            assert path.parent == folder / "shards" and path.name.startswith(".")
        with pytest.raises(OutputError, match="another process is writing"), shard_files(folder, 0):
            pass
        assert stats_path(folder, 0).is_file()  # the old shard is whole until the end
    assert tar_path(folder, 0).read_bytes() == b"" and stats_path(folder, 0).read_bytes() == b""


def test_a_shard_without_a_plan_is_broken(pairs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(pairs, folder)
    stats_path(folder, 1).unlink()
    (folder / "plan.json").unlink()
    assert make_shard(folder, 1).state == "broken"
    assert "mien produce plan" in make_shard(folder, 1).why


@pytest.mark.subprocess
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="sends signals the POSIX way")
def test_a_shard_whose_process_dies_is_given_up(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process that begins shard 1 is killed, as where memory ends; the others are made."""
    folder = begun(people, tmp_path / "set")
    begin, killed = local._start, []

    def begin_and_kill(folder: Path, shard: int, attempt: int, retry: bool) -> Any:
        started = begin(folder, shard, attempt, retry)
        if shard == 1:
            killed.append(attempt)
            os.kill(started.process.pid, signal.SIGKILL)
        return started

    monkeypatch.setattr(local, "_start", begin_and_kill)
    result = run_set(folder, LocalExecutor(2))
    assert killed == [1, 2, 3] and result.made == 2
    ((shard, why),) = result.broken
    assert shard == 1 and why == "its process died 3 times, the last time with exit code -9"
    monkeypatch.undo()
    assert run_set(folder, LocalExecutor(1)).made == 1


@pytest.mark.parametrize(
    ("error", "of_machine"),
    [
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.EIO, "failing"), True),
        (MemoryError(), True),
        (OSError(errno.ENOENT, "missing"), False),
        (OutputError("cannot encode a picture"), False),
    ],
)
def test_only_errors_of_the_machine_stop_a_shard(
    error: Exception, of_machine: bool, pairs: Path
) -> None:
    frozen, tried = read_frozen(pairs), []

    def make(index: int) -> Sample:
        tried.append(index)
        raise OutputError("cannot write") from error

    if of_machine:
        with pytest.raises(OutputError):
            worker._tried(frozen, make, 4, 2)
        assert tried == [4]
    else:
        assert not worker._tried(frozen, make, 4, 2).made
        assert tried == [4, 4]


@pytest.mark.parametrize("kind", ["pairs", "flows"])
def test_an_unreadable_square_fails_its_person_alone(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = request.getfixturevalue(kind)
    frozen = read_frozen(folder)
    name = flows_name(0) if kind == "flows" else square_name(0, 80)
    whole = stored_portraits.sha256_file

    def unreadable(path: Path) -> str:
        if path == folder / name:
            raise UsageError(f"cannot read {path}: Permission denied")
        return whole(path)

    monkeypatch.setattr(stored_portraits, "sha256_file", unreadable)
    turns = Turns(frozen)
    indices = list(range(0, frozen.plan.count, frozen.plan.run))
    for sample in worker.samples_of(folder, frozen, indices, tmp_path):
        assert sample.made == (turns.subject(sample.index) != 0)
        assert sample.made or "is unreadable (cannot read" in sample.row["reason"]


@pytest.mark.subprocess
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes the Linux way")
def test_kills_leave_nothing_lost_and_nothing_twice(people: Path, tmp_path: Path) -> None:
    counts = kill_runs(people, tmp_path, kills=3, seed=1)
    assert counts.kills == 3 and counts.finished >= 1 and not counts.wrong


@pytest.mark.subprocess
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="sends signals the POSIX way")
def test_an_interrupted_run_leaves_nothing_unfinished(people: Path, tmp_path: Path) -> None:
    folder = begun(people, tmp_path / "set", count=200, shard=20)
    run = start_run(folder)
    while not list((folder / "shards").glob("*.json")):
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGTERM)
    _, err = run.communicate()
    assert (run.returncode, err) == (128 + signal.SIGTERM, b"mien: interrupted\n")
    assert not list((folder / "shards").glob(".*"))
    assert 0 < set_status(folder).finished < 10
