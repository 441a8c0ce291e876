"""Read one malformed input, and say what came of it."""

from __future__ import annotations

import os
import re
import resource
import shutil
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from mien.errors import MienError
from tests.faults.inputs.reader import Reader

MOST_SECONDS = 20.0
MOST_MB = 1000.0
"""Memory that one input may take beyond what the process had before."""

MOST_CHARACTERS = 2500
"""Longest error message; a path may have some hundred characters more."""

FORBIDDEN = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "socket.connect")
"""What no reader may do, as Python's audit events."""

_caught: list[str] = []
_REPEATED = re.compile(r"(.)\1{40,}")


@dataclass(frozen=True)
class Outcome:
    """What came of one input.

    Attributes:
        kind: ``accepted``, ``refused`` (in one line, exit code 2), or ``fault``.
        detail: The error.
        seconds: How long it took.
        peak_mb: Memory beyond what the process had before.
    """

    kind: Literal["accepted", "refused", "fault"]
    detail: str
    seconds: float
    peak_mb: float


def watch() -> None:
    """Record each program that is started and each connection that is opened from now on."""
    sys.addaudithook(lambda event, _: _caught.append(event) if event in FORBIDDEN else None)


def limit_memory(megabytes: int) -> None:
    """Let the process fail with MemoryError, rather than fill the machine, beyond this much more than it has."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most = size + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def outcome_of(reader: Reader, seed: int, index: int, folder: Path) -> Outcome:
    """Make the input of a number, and read it.

    Args:
        reader: What reads it.
        seed: Seed of all inputs.
        index: Which input.
        folder: Does not exist; is made and removed.
    """
    folder.mkdir()
    path = reader.write(folder, Random(f"{seed}/{reader.name}/{index}"))
    _caught.clear()
    before = _peak_mb(reset=True)
    start = time.monotonic()
    kind: Literal["accepted", "refused", "fault"] = "accepted"
    detail = ""
    try:
        reader.read(path)
    except MienError as error:
        kind, detail = "refused", str(error)
        if not detail.strip() or len(detail) > MOST_CHARACTERS + len(str(path)):
            kind = "fault"
    except BaseException:
        kind, detail = "fault", _REPEATED.sub(r"\1...", traceback.format_exc())[-1500:]
    seconds = time.monotonic() - start
    peak = max(_peak_mb() - before, 0.0)
    if _caught:
        kind, detail = "fault", f"it did {_caught[0]}"
    if seconds > MOST_SECONDS or peak > MOST_MB:
        kind, detail = "fault", f"{seconds:.1f} s and {peak:.0f} MB; {detail}"
    shutil.rmtree(folder, ignore_errors=True)
    return Outcome(kind, detail, seconds, peak)


def _peak_mb(*, reset: bool = False) -> float:
    """The largest memory of this process; since the last reset, where the system can."""
    if reset:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1000
    return 0.0
