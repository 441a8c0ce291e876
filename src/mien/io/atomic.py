"""Write outputs that are complete or absent: write beside the target, rename on success.

An exception or Ctrl-C removes the unfinished output. A process that is killed outright may leave an unfinished output
behind, but never a half-written file under the final name. The next run of the same output removes the remains. See
`mien.io.unfinished`.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

from mien.errors import OutputError
from mien.interrupts import uninterrupted
from mien.io.file_names import check_name
from mien.io.full_disk import naming_full_disk
from mien.io.replacing import IsOwn, check_replaceable, has_mark
from mien.io.unfinished import is_unfinished, name_beside, unfinished


@contextmanager
def atomic_file(
    path: str | os.PathLike[str], stale: Path | None = None, is_own: IsOwn = has_mark
) -> Iterator[Path]:
    """Write a file beside its final place, and rename it there when the block ends without an error.

    Missing parent folders are made, and removed again if the block fails. An existing file that Mien wrote is
    replaced at the end; the new file gets its permissions.

    Args:
        path: The file.
        stale: A file that describes the old content. It is removed just before the new content takes its
            place, so that the two never exist together, even if the process is killed.
        is_own: Tells whether Mien wrote an existing file.

    Yields:
        The path of the temporary file, which exists and is empty. A place that cannot be written is therefore found
        before any work.

    Raises:
        OutputError: The name is too long, the place cannot be written, holds a folder or a file that Mien did not
            write, or another process is writing the same file.
    """
    target = Path(path)
    check_name(target)
    with _naming(target):
        check_replaceable(target, is_own)
    mode = _mode(target)  # read now: another output may remove this file as its stale one
    with _parents_of(target), _named_unfinished(target) as temporary:
        with naming_full_disk(target):
            yield temporary
        with uninterrupted(), _naming(target):
            _flush_to_disk(temporary)
            _set_mode(temporary, mode)
            if stale is not None:
                stale.unlink(missing_ok=True)
            temporary.replace(target)


@contextmanager
def atomic_folder(
    path: str | os.PathLike[str], may_replace: Callable[[Path], bool]
) -> Iterator[Path]:
    """Fill a folder beside its final place, and rename it there when the block ends without an error.

    Args:
        path: The final place of the folder.
        may_replace: Tells whether the content of an existing, non-empty folder may be deleted. It is called before
            the work and again at the end, because other programs may have written there meanwhile.

    Yields:
        The temporary folder, empty.

    Raises:
        OutputError: The name is too long, the place cannot be written, is a file or a drive, holds something that must
            stay, or another process is writing the same folder.
    """
    target = _named(path)
    check_folder_free(target, may_replace)
    with _parents_of(target), _named_unfinished(target, folder=True) as temporary:
        with uninterrupted(), _naming(target):
            _restore(target)
        with naming_full_disk(target):
            yield temporary
        replace_folder(temporary, target, may_replace)


def replace_folder(source: Path, target: Path, may_replace: Callable[[Path], bool]) -> None:
    """Move a finished folder to its final place in the same parent folder.

    Args:
        source: The folder.
        target: Its final place.
        may_replace: See `atomic_folder`.

    Raises:
        OutputError: The place cannot be written, is a file or a drive, or holds something that must stay.
    """
    check_folder_free(target, may_replace)
    with uninterrupted(), _naming(target):
        _move_folder(source, target)


def check_folder_free(target: Path, may_replace: Callable[[Path], bool]) -> None:
    """Refuse an output folder that has files which must stay.

    Args:
        target: The folder.
        may_replace: Tells whether the content of an existing, non-empty folder may be deleted.

    Raises:
        OutputError: The path is a file or a drive, its name is too long, or the folder has other files in it.
    """
    check_name(target)
    with _naming(target):
        if not target.exists():
            return
        if not target.is_dir():
            raise OutputError(
                f"expected a folder for the frames, got the file {target}: name another"
            )
        if target.is_mount():
            raise OutputError(
                f"expected a folder that can be replaced, got the drive {target}: name a folder in it"
            )
        taken = any(not is_unfinished(each) for each in target.iterdir())
    if taken and not may_replace(target):
        raise OutputError(
            f"expected a new or empty folder, or a frame sequence that Mien wrote, got {target} "
            "with other files in it: name another folder"
        )


def check_writable(
    path: str | os.PathLike[str], is_own: IsOwn = has_mark, *, folder: bool = False
) -> None:
    """Check before long work that an output can be written; nothing stays behind.

    A file is made and removed in the nearest folder that exists, because permission bits are not reliable (a read-only
    disk, the superuser).

    Args:
        path: The place of the output.
        is_own: Tells whether Mien wrote an existing file.
        folder: Whether the output is a folder.

    Raises:
        OutputError: The output cannot be written: see `atomic_file`.
    """
    target = _named(path)
    check_name(target)
    parent = target.absolute().parent
    with uninterrupted(), _naming(target):
        if not folder:
            check_replaceable(target, is_own)
        if not parent.exists():
            _try_file(parent)
            return
        with unfinished(target, folder=folder):
            pass


def check_folder_writable(path: Path) -> None:
    """Check that files can be made in a folder, also while other processes make some; nothing stays behind.

    Args:
        path: The folder; it may not exist yet.

    Raises:
        OutputError: No file can be made in it, or the folder cannot be made.
    """
    with uninterrupted(), _naming(path):
        _try_file(path.absolute())


def _try_file(folder: Path) -> None:
    """Make and remove a file in a folder, or in the nearest folder above that exists.

    Raises:
        OSError: The system refuses to make the file.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    # Where the file system allows it, the file has no name, so a process that is killed here leaves nothing.
    with TemporaryFile(dir=folder, prefix=".mien-"):
        pass


