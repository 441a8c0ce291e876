"""Options of a self re-enactment: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from mien.au.intensity import PRESENCE_THRESHOLD
from mien.au.recode_mode import RecodeMode
from mien.common.cut_options import CutKeywords, CutOptions
from mien.common.engine_options import EngineOptions
from mien.common.option_help import option
from mien.engines.registry import DEFAULTS
from mien.engines.settings import EngineSettings
from mien.engines.spec import Task
from mien.evaluate.judge_options import JudgeKeywords, JudgeOptions
from mien.transfer.options import TransferOptions


class EvaluateReconstructionKeywords(CutKeywords, JudgeKeywords, total=False):
    """The fields of :class:`EvaluateReconstructionOptions`, for functions that take them as keywords."""

    engine: str
    engine_settings: EngineSettings | Mapping[str, Any] | None
    strength: float
    recode: RecodeMode | None
    threshold: float
    blinks: bool


@dataclass(frozen=True, kw_only=True)
class EvaluateReconstructionOptions(CutOptions, JudgeOptions, EngineOptions):
    """How a clip is rebuilt, and how it is judged.

    Raises:
        UsageError: options that do not fit together, or a value out of its range.
    """

    task: ClassVar[Task] = "transfer"

    engine: Annotated[str, option("NAME")] = DEFAULTS["transfer"]
    """What carries the motion; mien engines lists the engines and their settings."""

    strength: Annotated[float, option("X")] = 1.0
    """Multiply the motion."""

    recode: Annotated[RecodeMode | None, option("MODE")] = None
    """Re-encode the measured AUs first, as mien recode does; for engines that are moved by AUs."""

    threshold: Annotated[float, option("X")] = PRESENCE_THRESHOLD
    """Intensity from which --recode counts an AU as present; 0 keeps all."""

    blinks: bool = True
    """Let the lids move too, or leave them as they are in the first frame."""

    def __post_init__(self) -> None:
        CutOptions.__post_init__(self)
        JudgeOptions.__post_init__(self)
        EngineOptions.__post_init__(self)
        _ = self.transfer  # refuses what a transfer does not take

    @property
    def transfer(self) -> TransferOptions:
        """The same engine and settings, as `mien.transfer` takes them."""
        return TransferOptions(
            engine=self.engine,
            engine_settings=self.engine_settings,
            strength=self.strength,
            recode=self.recode,
            threshold=self.threshold,
            blinks=self.blinks,
            scale=self.scale,
        )
