"""What a user must know though nothing failed: warnings, one line each."""

from __future__ import annotations

import sys
from collections.abc import Iterable


def warn(notes: Iterable[str]) -> None:
    """Print warnings to stderr."""
    for note in notes:
        print(f"mien: warning: {' '.join(note.split())}", file=sys.stderr)
