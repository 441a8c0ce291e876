"""Options of judging results as pictures: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypedDict

import tyro

from mien.common.option_checks import check_choice, check_whole
from mien.common.option_help import as_text, face_choice, option
from mien.motion.flow_method import FlowMethod


class JudgeKeywords(TypedDict, total=False):
    """The fields of :class:`JudgeOptions`, for functions that take them as keywords."""

    region: Literal["picture", "face"]
    flow: FlowMethod
    lpips: bool
    every: int
    face: int | str | None


class EvaluateImagesKeywords(JudgeKeywords, total=False):
    """The fields of :class:`EvaluateImagesOptions`, for functions that take them as keywords."""

    reference: str | os.PathLike[str] | None
    portrait: str | os.PathLike[str] | None


@dataclass(frozen=True, kw_only=True)
class JudgeOptions:
    """Which figures, of which frames and in which region.

    Raises:
        UsageError: A value out of its range.
    """

    region: Literal["picture", "face"] = "picture"
    """Region for L1, SSIM, GMSD and LPIPS: the whole picture as in most papers, or the face."""

    flow: FlowMethod = "dis"
    """Optical flow for the ghosting: dis, or tvl1, which is slower and which no engine uses."""

    lpips: bool = True
    """Compute LPIPS, which takes seconds for each frame on a CPU, or leave it out."""

    every: Annotated[int, option("N")] = 1
    """Judge every N-th frame only."""

    face: Annotated[int | str | None, as_text("N|largest"), option("N|largest")] = None
    """Which of several faces: its number from the left, from 1, or the largest."""

    def __post_init__(self) -> None:
        check_choice("--region", self.region, ("picture", "face"))
        check_choice("--flow", self.flow, ("dis", "tvl1"))
        check_whole("--every", self.every, 1)
        object.__setattr__(self, "face", face_choice(self.face))


@dataclass(frozen=True, kw_only=True)
class EvaluateImagesOptions(JudgeOptions):
    """What a result is compared with, and how.

    Raises:
        UsageError: A value out of its range.
    """

    reference: Annotated[Path | None, tyro.conf.arg(metavar="R", help_behavior_hint="")] = None
    """What the result should look like, of the same kind as the result: a picture, a clip, or a folder of clips.
    Needed unless --portrait is given."""

    portrait: Annotated[Path | None, tyro.conf.arg(metavar="P", help_behavior_hint="")] = None
    """The picture that was moved, for identity, sharpness and ghosting. By default the first frame of the
    reference. If the reference is a picture, ghosting is measured only with a portrait."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("reference", "portrait"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else Path(value))
