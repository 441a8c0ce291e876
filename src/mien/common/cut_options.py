"""Which part of a clip is measured, and how: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from mien.common.option_help import as_text, option
from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class CutOptions:
    """Which part of a clip.

    Raises:
        UsageError: a value out of its range.
    """

    fps: Annotated[str | float | Fraction | None, as_text("FPS"), option("FPS")] = None
    """Frames a second, such as 200 or 30000/1001. A folder of frames needs it; of a video it
    replaces the file's own clock, as for high-speed clips that are stored slowed down."""

    start_seconds: Annotated[float | None, option("SECONDS", name="start")] = None
    """Leave out what comes before this time; the first frame that stays is the first frame."""

    end_seconds: Annotated[float | None, option("SECONDS", name="end")] = None
    """Leave out what comes from this time on."""

    scale: Literal["full", "fast"] = "full"
    """How finely the flow is computed: fast takes half the time and misses the weakest motions."""

    def __post_init__(self) -> None:
        for name in ("start_seconds", "end_seconds"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < math.inf:
                word = name.removesuffix("_seconds")
                raise UsageError(f"expected --{word} of 0 seconds or more, got {value:g}")
        if self.end_seconds is not None and self.end_seconds <= (self.start_seconds or 0):
            raise UsageError(
                f"expected --end after --start, got {self.end_seconds:g} after "
                f"{self.start_seconds or 0:g} s"
            )
        if self.scale not in ("full", "fast"):
            raise UsageError(f"expected --scale full or fast, got {self.scale!r}")


def neutral(text: Any) -> Literal["first", "median"] | int:
    """Read what counts as neutral: the first frame, the median of all, or a frame's number.

    Raises:
        UsageError: none of these.
    """
    if text in ("first", "median"):
        return text
    try:
        return int(text)
    except (TypeError, ValueError):
        raise UsageError(
            f"expected --baseline first, median or a frame's number from 0, got {text}"
        ) from None


def to_json(options: Any, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return options as JSON values, for a sidecar."""
    return {
        field.name: _plain(getattr(options, field.name))
        for field in fields(options)
        if field.name not in leave_out
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name  # folders are nobody else's business
    return str(value) if isinstance(value, Fraction) else value
