"""Use a folder that a run fills file by file: only one process at a time, and without leftovers of killed ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mien.errors import OutputError
from mien.io.atomic import check_writable
from mien.io.path_lock import PathLock
from mien.io.unfinished import sweep


@contextmanager
def used_folder(folder: Path, *parts: str) -> Iterator[Path]:
    """Lock a folder until the block ends. A missing folder is made, and removed again if it stays empty.

    Unfinished outputs that killed processes left in the folder are removed first.

    Args:
        folder: The folder.
        parts: Names of folders in it from which unfinished outputs are removed too.

    Yields:
        The folder.

    Raises:
        OutputError: The path is a file, cannot be written, or another process uses the folder.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"expected a folder to write to, got the file {folder}: name another")
    check_writable(folder / "x", folder=True)
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = PathLock(
            folder.resolve(),
            f"another process is writing to {folder}: wait for its end, or choose another folder",
        )
        try:
            for place in (folder, *(folder / part for part in parts)):
                sweep(place)
            yield folder
        finally:
            lock.release()
    finally:
        if made:
            with suppress(OSError):  # it is not empty
                folder.rmdir()
