"""The result of a training run.

Imports nothing heavy: the command line prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Stopped: TypeAlias = Literal["finished", "minutes", "signal"]
"""Why a run ended: all steps are done, its time was up, or a signal asked it to stop."""


@dataclass(frozen=True)
class TrainingResult:
    """The result of a training run.

    Attributes:
        run: Folder of the run.
        step: Steps done.
        total_steps: Steps of the whole run.
        stopped: Why the run ended.
        validation: Metrics of the last validation, by name.
        images_per_second: Training pictures per second, over all devices.
        precision: Arithmetic of the networks, ``32-true`` or ``bf16-mixed``.
        is_main: Whether this process is the one that writes and reports.
        signal: Number of the signal that this process received; None if it received none.
    """

    run: Path
    step: int
    total_steps: int
    stopped: Stopped
    validation: Mapping[str, float]
    images_per_second: float
    precision: str
    is_main: bool
    signal: int | None = None
