"""What can be asked of training beside the recipe: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from mien.common.option_help import option
from mien.errors import UsageError
from mien.training.core.run_options import RunOptions


@dataclass(frozen=True, kw_only=True)
class FaceSetOptions:
    """How a face set is made of portraits."""

    views: Annotated[int, tyro.conf.arg(metavar="N")] = 10
    """Pictures of each face where the rig moves it: as it is, and moved."""

    workers: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """Processes that make it."""

    def __post_init__(self) -> None:
        if self.views < 2 or self.workers < 1:
            raise UsageError(
                "expected --views from 2 on and --workers from 1 on, "
                f"got {self.views} and {self.workers}"
            )


@dataclass(frozen=True, kw_only=True)
class TrainOptions(RunOptions):
    """Which recipe a run follows, what it begins with, and how it runs."""

    recipe: Annotated[str | None, option("published|ours|FILE.json")] = None
    """What to do: published (as the paper did, the default), ours (a narrow network that the rig
    supervises), or a file such as a run's own recipe.json."""

    set: Annotated[
        tuple[str, ...], tyro.conf.arg(metavar="NAME=VALUE"), tyro.conf.UseAppendAction
    ] = ()
    """Change the recipe: --set batch_size=8 --set weights.cycle=5. --dry-run shows all names."""

    steps: Annotated[int | None, option("N")] = None
    """Batches to look at in all, instead of the recipe's."""

    init: Annotated[Path | None, option("FOLDER")] = None
    """Begin with these weights, or with another run's: transfer learning."""

    resume: tyro.conf.FlagCreatePairsOff[bool] = False
    """Go on with the run in --out where it was last saved, with its own recipe."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.resume and (self.recipe or self.set or self.steps or self.init):
            raise UsageError(
                "expected --resume without --recipe, --set, --steps and --init: a run goes on "
                "with its own recipe; begin another with --init"
            )


Architecture = Literal["ulme-gan", "fomm", "mraa"]
"""Which network is trained."""

Kind = Literal["rig", "still"]
"""What a set is: portraits that the rig moves, in pairs, or single pictures with measured AUs."""
