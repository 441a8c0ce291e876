"""Unfinished outputs: each is made beside its final place under another name, and locked while its process lives.

This name is derived from the output's name: ``.NAME.HASH.part``. If a process finds it locked, another process is
making the same output. If it is not locked, its process was killed, and the unfinished output can be removed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mien.errors import InUseError, OutputError
from mien.interrupts import uninterrupted
from mien.io.path_lock import PathLock

_NAME_BYTES = 200
"""Most bytes of an output's name that are kept in the unfinished one's, which must stay within 255 bytes."""

_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{8}\.part", re.DOTALL)
_ASIDE = re.compile(r"\..+\.[0-9a-f]{8}\.old", re.DOTALL)
_TRIES = 100


def is_unfinished(path: Path) -> bool:
    """Return whether a path has the name of an unfinished output."""
    return _UNFINISHED.fullmatch(path.name) is not None


def name_beside(target: Path, ending: str) -> Path:
    """Return a hidden path beside an output, derived from the output's name and an ending."""
    name = os.fsencode(target.name)
    digest = hashlib.sha256(name).hexdigest()[:8]
    start = name[:_NAME_BYTES].decode("utf-8", "ignore")  # a character may be cut in two
    return target.with_name(f".{start}.{digest}.{ending}")


@contextmanager
def unfinished(target: Path, *, folder: bool = False) -> Iterator[Path]:
    """Make an empty file or folder for an unfinished output, and remove it at the end unless the block moved it away.

    If a killed process left an unfinished version of the same output, that is removed first.

    Args:
        target: The output, in an existing folder.
        folder: Whether the output is a folder.

    Yields:
        The path of the unfinished output.

    Raises:
        InUseError: Another process is making the same output.
        OSError: The place cannot be written.
    """
    path = name_beside(target, "part")
    lock = _claim(path, target, folder=folder)
    try:
        yield path
    finally:
        with uninterrupted():
            if lock.is_current():
                _remove(path)
            lock.release()


def sweep(folder: Path) -> None:
    """Remove what killed processes left in a folder: unfinished outputs, and old folders that were replaced.

    Outputs that a living process makes stay. An old folder also stays if the new one is not yet in its place: the next
    run of that output puts it back.
    """
    with suppress(OSError):
        found = list(folder.iterdir())
        for path in found:
            if is_unfinished(path):
                with suppress(OutputError, OSError):
                    _remove_dead(path, "in use")
        aside = {path.name for path in found if _ASIDE.fullmatch(path.name)}
        if aside:
            for path in found:
                replaced = name_beside(path, "old")
                if replaced.name in aside and path.exists():
                    shutil.rmtree(replaced, ignore_errors=True)


def _claim(path: Path, target: Path, *, folder: bool) -> PathLock:
    """Make an empty file or folder and lock it."""
    refusal = (
        f"another process is writing {target}: wait for its end, or choose another name for this"
    )
    for _ in range(_TRIES):
        try:
            if folder:
                path.mkdir()
            else:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError:
            with suppress(FileNotFoundError):  # the other process has just finished the output
                _remove_dead(path, refusal)
            continue
        with suppress(FileNotFoundError):
            lock = PathLock(path, refusal)
            if lock.is_current():
                return lock
            lock.release()  # before it was locked, another process removed it as a leftover
    raise InUseError(refusal)


def _remove_dead(path: Path, refusal: str) -> None:
    """Remove an unfinished output that a killed process left.

    Raises:
        InUseError: Its process still lives.
        OSError: The output cannot be opened or removed.
    """
    if path.is_symlink():
        path.unlink()
        return
    lock = PathLock(path, refusal)
    try:
        if lock.is_current():
            _remove(path)
    finally:
        lock.release()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):  # the disk may be gone; the error that led here reports that
        path.unlink()
