"""Options of a made data set: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

import tyro

from mien.common.cut_options import to_json
from mien.common.engine_options import EngineOptions
from mien.common.option_help import as_text, option
from mien.datasets.names import SEEN_DATASETS
from mien.engines.registry import DEFAULTS, engine_specs
from mien.engines.spec import Task
from mien.errors import UsageError
from mien.motion.flow_method import FlowMethod


@dataclass(frozen=True, kw_only=True)
class AugmentOptions(EngineOptions):
    """How a data set is made.

    Raises:
        UsageError: A value out of its range, or options that do not fit together.
    """

    task: ClassVar[Task | None] = None

    count: Annotated[int, tyro.conf.arg(metavar="N")]
    """Number of clips; classes and portraits are used in rotation."""

    engine: Annotated[str, option("NAME")] = DEFAULTS["generate"]
    """The engine; mien engines lists them. An engine that is moved by AUs shows the drawn AUs. An engine that carries
    motion takes it from a clip that the rig makes of another portrait, or from a clip of --drivers."""

    emotions: Annotated[tuple[str, ...], option("NAME")] = ()
    """Emotions to show; by default all that have a class, each as often within its class as it was coded."""

    datasets: Annotated[tuple[str, ...], option("NAME")] = SEEN_DATASETS
    """The data sets whose statistics AUs, sides and timing are drawn from."""

    seed: Annotated[int, tyro.conf.arg(metavar="N")] = 0
    """Random seed; the same seed gives the same files."""

    drivers: Annotated[Path | None, option("FOLDER")] = None
    """Folder of clips with a manifest.csv whose motion and labels are used, for an engine that carries motion."""

    strength: Annotated[float, option("X")] = 1.0
    """Multiply all intensities, or the driver's motion."""

    fps: Annotated[Any, as_text("FPS"), option("FPS")] = Fraction(100)
    """Frames a second; clips of --drivers keep theirs."""

    frames: Literal["all", "two"] = "all"
    """all: whole clips; two: onset and apex only, which is all that flow maps need, and much faster."""

    side_px: Annotated[int, option("PX", name="size")] = 256
    """Width and height of the clips: a square around the face."""

    film: bool = True
    """Add what filmed clips show: drift of the head, noise of pixels, and lids that sink by themselves."""

    validation: Annotated[float, option("SHARE")] = 0.0
    """Share of the portraits whose clips go to the split val, and to flows-val.npz."""

    flow: FlowMethod = "tvl1"
    """Optical flow of the maps, as for mien flows."""

    format: Literal["mkv", "png"] = "mkv"
    """mkv: lossless videos; png: a folder of PNGs for each clip."""

    skip_bad: tyro.conf.FlagCreatePairsOff[bool] = False
    """Leave out portraits and clips that cannot be used, and list them. Without, the first one is an error."""

    def __post_init__(self) -> None:
        from mien.au.frame_rate import parse_fps  # imports numpy

        object.__setattr__(self, "fps", parse_fps(self.fps))
        for name in ("emotions", "datasets"):
            value = getattr(self, name)
            object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
        super().__post_init__()
        self._check_ranges()
        if self.drivers is not None and self.spec.uses_aus:
            carriers = [n for n, spec in engine_specs("transfer").items() if not spec.uses_aus]
            raise UsageError(f"--drivers needs --engine {' or '.join(carriers)}, got {self.engine}")
        if self.drivers is not None and self.datasets != SEEN_DATASETS:
            raise UsageError("--datasets has no effect with --drivers: leave it out")

    def _check_ranges(self) -> None:
        for name, allowed in (
            ("frames", ("all", "two")),
            ("flow", get_args(FlowMethod)),
            ("format", ("mkv", "png")),
        ):
            if getattr(self, name) not in allowed:
                raise UsageError(
                    f"expected --{name} {' or '.join(allowed)}, got {getattr(self, name)!r}"
                )
        if self.count < 1:
            raise UsageError(f"expected --count of 1 or more, got {self.count}")
        if self.seed < 0:
            raise UsageError(f"expected --seed of 0 or more, got {self.seed}")
        if not 64 <= self.side_px <= 2048:
            raise UsageError(f"expected --size from 64 to 2048, got {self.side_px}")
        if not 0 <= self.validation < 1:
            raise UsageError(f"expected --validation from 0 to below 1, got {self.validation:g}")
        if not 0 < self.strength <= 5:
            raise UsageError(f"expected --strength above 0 and up to 5, got {self.strength:g}")
        if not self.datasets:
            raise UsageError("expected --datasets with at least one name, got none")

    def to_json(self) -> dict[str, Any]:
        """Return the options that affect a clip's content, as JSON values; the number of clips is left out."""
        record = to_json(self, ("count", "skip_bad", "flow", "engine_settings"))
        lists = {"emotions": list(self.emotions), "datasets": list(self.datasets)}
        return record | self.settings.to_json() | lists
