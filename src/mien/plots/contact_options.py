"""Options of a contact sheet, with their defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro

from mien.errors import UsageError

MIN_COLUMNS = 3
MAX_COLUMNS = 12


@dataclass(frozen=True, kw_only=True)
class SheetOptions:
    """How a contact sheet looks.

    Raises:
        UsageError: A value out of its range.
    """

    columns: Annotated[int, tyro.conf.arg(metavar="N")] = 5
    """Number of frames, 3 to 12; onset, apex and offset are always shown."""

    magnify: Annotated[float, tyro.conf.arg(metavar="X")] = 8.0
    """Factor by which the difference from the first frame is magnified."""

    def __post_init__(self) -> None:
        if not MIN_COLUMNS <= self.columns <= MAX_COLUMNS:
            raise UsageError(
                f"expected {MIN_COLUMNS} to {MAX_COLUMNS} columns, got {self.columns}: onset, apex "
                "and offset are always shown"
            )
        if not 0.0 < self.magnify <= 255.0:
            raise UsageError(
                f"expected a magnification above 0 and up to 255, got {self.magnify:g}"
            )
