"""Standard streams that are closed, full, or take ASCII only."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

from mien.errors import EXIT_CODE


def prepare_streams() -> None:
    """Replace closed standard streams by the null device; print characters that a stream cannot encode as escapes.

    If a stream stayed closed, the next file to be opened would get its file descriptor, and a library could write its
    warnings into a clip.
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
    # In the locale C, a character outside ASCII is an error although the stream's errors are not strict.
    return stream.encoding.lower().startswith("utf") and stream.errors != "strict"


def _opened(number: int, mode: str) -> TextIO:
    stream = open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    assert isinstance(stream, io.TextIOWrapper)
    return stream


def to_stderr(line: str) -> None:
    """Print a line to stderr; do nothing if stderr cannot be written."""
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        discard(sys.stderr)


def flush_output(code: int) -> int:
    """Flush the standard output.

    Args:
        code: Exit code of the command.

    Returns:
        ``code``; 2 if ``code`` is 0 and the output cannot be written; 0 if the reader, such as ``head``, has closed
        the pipe.
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
    """Send the rest of a stream's buffer to the null device, so that Python does not try to write it at exit."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
    with contextlib.suppress(OSError, ValueError):
        stream.flush()
