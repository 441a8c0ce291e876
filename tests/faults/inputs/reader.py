"""What is tried: a reader of Mien, and how a malformed input for it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random


@dataclass(frozen=True)
class Reader:
    """One reader of Mien.

    Attributes:
        name: Its name in reports.
        write: Writes one malformed input into an empty folder, and returns its path.
        read: Reads it, as a command would.
        share: How many inputs it gets for each one of the others; slow readers get fewer.
    """

    name: str
    write: Callable[[Path, Random], Path]
    read: Callable[[Path], object]
    share: float = 1.0
