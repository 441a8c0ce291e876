"""Options of training besides the recipe, with their defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import tyro

from mien.common.option_help import option
from mien.errors import UsageError
from mien.training.core.run_options import RunOptions

Kind: TypeAlias = Literal["rig", "flow", "still"]
"""Kind of a face set. `rig`: portraits moved by the rig, in pairs. `flow`: these with the exact motion of each pixel,
in a tighter crop. `still`: single pictures with measured AUs."""

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


Labels: TypeAlias = Literal["measured", "made", "openface", "still"]
"""Where the AUs of a clip's frames come from."""

Crop: TypeAlias = Literal["ours", "published"]
"""The square around the face: Mien's 20 cm, or the published systems' 13.5 cm."""

Part: TypeAlias = Literal["onset-offset", "whole"]
"""The part of a data set's clips."""


@dataclass(frozen=True, kw_only=True)
class ClipOptions:
    """How a face set is made from clips."""

    labels: Labels = "measured"
    """With --clips, where the AUs of each frame come from: measured (the change since the clip's first frame), made
    (the AUs with which mien produce made the sample), openface (the table NAME.csv beside each clip), or still (each
    frame is read as a still picture)."""

    crop: Crop = "ours"
    """With --clips, the square around the face: ours is 20 cm wide, published 13.5 cm."""

    part: Part = "onset-offset"
    """With --clips and a data set: the frames of each clip from onset to offset, or the whole clip."""

    fps: Annotated[str | None, option("FPS")] = None
    """Frame rate of the clips in a folder, such as 200 or 30000/1001; for folders of frames, and for
    high-speed videos that are stored slowed down."""

    tables: Annotated[Path | None, option("FOLDER")] = None
    """With --labels openface: folder of the tables PERSON/NAME.csv, if they are not beside the
    clips."""

    def __post_init__(self) -> None:
        if self.tables is not None and self.labels != "openface":
            raise UsageError(
                f"expected --tables with --labels openface, got --labels {self.labels}"
            )
        _ = self.rate

    @property
    def rate(self) -> Fraction | None:
        """`fps` as a fraction.

        Raises:
            UsageError: `fps` is not a number above 0.
        """
        if self.fps is None:
            return None
        from mien.au.frame_rate import parse_fps

        return parse_fps(self.fps)


@dataclass(frozen=True, kw_only=True)
class TrainOptions(RunOptions):
    """Which recipe a run follows, what it starts from, and how it runs."""

    recipe: Annotated[str | None, option("published|ours|FILE.json")] = None
    """Recipe: published (the official code's, the default), ours (a narrow network that learns from
    the rig's ground truth), for ulme-gan also published-fine-tuning (its second training, with
    --init) and painted (a narrow network that learns from pairs, also of clips), or a file such as
    the recipe.json of a run."""

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
