"""Report a full disk in one line that names the output."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from mien.errors import OutputError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors that only writing raises: the disk is full, the user's quota is used up, or the file is too large."""


@contextmanager
def naming_full_disk(target: str | os.PathLike[str]) -> Iterator[None]:
    """Turn the system's error of a full disk into an OutputError; all other errors stay as they are.

    Args:
        target: The output that the block writes, for the message.

    Raises:
        OutputError: The disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise OutputError(
            f"cannot write {os.fspath(target)}: {error.strerror}; make room, or choose another place"
        ) from error
