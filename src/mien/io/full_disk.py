"""A full disk in one line that names the output."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from mien.errors import OutputError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The disk is full, the user's share of it is, or the file is larger than allowed; reading never says so."""


@contextmanager
def naming_full_disk(target: str | os.PathLike[str]) -> Iterator[None]:
    """Turn the system's error of a full disk into one line; all other errors pass.

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
