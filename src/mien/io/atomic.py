"""Outputs that are whole or not there: written beside the target, renamed on success.

The temporary name starts with a dot and ends with ``.part``. An exception or Ctrl-C removes it; a
process that is killed outright may leave it behind, but never a half-written file under the final
name.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mien.errors import OutputError


@contextmanager
def atomic_file(path: str | os.PathLike[str], stale: Path | None = None) -> Iterator[Path]:
    """Write a file beside its final place and rename it there when the block ends well.

    Missing parent folders are made, and removed again if the block fails. An existing file is
    replaced at the end.

    Args:
        path: The file.
        stale: A file that describes the old content. It is removed just before the new content takes its
            place, so that they never stand together, even if the process is killed.

    Yields:
        The temporary path to write to; an empty file stands there, so an unwritable place is found
        before any work.

    Raises:
        OutputError: the place cannot be written, or it is a folder.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"expected a file to write, got the folder {target}: name a file in it")
    made = _make_parents(target)
    temporary = _temporary_beside(target)
    try:
        with _naming(target):
            temporary.touch(exist_ok=False)
        yield temporary
        with _naming(target):
            _flush_to_disk(temporary)
            if stale is not None:
                stale.unlink(missing_ok=True)
            temporary.replace(target)
    except BaseException:
        with suppress(OSError):  # it was never made, or its disk is gone: the first error says so
            temporary.unlink()
        _remove_empty(made)
        raise


@contextmanager
def atomic_folder(
    path: str | os.PathLike[str], may_replace: Callable[[Path], bool]
) -> Iterator[Path]:
    """Fill a folder beside its final place and rename it there when the block ends well.

    Args:
        path: where the folder shall be.
        may_replace: says of an existing, non-empty folder whether its content may go. It is asked
            before the work and once more at the end, as other programs may have written there
            meanwhile.

    Yields:
        The temporary folder, empty.

    Raises:
        OutputError: the place cannot be written, is a file, or holds something that must stay.
    """
    target = Path(path)
    check_folder_free(target, may_replace)
    made = _make_parents(target)
    temporary = _temporary_beside(target)
    try:
        with _naming(target):
            temporary.mkdir()
        yield temporary
        check_folder_free(target, may_replace)
        with _naming(target):
            _move_folder(temporary, target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        _remove_empty(made)
        raise


def replace_folder(source: Path, target: Path, may_replace: Callable[[Path], bool]) -> None:
    """Move a finished folder to its final place, beside which it stands.

    Args:
        source: The folder.
        target: Where it shall be.
        may_replace: As `atomic_folder` takes it.

    Raises:
        OutputError: The place cannot be written, is a file, or holds something that must stay.
    """
    check_folder_free(target, may_replace)
    with _naming(target):
        _move_folder(source, target)


def check_folder_free(target: Path, may_replace: Callable[[Path], bool]) -> None:
    """Refuse an output folder that has files which must stay.

    Args:
        target: The folder.
        may_replace: Returns whether the content of an existing folder may be deleted.

    Raises:
        OutputError: The path is a file, or the folder has other files in it.
    """
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"expected a folder for the frames, got the file {target}: name another")
    if any(target.iterdir()) and not may_replace(target):
        raise OutputError(
            f"expected a new or empty folder, or a frame sequence that Mien wrote, got {target} "
            "with other files in it: name another folder"
        )


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out, before long work, whether an output can be written; nothing stays behind.

    A file is made and removed in the nearest folder that exists, because permission bits do not
    tell (a read-only disk, the superuser).

    Args:
        path: where the output (file or folder) shall be.

    Raises:
        OutputError: it cannot be written.
    """
    target = Path(path)
    ancestor = target.absolute().parent
    with _naming(target):
        while not ancestor.exists() and ancestor != ancestor.parent:
            ancestor = ancestor.parent
        probe = _temporary_beside(ancestor / target.name)
        probe.touch(exist_ok=False)
        probe.unlink()


def _temporary_beside(target: Path) -> Path:
    # 40 characters of the name keep the whole under the 255 bytes that file systems allow.
    return target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")


def _make_parents(target: Path) -> list[Path]:
    """Make the missing parents of a path; returns those that were made, outermost first."""
    missing = []
    parent = target.absolute().parent
    while not parent.exists() and parent != parent.parent:
        missing.append(parent)
        parent = parent.parent
    made: list[Path] = []
    try:
        with _naming(target):
            for folder in reversed(missing):
                folder.mkdir(exist_ok=True)
                made.append(folder)
    except OutputError:
        _remove_empty(made)
        raise
    return made


def _remove_empty(folders: list[Path]) -> None:
    for folder in reversed(folders):
        try:
            folder.rmdir()
        except OSError:  # another program put something there: then it stays
            return


def _move_folder(temporary: Path, target: Path) -> None:
    # A folder cannot be renamed onto a non-empty one, so the old one steps aside first. Killed
    # between the two renames, the old sequence is whole under its hidden name.
    if not target.exists():
        temporary.rename(target)
        return
    aside = _temporary_beside(target)
    target.rename(aside)
    try:
        temporary.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _flush_to_disk(path: Path) -> None:
    # Without this, a power cut after the rename may leave an empty file under the final name.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _naming(target: Path) -> Iterator[None]:
    """Turn the system's errors into one line that names the output."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write {target}: {reason}; choose a place that can be written"
        ) from error
