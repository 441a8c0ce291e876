from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mien.errors import OutputError
from mien.io.atomic import atomic_file, atomic_folder, check_writable
from mien.io.unfinished import name_beside, sweep, unfinished

HOLD = """
import sys, time
from pathlib import Path
from mien.io.unfinished import unfinished
with unfinished(Path(sys.argv[1]), folder=sys.argv[2] == "folder") as path:
    (path / "half").touch() if path.is_dir() else path.write_text("half")
    print("holds", flush=True)
    time.sleep(60)
"""


def holder(target: Path, kind: str) -> subprocess.Popen[str]:
    """Start a process that is making an output."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, target, kind], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "holds\n"
    return process


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_process_left_goes_and_what_a_living_one_makes_stays(tmp_path, kind):
    target = tmp_path / "out"
    process = holder(target, kind)
    try:
        for attempt in (
            lambda: check_writable(target, folder=kind == "folder"),
            lambda: atomic_file(target).__enter__(),
            lambda: atomic_folder(target, lambda _: True).__enter__(),
        ):
            with pytest.raises(OutputError, match=r"another process is writing .*out: wait"):
                attempt()
        sweep(tmp_path)
        assert len(list(tmp_path.iterdir())) == 1
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    (left,) = tmp_path.iterdir()
    assert left == name_beside(target, "part")
    if kind == "file":
        with atomic_file(target) as temporary:
            assert temporary.read_bytes() == b""
    else:
        with atomic_folder(target, lambda _: True) as temporary:
            assert list(temporary.iterdir()) == []
    assert list(tmp_path.iterdir()) == [target]


def test_sweep_takes_only_unfinished_outputs(tmp_path):
    kept = {".hidden", "a.part", ".a.part", "a.mp4", ".a.mp4.1234.part"}
    for name in (*kept, ".a.mp4.0123abcd.part", ".old.0123abcd.part"):
        (tmp_path / name).touch()
    (tmp_path / ".frames.0123abcd.part" / "deep").mkdir(parents=True)
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == kept
    sweep(tmp_path / "missing")


def test_sweep_takes_a_replaced_folder_only_if_the_new_one_is_there(tmp_path):
    for name in ("replaced", "pulled"):
        old = name_beside(tmp_path / name, "old")
        old.mkdir()
        (old / "0.png").touch()
    (tmp_path / "replaced").mkdir()
    (tmp_path / ".theirs.0123abcd.old").mkdir()
    sweep(tmp_path)
    kept = {"replaced", name_beside(tmp_path / "pulled", "old").name, ".theirs.0123abcd.old"}
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_a_link_in_the_place_of_the_temporary_is_not_followed(tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    name_beside(tmp_path / "a", "part").symlink_to(theirs)
    with atomic_file(tmp_path / "a") as temporary:
        temporary.write_text("new")
    assert theirs.read_text() == "precious"
    assert (tmp_path / "a").read_text() == "new" and not (tmp_path / "a").is_symlink()


def test_long_names_that_begin_alike_do_not_meet(tmp_path):
    first, second = (tmp_path / ("x" * 240 + end) for end in "ab")
    with unfinished(first) as one, unfinished(second) as two:
        assert one != two


def _race(target: Path, won: list[int]) -> None:
    try:
        with atomic_file(target, is_own=lambda _: True) as temporary:
            time.sleep(0.02)
            temporary.write_text(str(os.getpid()))
        won.append(os.getpid())
    except OutputError as error:
        assert "another process" in str(error)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_of_processes_that_start_at_once_one_wins_each_time(tmp_path):
    context = multiprocessing.get_context("fork")
    target = tmp_path / "a"
    for _ in range(10):
        name_beside(target, "part").touch()  # a killed process was here before
        with context.Manager() as manager:
            won = manager.list()
            racers = [context.Process(target=_race, args=(target, won)) for _ in range(4)]
            for racer in racers:
                racer.start()
            for racer in racers:
                racer.join()
                assert racer.exitcode == 0
            assert len(won) >= 1 and int(target.read_text()) in list(won)
        assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_worker_that_outlives_its_parent_does_not_keep_the_lock(tmp_path):
    target = tmp_path / "a"
    context = multiprocessing.get_context("fork")
    holds = unfinished(target)
    holds.__enter__()
    worker = context.Process(target=time.sleep, args=(30,))
    worker.start()
    holds.__exit__(None, None, None)
    try:
        name_beside(target, "part").touch()
        check_writable(target)
        with unfinished(target):
            pass
    finally:
        worker.kill()
        worker.join()
