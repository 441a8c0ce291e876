"""Let only one process use a folder: a second one would delete the unfinished files of the first."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

from mien.errors import OutputError

log = logging.getLogger("mien")

_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class FolderLock:
    """Lock a folder for this process until `release` or the end of the process.

    On a drive that cannot lock files, only a warning is logged, and the folder is used without a lock.

    Args:
        folder: An existing folder.
        refusal: What to say if another process has locked it.

    Raises:
        OutputError: Another process has locked it.
    """

    def __init__(self, folder: Path, refusal: str) -> None:
        self._held: int | None = None
        handle = -1
        try:
            handle = _opened(folder)
            _lock(handle)
        except OSError as error:
            if handle >= 0:
                os.close(handle)
            if error.errno in _HELD:
                raise OutputError(refusal) from error
            # Some network drives cannot lock files. The folder can be used all the same.
            log.warning(
                "%s cannot be locked (%s): use it in one process only", folder, error.strerror
            )
            return
        self._held = handle

    def release(self) -> None:
        """Unlock the folder."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


if os.name == "nt":
    import msvcrt

    def _opened(folder: Path) -> int:
        return os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _opened(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)  # the folder itself: no file is left in it

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
