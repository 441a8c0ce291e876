"""Options of a self re-enactment: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass

from mien.evaluate.judge_options import JudgeKeywords, JudgeOptions
from mien.transfer.keywords import CarryKeywords
from mien.transfer.options import CarryOptions


class EvaluateReconstructionKeywords(CarryKeywords, JudgeKeywords, total=False):
    """The fields of :class:`EvaluateReconstructionOptions`, for functions that take them as keywords."""


@dataclass(frozen=True, kw_only=True)
class EvaluateReconstructionOptions(CarryOptions, JudgeOptions):
    """How a clip is rebuilt, and how it is judged.

    Raises:
        UsageError: Options that do not fit together, or a value out of its range.
    """

    def __post_init__(self) -> None:
        CarryOptions.__post_init__(self)
        JudgeOptions.__post_init__(self)
