"""Options of a data set's flow maps: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypedDict, get_args

import tyro

from mien.common.option_checks import check_choice
from mien.common.option_help import option
from mien.motion.flow_method import FlowMethod


class FlowsKeywords(TypedDict, total=False):
    """The fields of :class:`FlowsOptions`, for functions that take them as keywords."""

    flow: FlowMethod
    vary_crop: bool
    find_apex: bool
    coded: bool
    skip_bad: bool
    annotations: Path | None
    frames: Path | None


@dataclass(frozen=True, kw_only=True)
class FlowsOptions:
    """Which optical flow, and what to do if something is missing.

    Raises:
        UsageError: A value out of its range.
    """

    flow: FlowMethod = "tvl1"
    """Optical flow: TV-L1 (tvl1), as in published recognisers, or dense inverse search (dis), which is ten
    times as fast."""

    vary_crop: tyro.conf.FlagCreatePairsOff[bool] = False
    """Vary the crop from clip to clip, as it varies between data sets; the same clip always gets
    the same crop. For generated clips only, never for test clips."""

    find_apex: tyro.conf.FlagCreatePairsOff[bool] = False
    """If no apex was coded, as in SMIC, use the frame with the largest motion from onset to
    offset."""

    coded: tyro.conf.FlagCreatePairsOff[bool] = False
    """Measure every clip that has a FACS code, whatever its emotion, to train AU detectors; by default the
    clips of the three classes."""

    skip_bad: tyro.conf.FlagCreatePairsOff[bool] = False
    """Skip clips that cannot be used and list them; by default the first one is an error."""

    annotations: Annotated[Path | None, option("FILE")] = None
    """The annotation file, if ROOT has several candidates."""

    frames: Annotated[Path | None, option("FOLDER")] = None
    """The folder with the frames, if ROOT has several copies of them."""

    def __post_init__(self) -> None:
        check_choice("--flow", self.flow, get_args(FlowMethod))
        for name in ("annotations", "frames"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, Path(getattr(self, name)))
