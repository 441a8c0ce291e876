"""Options of an evaluation of AU detectors, with their defaults.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from mien.common.option_checks import check_choice, check_whole, either, make_plain
from mien.common.option_help import option
from mien.errors import UsageError
from mien.recognition.generated import rig_count
from mien.recognition.names import DETECTOR_NAMES, NET_NAMES, DetectorName
from mien.recognition.protocol import Protocol


@dataclass(frozen=True, kw_only=True)
class AUDetectionOptions:
    """What AU detectors are trained on, and who is tested.

    Raises:
        UsageError: A value is out of its range, or options contradict each other.
    """

    codes: Annotated[Path | None, option("FILE.csv")] = None
    """With --flows: FACS codes of the clips, with columns dataset, subject, clip and facs. Without it the
    codes in the flow maps' file are used."""

    augment: Annotated[str | None, option("rig:N|FILE.npz|FOLDER")] = None
    """With --flows: generated flow maps with AUs. The result without them is reported too."""

    train: Annotated[Literal["real", "generated", "both"] | None, option("real|generated|both")] = (
        None
    )
    """With --flows: what to learn from. The default is both with --augment, and real without."""

    model: DetectorName = "kernel"
    """With --flows: kernel is Mien's own, the others are published nets."""

    protocol: Annotated[str, tyro.conf.arg(metavar="loso|cross|few:K|cd6me")] = "loso"
    """With --flows: leave one subject out; learn from one data set or all but one and test on the others;
    learn from K people and test on all others; or leave out one data set of CD6ME at a time, with its 12 AUs
    and figures."""

    seeds: Annotated[int, tyro.conf.arg(metavar="N")] = 5
    """With --flows: number of runs whose figures are averaged. Each has its own maps of rig:N, its own
    people of few:K, and its own net."""

    epochs: Annotated[int | None, option("N")] = None
    """With --flows: epochs of a net, 100 by default; fixed beforehand."""

    @property
    def learned(self) -> Literal["real", "generated", "both"]:
        """What to train on, as given or by default."""
        return self.train or ("real" if self.augment is None else "both")

    def __post_init__(self) -> None:
        make_plain(self)
        if self.codes is not None:
            object.__setattr__(self, "codes", Path(self.codes))
        if self.train is not None:
            check_choice("--train", self.train, ("real", "generated", "both"))
        check_whole("--seeds", self.seeds, 1)
        Protocol.parse(self.protocol)
        check_choice("--model", self.model, DETECTOR_NAMES)
        if self.epochs is not None:
            if self.model not in NET_NAMES:
                raise UsageError(
                    f"--epochs needs --model {either(NET_NAMES)}, got --model {self.model}"
                )
            check_whole("--epochs", self.epochs, 1)
        if self.augment is not None:
            rig_count(self.augment)
        if (self.augment is None) != (self.learned == "real"):
            given = "without it" if self.augment is None else "it with --train real"
            raise UsageError(
                f"expected --augment with --train generated or both, and only then, got {given}"
            )
