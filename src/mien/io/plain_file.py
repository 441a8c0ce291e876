"""Read files that a user named, and refuse folders, pipes, devices, sockets and files that are too large."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from mien.errors import MienError

MAX_TEXT_BYTES = 512_000_000
"""Largest table, list or record that is read as a whole; an AU table of a million frames has 300 MB."""

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def why_unreadable(path: str | os.PathLike[str]) -> str | None:
    """Return why a path is not a file that can be read, and what to do; None if it is a file.

    Opening a pipe can wait forever, and a device such as ``/dev/zero`` never ends, so call this before opening a path.
    """
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return "it does not exist; check the path"
    except OSError as error:
        return f"{error.strerror}; check the path"
    except ValueError:  # a zero byte, or text that is not valid Unicode
        return "no file can have this name; check the path"
    for is_kind, word in _KINDS:
        if is_kind(mode):
            return f"it is {word}; give a file"
    return None


def check_file(path: str | os.PathLike[str], error: type[MienError]) -> None:
    """Refuse a path that is not a file that can be read.

    Args:
        path: The path.
        error: What is raised.
    """
    if why := why_unreadable(path):
        raise error(f"cannot read {path}: {why}")


def read_file(
    path: str | os.PathLike[str], error: type[MienError], most_bytes: int = MAX_TEXT_BYTES
) -> bytes:
    """Return the content of a file.

    Args:
        path: The file.
        error: What is raised if the file cannot be read, or is too large.
        most_bytes: Largest size of the file.
    """
    check_file(path, error)
    try:
        with Path(path).open("rb") as file:
            # Not read(most_bytes), which would allocate that much memory at once.
            if os.fstat(file.fileno()).st_size <= most_bytes:
                return file.read()
    except OSError as failed:
        raise error(f"cannot read {path}: {failed.strerror}") from failed
    raise error(
        f"expected at most {most_bytes / 1e6:g} MB in {path}, got more: check that it is the right file"
    )
