"""Decide which existing files an output may replace: those that Mien wrote, and others only if the user allows it."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TypeAlias

from mien.errors import OutputError

IsOwn: TypeAlias = Callable[[Path], bool]
"""A function that tells whether Mien wrote an existing file."""

_MARKS = (b"Made with Mien", b"Software\0Mien ", b'"mien_version"')
_overwrite: ContextVar[bool] = ContextVar("overwrite", default=False)


@contextmanager
def overwriting(allowed: bool = True) -> Iterator[None]:
    """Let outputs replace files that Mien did not write while the block runs."""
    before = _overwrite.set(allowed)
    try:
        yield
    finally:
        _overwrite.reset(before)


def has_mark(path: Path) -> bool:
    """Return whether a file says that Mien made it, as Mien's clips, pictures, flow maps and JSON records do."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return any(data.find(mark) >= 0 for mark in _MARKS)
    except (OSError, ValueError):
        return False


def is_own_clip(path: Path) -> bool:
    """Return whether Mien wrote a clip: its file says so or, if that is damaged, a sidecar beside it."""
    return has_mark(path) or has_mark(path.with_name(f"{path.name}.json"))


def begins_with(*starts: str) -> IsOwn:
    """Return a test for tables without a place for a mark: whether a file begins with one of the given texts."""

    def is_own(path: Path) -> bool:
        try:
            with path.open("rb") as file:
                head = file.read(4096)
        except OSError:
            return False
        return any(head.startswith(start.encode("utf-8")) for start in starts)

    return is_own


def check_replaceable(target: Path, is_own: IsOwn = has_mark) -> None:
    """Refuse an output whose place holds something that must stay.

    Args:
        target: The output, a file. An empty file may always be replaced.
        is_own: Tells whether Mien wrote an existing file.

    Raises:
        OutputError: The place holds a folder, a device, or a file that Mien did not write; `overwriting` allows the
            last of these.
        OSError: The system cannot tell what is there.
    """
    if target.is_dir():
        raise OutputError(f"expected a file to write, got the folder {target}: name a file in it")
    if not os.path.lexists(target):
        return
    if target.exists() and not target.is_file():
        raise OutputError(f"expected a file to write, got the device {target}: name a file")
    if _overwrite.get() or not target.exists() or not target.stat().st_size or is_own(target):
        return
    raise OutputError(
        f"{target} is there already and Mien did not write it: choose another name, or add --overwrite"
    )
