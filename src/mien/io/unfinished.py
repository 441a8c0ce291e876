"""Unfinished outputs: each is made beside its final place under a name of its own, and locked while its process lives.

The name of an unfinished output is fixed by that of the output: ``.NAME.HASH.part``. A process that finds this name
locked knows that another one is making the same output. If it is not locked, its process was killed, and it can go.
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
"""Bytes of an output's name in that of the unfinished one. With the rest it stays under the 255 of file systems."""

_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{8}\.part", re.DOTALL)
_ASIDE = re.compile(r"\..+\.[0-9a-f]{8}\.old", re.DOTALL)
_TRIES = 100


def is_unfinished(path: Path) -> bool:
    """Return whether a path has the name of an unfinished output."""
    return _UNFINISHED.fullmatch(path.name) is not None


def name_beside(target: Path, ending: str) -> Path:
    """Return a hidden name beside an output, fixed by the output's name and an ending."""
    name = os.fsencode(target.name)
    digest = hashlib.sha256(name).hexdigest()[:8]
    start = name[:_NAME_BYTES].decode("utf-8", "ignore")  # a character may be cut in two
    return target.with_name(f".{start}.{digest}.{ending}")


@contextmanager
def unfinished(target: Path, *, folder: bool = False) -> Iterator[Path]:
    """Make an empty file or folder for an unfinished output; it is removed unless the block moves it away.

    What a killed process left of the same output is removed first.

    Args:
        target: The output, in an existing folder.
        folder: Whether it is a folder.

    Yields:
        Its path.

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
    """Remove what killed processes left in a folder: unfinished outputs, and folders that a finished one replaced.

    What a living process makes stays, and so does a folder that was set aside while the new one is not in its place:
    the next run of that output puts it back.
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
            with suppress(FileNotFoundError):  # its process has just finished it
                _remove_dead(path, refusal)
            continue
        with suppress(FileNotFoundError):
            lock = PathLock(path, refusal)
            if lock.is_current():
                return lock
            lock.release()  # another process took it for a dead one's before it was locked
    raise InUseError(refusal)


def _remove_dead(path: Path, refusal: str) -> None:
    """Remove what a killed process left.

    Raises:
        InUseError: Its process lives.
        OSError: It cannot be opened or removed.
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
    with suppress(OSError):  # its disk is gone: the error that led here says so
        path.unlink()
