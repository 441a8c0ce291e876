"""Options for the part of a clip that is measured: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict

from mien.common.option_checks import check_choice, make_plain
from mien.common.option_help import as_text, option, whole_number
from mien.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

BaselineChoice: TypeAlias = Literal["first", "median", "auto"] | int
"""What counts as neutral: the first frame, the median of all frames, or a frame's number."""


class CutKeywords(TypedDict, total=False):
    """The fields of :class:`CutOptions`, for functions that take them as keywords."""

    fps: str | float | Fraction | None
    start_seconds: float | None
    end_seconds: float | None
    scale: Literal["full", "fast"]


@dataclass(frozen=True, kw_only=True)
class CutOptions:
    """Which part of a clip is measured, and how finely.

    Raises:
        UsageError: A value out of its range.
    """

    fps: Annotated[str | float | Fraction | None, as_text("FPS"), option("FPS")] = None
    """Frames a second, such as 200 or 30000/1001; required for a folder of frames. For a video, it replaces the file's
    own frame rate, as for high-speed clips that are stored slowed down."""

    start_seconds: Annotated[float | None, option("SECONDS", name="start")] = None
    """Skip all frames before this time; the next one becomes the first frame."""

    end_seconds: Annotated[float | None, option("SECONDS", name="end")] = None
    """Skip the frame at this time and all later ones."""

    scale: Literal["full", "fast"] = "full"
    """Optical flow: fast takes half the time, misses weak motion, and reads intensities up to a third too low."""

    def __post_init__(self) -> None:
        make_plain(self)
        for name in ("start_seconds", "end_seconds"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < math.inf:
                word = name.removesuffix("_seconds")
                raise UsageError(f"expected --{word} of 0 seconds or more, got {value:g}")
        if self.end_seconds is not None and self.end_seconds <= (self.start_seconds or 0):
            raise UsageError(
                f"expected --end after --start, got --end {self.end_seconds:g} and --start "
                f"{self.start_seconds or 0:g}"
            )
        check_choice("--scale", self.scale, ("full", "fast"))


def neutral(value: object) -> BaselineChoice:
    """Return what counts as neutral.

    Args:
        value: ``"first"``, ``"median"``, ``"auto"``, or a frame's number from 0, also as text.

    Raises:
        UsageError: Anything else.
    """
    if value == "first":
        return "first"
    if value == "median":
        return "median"
    if value == "auto":
        return "auto"
    number = whole_number(value)
    if number is None or number < 0:
        raise UsageError(
            f"expected --baseline first, median, auto or a frame's number from 0, got {value!r}"
        )
    return number


def to_json(options: DataclassInstance, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return options as JSON values, for a sidecar.

    Args:
        options: A dataclass.
        leave_out: Fields to omit.
    """
    return {
        field.name: _plain(getattr(options, field.name))
        for field in fields(options)
        if field.name not in leave_out
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name  # a sidecar must not disclose the user's folders
    return str(value) if isinstance(value, Fraction) else value
