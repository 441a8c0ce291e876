"""Print messages: the one place through which text reaches the terminal."""

from __future__ import annotations

from mien.cli.streams import to_stderr
from mien.io.file_names import visible


def one_line(text: object) -> str:
    """Return a message on one line; file names in it may contain line breaks."""
    return visible(" ".join(str(text).split()))


def say(text: object) -> None:
    """Print a result to stdout."""
    print(visible(str(text)))


def complain(kind: str, text: object) -> None:
    """Print a message to stderr as one line.

    Args:
        kind: ``error``, ``warning`` or ``note``.
        text: The message.
    """
    to_stderr(f"mien: {kind}: {one_line(text)}")
