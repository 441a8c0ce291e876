"""Options of an evaluation of recognition, with their defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import tyro

from mien.common.option_checks import check_choice, check_whole, either, make_plain
from mien.common.option_help import option
from mien.errors import UsageError
from mien.recognition.generated import rig_count
from mien.recognition.names import MODEL_NAMES, NET_NAMES, ModelName
from mien.recognition.protocol import Protocol


@dataclass(frozen=True, kw_only=True)
class RecognitionOptions:
    """Which recogniser is evaluated, and what it is trained on.

    Raises:
        UsageError: A value is out of its range, or options contradict each other.
    """

    augment: Annotated[str | None, option("rig:N|FILE.npz|FOLDER")] = None
    """Generated flow maps: N from the rig, a file, or a folder with flows.npz. The result without
    them is reported too."""

    model: ModelName = "kernel"
    """kernel is Mien's own, svm is a baseline, the others are published nets."""

    use: Annotated[Literal["mix", "finetune"] | None, option("mix|finetune")] = None
    """How --augment is used: mix trains on generated and real maps together; finetune trains on
    generated maps first. The default is finetune, for svm mix."""

    train: Literal["real", "generated"] = "real"
    """generated: train on generated maps only, and test on all real ones."""

    protocol: Annotated[str, tyro.conf.arg(metavar="loso|cross|few:K")] = "loso"
    """Leave one subject out; learn from one data set or all but one and test on the others; or learn from
    K people, drawn by the seed, and test on all others."""

    seeds: Annotated[int, tyro.conf.arg(metavar="N")] = 5
    """Number of runs whose figures are averaged."""

    epochs: Annotated[int | None, option("N")] = None
    """Epochs of a net, 100 by default; fixed beforehand."""

    leak: tyro.conf.FlagCreatePairsOff[bool] = False
    """An experiment, never a result: choose each epoch of a net on the test subject."""

    @property
    def used(self) -> Literal["mix", "finetune"]:
        """How generated maps are used, as given or by default."""
        return self.use or ("mix" if self.model == "svm" else "finetune")

    def __post_init__(self) -> None:
        make_plain(self)
        check_choice("--model", self.model, MODEL_NAMES)
        check_choice("--train", self.train, ("real", "generated"))
        if self.use is not None:
            check_choice("--use", self.use, ("mix", "finetune"))
        check_whole("--seeds", self.seeds, 1)
        if self.augment is not None:
            rig_count(self.augment)
        kind = Protocol.parse(self.protocol).kind
        if kind == "cd6me":
            raise UsageError(
                "expected --protocol loso, cross or few:K, got cd6me: use it with mien evaluate aus"
            )
        if kind != "loso" and self.leak:
            raise UsageError(f"--leak needs --protocol loso, got {self.protocol}")
        self._check_net_options()
        if self.train == "generated" and self.augment is None:
            raise UsageError(
                "expected --augment with --train generated, got none: name generated maps"
            )
        if self.use is not None and self.augment is None:
            raise UsageError("--use needs --augment, got none: name generated maps")
        if self.model == "svm" and self.use == "finetune":
            raise UsageError("expected --use mix with --model svm: it cannot be fine-tuned")

    def _check_net_options(self) -> None:
        """Refuse ``epochs`` and ``leak`` without a net, and ``leak`` with generated maps."""
        nets = either(NET_NAMES)
        is_net = self.model in NET_NAMES
        if self.epochs is not None:
            if not is_net:
                raise UsageError(f"--epochs needs --model {nets}, got --model {self.model}")
            check_whole("--epochs", self.epochs, 1)
        if self.leak and (not is_net or self.augment is not None or self.train == "generated"):
            raise UsageError(
                f"expected --leak with --model {nets} and no --augment: other runs choose no epoch"
            )
