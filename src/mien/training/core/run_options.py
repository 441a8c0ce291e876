"""What a run does beside its recipe: devices, and how often it saves and reports.

Imports nothing heavy: these are options of the command line too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro

from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What a run does beside its recipe; nothing of it changes what a step learns."""

    accelerator: Literal["auto", "cpu", "gpu"] = "auto"
    """What to train on; auto takes a GPU where there is one."""

    devices: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """How many of them on each machine."""

    nodes: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """How many machines; start the command on each, under torchrun or SLURM."""

    threads: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """Threads that make batches, for each device."""

    minutes: Annotated[float | None, tyro.conf.arg(metavar="X", help_behavior_hint="")] = None
    """Save and stop after so long; --resume goes on."""

    log_every: Annotated[int, tyro.conf.arg(metavar="N")] = 20
    """Steps between two lines of the log."""

    validate_every: Annotated[int, tyro.conf.arg(metavar="N")] = 500
    """Steps between two measurements on people held out, with their sample sheets."""

    save_every: Annotated[int, tyro.conf.arg(metavar="N")] = 250
    """Steps between two checkpoints."""

    def __post_init__(self) -> None:
        for name in ("devices", "nodes", "threads", "log_every", "validate_every", "save_every"):
            if getattr(self, name) < 1:
                raise UsageError(f"expected {name} from 1 on, got {getattr(self, name)}")
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise UsageError(f"expected minutes over 0, got {self.minutes}")
        if self.accelerator not in ("auto", "cpu", "gpu"):
            raise UsageError(f"expected accelerator auto, cpu or gpu, got {self.accelerator}")
