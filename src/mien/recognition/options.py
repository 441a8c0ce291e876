"""What can be asked of an evaluation of recognition: the one place of each default.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import tyro

from mien.common.option_help import option
from mien.errors import UsageError
from mien.recognition.generated import rig_count

NETS = ("ststnet", "off-apexnet")
"""Models with epochs."""


@dataclass(frozen=True, kw_only=True)
class RecognitionOptions:
    """Which recogniser learns from what.

    Raises:
        UsageError: a value out of its range, or options that do not fit together.
    """

    augment: Annotated[str | None, option("rig:N|FILE.npz|FOLDER")] = None
    """Generated flow maps: N of the rig, a file, or a folder with flows.npz. The result without them is told too."""

    model: Literal["kernel", "ststnet", "off-apexnet", "svm"] = "kernel"
    """kernel is Mien's own, ststnet and off-apexnet are published nets, svm is a baseline."""

    use: Annotated[Literal["mix", "finetune"] | None, option("mix|finetune")] = None
    """Train on generated and real maps together, or on generated ones first, the default but for svm."""

    train: Literal["real", "generated"] = "real"
    """generated: train on those alone and test on all real ones."""

    seeds: Annotated[int, tyro.conf.arg(metavar="N")] = 5
    """Runs whose figures are averaged."""

    epochs: Annotated[int | None, option("N")] = None
    """Of a net, 100 by default; fixed beforehand."""

    leak: tyro.conf.FlagCreatePairsOff[bool] = False
    """An experiment, never a result: choose each epoch of a net by the test subject."""

    @property
    def used(self) -> Literal["mix", "finetune"]:
        """How generated maps are used, as asked for or by default."""
        return self.use or ("mix" if self.model == "svm" else "finetune")

    def __post_init__(self) -> None:
        if self.seeds < 1:
            raise UsageError(f"expected --seeds from 1 on, got {self.seeds}")
        if self.epochs is not None and (self.epochs < 1 or self.model not in NETS):
            raise UsageError(
                f"expected --epochs from 1 on with --model {' or '.join(NETS)}, got {self.epochs} with "
                f"{self.model}"
            )
        if self.augment is not None:
            rig_count(self.augment)
        if self.train == "generated" and self.augment is None:
            raise UsageError("expected --augment with --train generated: what to train on")
        if self.leak and (
            self.model not in NETS or self.augment is not None or self.train == "generated"
        ):
            raise UsageError(
                f"expected --leak with --model {' or '.join(NETS)} alone: only there is an epoch to "
                "choose"
            )
        if self.use is not None and self.augment is None:
            raise UsageError("expected --use with --augment, got it without")
        if self.model == "svm" and self.use == "finetune":
            raise UsageError("expected --use mix with --model svm: it cannot be fine-tuned")
