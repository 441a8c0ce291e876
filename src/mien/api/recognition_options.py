"""What can be asked of an evaluation of recognition: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from mien.api.option_help import option
from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class RecognitionOptions:
    """Which recogniser learns from what.

    Raises:
        UsageError: a value out of its range, or options that do not fit together.
    """

    augment: Annotated[Path | None, option("FILE.npz|FOLDER")] = None
    """Generated flow maps, or a folder with flows.npz: the result then stands beside the one without."""

    model: Literal["kernel", "ststnet", "svm"] = "kernel"
    """kernel is Mien's own, ststnet the published net, svm a baseline."""

    use: Literal["mix", "finetune"] = "finetune"
    """Train on generated and real maps together, or on generated ones first."""

    train: Literal["real", "generated"] = "real"
    """generated: train on those alone and test on all real ones."""

    seeds: int = 5
    """Runs whose figures are averaged."""

    epochs: int = 100
    """Of ststnet; fixed beforehand."""

    leak: tyro.conf.FlagCreatePairsOff[bool] = False
    """An experiment, never a result: choose each epoch of ststnet by the test subject."""

    def __post_init__(self) -> None:
        if self.seeds < 1 or self.epochs < 1:
            raise UsageError(
                f"expected --seeds and --epochs from 1 on, got {self.seeds} and {self.epochs}"
            )
        if self.train == "generated" and self.augment is None:
            raise UsageError("expected --augment with --train generated: what to train on")
        if self.leak and (
            self.model != "ststnet" or self.augment is not None or self.train == "generated"
        ):
            raise UsageError(
                "expected --leak with --model ststnet alone: only there is an epoch to choose"
            )
        if self.model == "svm" and self.augment is not None and self.use == "finetune":
            raise UsageError("expected --use mix with --model svm: it cannot be fine-tuned")
