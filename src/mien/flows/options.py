"""What can be asked of a data set's flow maps: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from mien.common.option_help import option
from mien.errors import UsageError

COMPOSITE = "megc2019"
"""The name of the composite, beside those of the data sets."""


@dataclass(frozen=True, kw_only=True)
class FlowsOptions:
    """Which flow, and what to do where something is missing.

    Raises:
        UsageError: a value out of its range.
    """

    flow: Literal["tvl1", "dis"] = "tvl1"
    """Optical flow: TV-L1, as published recognisers have it, or dense inverse search, ten times as
    quick."""

    vary_crop: tyro.conf.FlagCreatePairsOff[bool] = False
    """Crop each clip a little differently, as data sets differ; always the same for the same clip. For
    made clips, never for those that are tested on."""

    find_apex: tyro.conf.FlagCreatePairsOff[bool] = False
    """Where no apex was coded, as in SMIC, take the frame from onset to offset that moved most."""

    skip_bad: tyro.conf.FlagCreatePairsOff[bool] = False
    """List clips that cannot be used and leave them out; without, the first one is an error."""

    annotations: Annotated[Path | None, option("FILE")] = None
    """The annotation file, where several below ROOT have such a name."""

    frames: Annotated[Path | None, option("FOLDER")] = None
    """Where to look for frames, where ROOT has several copies of them."""

    def __post_init__(self) -> None:
        if self.flow not in ("tvl1", "dis"):
            raise UsageError(f"expected --flow tvl1 or dis, got {self.flow!r}")