def _named(path: str | os.PathLike[str]) -> Path:
    """Return a path that ends with a name, also for ``.`` and ``..``."""
    target = Path(path)
    return Path(os.path.abspath(target)) if target.name in ("", "..") else target  # noqa: PTH100


@contextmanager
def _named_unfinished(target: Path, *, folder: bool = False) -> Iterator[Path]:
    """Make the temporary output. Errors of making it name the output; errors of the block stay as they are."""
    with ExitStack() as stack:
        with uninterrupted(), _naming(target):
            temporary = stack.enter_context(unfinished(target, folder=folder))
        yield temporary


@contextmanager
def _parents_of(target: Path) -> Iterator[None]:
    """Make the missing parent folders of a path, and remove them again if the block fails."""
    missing = []
    parent = target.absolute().parent
    made: list[Path] = []
    try:
        with uninterrupted(), _naming(target):
            while not parent.exists() and parent != parent.parent:
                missing.append(parent)
                parent = parent.parent
            for folder in reversed(missing):
                folder.mkdir(exist_ok=True)
                made.append(folder)
        yield
    except BaseException:
        with uninterrupted():
            for folder in reversed(made):
                with suppress(OSError):  # another program put something there: keep the folder
                    folder.rmdir()
        raise


def _move_folder(temporary: Path, target: Path) -> None:
    # A folder cannot be renamed onto a non-empty one, so the old one is moved aside first.
    _restore(target)
    if not target.exists():
        temporary.rename(target)
        return
    _set_mode(temporary, _mode(target))
    aside = name_beside(target, "old")
    target.rename(aside)
    try:
        temporary.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _restore(target: Path) -> None:
    """Clean up after a process that was killed within `_move_folder`: put the old folder back, or delete it."""
    aside = name_beside(target, "old")
    if aside.is_dir() and not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _mode(target: Path) -> int | None:
    """Return the permissions of the file or folder that is replaced; None if there is none."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        return None


def _set_mode(temporary: Path, mode: int | None) -> None:
    if mode is not None:
        with suppress(PermissionError):  # some drives have no permissions
            temporary.chmod(mode)


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
