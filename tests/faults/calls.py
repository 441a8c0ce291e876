"""Load `calls.c` into a process and switch it on; see there for what it counts."""

from __future__ import annotations

import ctypes
import enum
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PRELOADED = "MIEN_FAULTS_LIBRARY"
"""Environment variable with the path of the compiled library."""


class Fault(enum.IntEnum):
    """What happens at the Nth call; the numbers are those of `calls.c`."""

    COUNT = 1
    KILL = 2
    FULL_DISK = 3


def compiler() -> str | None:
    """Return a C compiler; None if there is none, or if the system has no LD_PRELOAD."""
    if not sys.platform.startswith("linux"):
        return None
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def with_library(command: list[str]) -> int:
    """Run a command with the library loaded; return its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "calls.so"
        cc = compiler()
        assert cc is not None, "needs Linux and a C compiler"
        source = Path(__file__).with_name("calls.c")
        build = [cc, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
        subprocess.run(build, check=True)
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # none may run at a fork
        loaded = {PRELOADED: str(library), "LD_PRELOAD": str(library)}
        return subprocess.run(command, env=os.environ | threads | loaded, check=False).returncode


def armed(folder: Path, fault: Fault, nth: int, journal: int = -1) -> Callable[[], None]:
    """Return a function that switches the library on in this process.

    Args:
        folder: Calls on files below it are counted.
        fault: What happens.
        nth: At which call, from 1.
        journal: File descriptor to which a line is written for each call.
    """
    library = ctypes.CDLL(os.environ[PRELOADED])

    def arm() -> None:
        library.faults_arm(os.fsencode(folder.resolve()), int(fault), nth, journal)

    return arm
