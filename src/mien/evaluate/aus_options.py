"""Options of an evaluation of AUs: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from mien.common.cut_options import CutKeywords, CutOptions
from mien.common.option_help import as_text, face_choice, option


class EvaluateAusKeywords(CutKeywords, total=False):
    """The fields of :class:`EvaluateAusOptions`, for functions that take them as keywords."""

    openface: str | os.PathLike[str] | None
    aus_face: int | None
    face: int | str | None


@dataclass(frozen=True, kw_only=True)
class EvaluateAusOptions(CutOptions):
    """Which part of the clip is read, and whether OpenFace's table is scored too.

    Raises:
        UsageError: A value out of its range.
    """

    openface: Annotated[Path | None, tyro.conf.arg(metavar="FILE.csv", help_behavior_hint="")] = (
        None
    )
    """OpenFace's table of the clip, which is scored too."""

    aus_face: Annotated[int | None, option("N")] = None
    """Which face of the OpenFace table, if it has several."""

    face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which of several faces of the clip: its number from the left, from 1, or the largest."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "face", face_choice(self.face))
        if self.openface is not None:
            object.__setattr__(self, "openface", Path(self.openface))
