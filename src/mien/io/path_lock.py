"""Let only one process use a file or a folder. A second one would overwrite or delete what the first one makes."""

from __future__ import annotations

import errno
import logging
import os
import weakref
from contextlib import suppress
from pathlib import Path

from mien.errors import InUseError

log = logging.getLogger("mien")

_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)

_warned: set[int | None] = set()
"""Error numbers that were logged already, so that a batch does not log them for each clip."""


class PathLock:
    """Lock a file or a folder for this process until `release` or the end of the process.

    On a drive that cannot lock files, only a warning is logged, and the path is used without a lock.

    Args:
        path: An existing file or folder; not a link.
        refusal: The error's message if another process has locked the path.

    Raises:
        InUseError: Another process has locked the path.
        OSError: The path cannot be opened.
    """

    def __init__(self, path: Path, refusal: str) -> None:
        self._path = path
        self._held: int | None = None
        handle = _opened(path)
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in _HELD:
                raise InUseError(refusal) from error
            # Some network drives cannot lock files or folders. The path can still be used.
            if error.errno not in _warned:
                _warned.add(error.errno)
                log.warning(
                    "%r cannot be locked (%s): use it in one process only",
                    os.fspath(path),
                    error.strerror,
                )
            return
        self._held = handle
        _locks.add(self)

    def is_current(self) -> bool:
        """Return whether the path still leads to the locked file or folder: nobody has renamed or removed it."""
        try:
            found = _lock_place(self._path).lstat()
            return self._held is None or os.path.samestat(os.fstat(self._held), found)
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Unlock the path."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
            _forget(self._path)


def is_locked(path: Path) -> bool:
    """Return whether a process has locked a file or a folder; False if that cannot be found out.

    Args:
        path: A file or folder, which may be missing.
    """
    try:
        PathLock(path, "").release()
    except InUseError:
        return True
    except OSError:  # missing, or not writable for this user
        return False
    return False


_locks: weakref.WeakSet[PathLock] = weakref.WeakSet()


def _leave_to_parent() -> None:
    # A forked worker may live longer than its killed parent, and would keep the lock.
    for lock in list(_locks):
        if lock._held is not None:
            os.close(lock._held)
            lock._held = None


if os.name == "nt":
    import msvcrt

    def _lock_place(path: Path) -> Path:
        # Windows cannot rename an open file, so a file beside it is locked.
        return path.with_name(path.name + ".lock")

    def _opened(path: Path) -> int:
        path.stat()  # it must exist, as elsewhere
        return os.open(_lock_place(path), os.O_RDWR | os.O_CREAT)

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _forget(path: Path) -> None:
        with suppress(OSError):  # the next process has opened it already
            _lock_place(path).unlink()

else:
    import fcntl

    def _lock_place(path: Path) -> Path:
        return path  # the file or folder itself: nothing is left beside it

    def _opened(path: Path) -> int:
        # Network drives lock only files that are open for writing; a folder cannot be opened for writing.
        way = os.O_RDONLY if path.is_dir() else os.O_RDWR
        return os.open(path, way | os.O_NOFOLLOW)

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _forget(path: Path) -> None:
        pass

    os.register_at_fork(after_in_child=_leave_to_parent)
