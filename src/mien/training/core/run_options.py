"""Options of a run that do not change what a step learns: devices, saving and reporting.

Imports nothing heavy: they are options of the command line too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro

from mien.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """Devices, and how often a run saves, logs and validates."""

    accelerator: Literal["auto", "cpu", "gpu"] = "auto"
    """Device to train on; auto takes a GPU if there is one."""

    devices: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """Number of devices on each machine."""

    nodes: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """Number of machines; start the command on each of them, under torchrun or SLURM."""

    threads: Annotated[int, tyro.conf.arg(metavar="N")] = 1
    """Threads per device that prepare batches."""

    minutes: Annotated[float | None, tyro.conf.arg(metavar="X", help_behavior_hint="")] = None
    """Save and stop after this many minutes; --resume continues."""

    log_every: Annotated[int, tyro.conf.arg(metavar="N")] = 20
    """Write a line of the log every N steps."""

    validate_every: Annotated[int, tyro.conf.arg(metavar="N")] = 500
    """Validate on held-out people and draw a sample sheet every N steps."""

    save_every: Annotated[int, tyro.conf.arg(metavar="N")] = 250
    """Save a checkpoint every N steps."""

    def __post_init__(self) -> None:
        for name in ("devices", "nodes", "threads", "log_every", "validate_every", "save_every"):
            if getattr(self, name) < 1:
                raise UsageError(f"expected {name} from 1 on, got {getattr(self, name)}")
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise UsageError(f"expected minutes over 0, got {self.minutes}")
        if self.accelerator not in ("auto", "cpu", "gpu"):
            raise UsageError(f"expected accelerator auto, cpu or gpu, got {self.accelerator}")
