"""Print warnings, one line each."""

from __future__ import annotations

from collections.abc import Iterable

from mien.cli.say import complain


def warn(notes: Iterable[str]) -> None:
    """Print warnings to stderr."""
    for note in notes:
        complain("warning", note)
