"""Options of a measurement: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mien.common.cut_options import BaselineChoice, CutKeywords, CutOptions, neutral
from mien.common.option_help import as_text, face_choice, option


class MeasureKeywords(CutKeywords, total=False):
    """The fields of :class:`MeasureOptions`, for functions that take them as keywords."""

    baseline: BaselineChoice
    face: int | str | None


@dataclass(frozen=True, kw_only=True)
class MeasureOptions(CutOptions):
    """How a clip is measured.

    Raises:
        UsageError: A value out of its range.
    """

    baseline: Annotated[
        BaselineChoice, as_text("first|median|auto|N"), option("first|median|auto|N")
    ] = "first"
    """What counts as neutral: the first frame, the median of all frames, a frame's number, or auto: the first frame
    unless another one looks neutral instead."""

    face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which of several faces: its number from the left, from 1, or the largest."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "baseline", neutral(self.baseline))
        object.__setattr__(self, "face", face_choice(self.face))
