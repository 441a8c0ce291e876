"""Options of training besides the recipe, with their defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import tyro

from mien.common.option_help import option
from mien.errors import UsageError
from mien.training.core.run_options import RunOptions

Kind: TypeAlias = Literal["rig", "flow", "still"]
"""Kind of a face set: portraits moved by the rig, in pairs; the same with the motion of each pixel, in a tighter crop;
or single pictures with measured AUs."""

DEFAULT_KIND: Kind = "rig"


@dataclass(frozen=True, kw_only=True)
class FaceSetOptions:
    """How a face set is made from portraits."""

    views: Annotated[int, tyro.conf.arg(metavar="N")] = 10
    """Pictures per face in a set of kind rig or flow: the original and moved ones."""

    workers: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """Number of processes."""

    def __post_init__(self) -> None:
        if self.views < 2 or self.workers < 1:
            raise UsageError(
                "expected --views from 2 on and --workers from 1 on, "
                f"got {self.views} and {self.workers}"
            )


@dataclass(frozen=True, kw_only=True)
class TrainOptions(RunOptions):
    """Which recipe a run follows, what it starts from, and how it runs."""

    recipe: Annotated[str | None, option("published|ours|FILE.json")] = None
    """Recipe: published (the paper's, the default), ours (a narrow network that learns from the
    rig's ground truth), or a file such as the recipe.json of a run."""

    set: Annotated[
        tuple[str, ...], tyro.conf.arg(metavar="NAME=VALUE"), tyro.conf.UseAppendAction
    ] = ()
    """Change a field of the recipe: --set batch_size=8 --set weights.cycle=5. --dry-run lists all
    fields."""

    steps: Annotated[int | None, option("N")] = None
    """Number of steps, instead of the recipe's."""

    init: Annotated[Path | None, option("FOLDER")] = None
    """Start from exported weights, or from another run (transfer learning)."""

    resume: tyro.conf.FlagCreatePairsOff[bool] = False
    """Continue the run in --out from its last checkpoint, with its own recipe."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.resume and (self.recipe or self.set or self.steps or self.init):
            raise UsageError(
                "expected --resume without --recipe, --set, --steps and --init: a run keeps its "
                "own recipe; start another run with --init"
            )
