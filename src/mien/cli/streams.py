"""Standard streams that are closed, full, or take ASCII only."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

from mien.errors import EXIT_CODE


def prepare_streams() -> None:
    """Replace closed standard streams by the null device, and print what a stream cannot encode as escapes.

    If a stream were left closed, the next file to be opened would get its number, and a library's warnings would be
    written into a clip.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):  # the lowest free number is this one
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdin = sys.stdin or _opened(0, "r")
    sys.stdout = sys.stdout or _opened(1, "w")
    sys.stderr = sys.stderr or _opened(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not _takes_any_text(stream):
            stream.reconfigure(errors="backslashreplace")


def _takes_any_text(stream: TextIO) -> bool:
    # In the locale C an unusual character is an error even though the stream's errors are not strict.
    return stream.encoding.lower().startswith("utf") and stream.errors != "strict"


def _opened(number: int, mode: str) -> TextIO:
    stream = open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    assert isinstance(stream, io.TextIOWrapper)
    return stream


def to_stderr(line: str) -> None:
    """Print a line to stderr; nothing happens if nobody can read it there."""
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        discard(sys.stderr)


def flush_output(code: int) -> int:
    """Write out what was printed.

    Args:
        code: Exit code of the command.

    Returns:
        The same code; 2 if the output could not be written and the command had not failed anyway; 0 if its reader,
        such as ``head``, has seen enough.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)
        return 0
    except OSError as error:
        discard(sys.stdout)
        to_stderr(
            f"mien: error: cannot write to the standard output: {error.strerror or error}; send it elsewhere"
        )
        return code or EXIT_CODE
    return code


def discard(stream: TextIO) -> None:
    """Send what is still in a stream's buffer to the null device, or Python would try to write it at its end."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
    with contextlib.suppress(OSError, ValueError):
        stream.flush()
