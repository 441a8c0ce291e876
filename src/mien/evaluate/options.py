"""Options of an evaluation of motion: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mien.common.cut_options import CutKeywords, CutOptions
from mien.common.option_checks import check_choice, check_whole
from mien.common.option_help import as_text, face_choice, option
from mien.motion.flow_method import FlowMethod


class EvaluateKeywords(CutKeywords, total=False):
    """The fields of :class:`EvaluateOptions`, for functions that take them as keywords."""

    driver_face: int | str | None
    face: int | str | None
    flow: FlowMethod
    every: int


@dataclass(frozen=True, kw_only=True)
class EvaluateOptions(CutOptions):
    """Which part of the driver was transferred, and which faces are compared.

    Raises:
        UsageError: A value out of its range.
    """

    driver_face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which of several faces of the driver: its number from the left, from 1, or the largest."""

    face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which of several faces of the result."""

    flow: FlowMethod = "dis"
    """Optical flow that measures both clips: dis, or tvl1, which is slower and which no engine uses."""

    every: Annotated[int, option("N")] = 1
    """Compare every N-th frame only."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("--flow", self.flow, ("dis", "tvl1"))
        check_whole("--every", self.every, 1)
        object.__setattr__(self, "face", face_choice(self.face))
        object.__setattr__(self, "driver_face", face_choice(self.driver_face, "--driver-face"))
