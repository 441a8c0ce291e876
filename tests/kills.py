"""Kill a process, as a power cut or the system would, just before its N-th change of files in a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"}
"""Audit events of Python. Each comes before the system is called."""


def kill_before(number: int, folder: str) -> None:
    """Kill this process before its N-th change below a folder, from 1."""
    done = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event not in CHANGES or not isinstance(arguments[0], str | os.PathLike):
            return
        reads = event == "open" and not int(arguments[2]) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)  # type: ignore[call-overload]
        if reads or folder not in os.path.abspath(os.fspath(arguments[0])):  # type: ignore[operator]  # noqa: PTH100
            return
        done += 1
        if done == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def killed_in_fork(number: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do work in a process that is killed before its N-th change; return False if it ended before."""
    child = os.fork()
    if child == 0:
        kill_before(number, str(folder))
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), status
    return status != 0


def killed_in_command(number: int, folder: Path, *arguments: object) -> bool:
    """Run ``mien`` in a process that is killed before its N-th change; return False if it ended before."""
    code = (
        "import sys; from tests.kills import kill_before; from mien.cli.main import main; "
        "kill_before(int(sys.argv[1]), sys.argv[2]); sys.exit(main(sys.argv[3:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(number), str(folder), *map(str, arguments)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def hidden_files(folder: Path) -> list[str]:
    """Return the hidden files and folders below a folder: what a run may leave unfinished."""
    return sorted(str(path) for path in folder.rglob(".*"))
