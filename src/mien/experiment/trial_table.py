"""The table of trials: what each trial shows, for how long, and its correct answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mien.experiment.design import Design
from mien.experiment.showing import Showing
from mien.stimuli.neutral import NEUTRAL

KEPT = ("portrait", "expression", "correct_answer", "intensity", "level", "side", "mask", "aus")
"""Columns of the stimuli's table that a trial has too, besides those of single AUs."""


@dataclass(frozen=True)
class Trial:
    """A stimulus at one duration.

    Attributes:
        file: The folder of the stimulus's pictures, relative to the study's folder.
        row: The stimulus's row in the stimuli's table.
        duration_ms: How long the expression is shown.
        showing: What the screen shows.
        phases: Frames at which the expression reaches its phases, counted from the last picture before it, which is 0;
            None for a neutral trial.
    """

    file: str
    row: Mapping[str, str]
    duration_ms: float
    showing: Showing
    phases: Mapping[str, int | None]

    @property
    def answer(self) -> str:
        """The correct answer."""
        return self.row["correct_answer"]

    @property
    def face(self) -> str:
        """The name of the portrait."""
        return self.row["portrait"]

    @property
    def neutral(self) -> bool:
        """Whether nothing moves."""
        return self.row["neutral"] == "True"

    def _sides(self) -> dict[str, str]:
        """Return the AUs that move on each side of the face; AUs of the midline count on both sides."""
        moving = [name for name in self.row if name.startswith("AU") and float(self.row[name]) > 0]
        return {
            f"aus_{side}": " ".join(
                name.removesuffix(f"_{side}") for name in moving if not name.endswith(f"_{other}")
            )
            for side, other in (("left", "right"), ("right", "left"))
        }

    def values(self, refresh_hz: int) -> dict[str, Any]:
        """Return the trial's columns for tables and results."""
        single = [name for name in self.row if name.startswith("AU")]
        phases = {
            f"{name}_{unit}": None if frame is None else round(frame * factor, 3)
            for name, frame in self.phases.items()
            for unit, factor in (("frames", 1), ("ms", 1000 / refresh_hz))
        }
        return {
            "stimulus_file": self.file,
            **{name: self.row[name] for name in KEPT},
            **self._sides(),
            "background": self.row.get("background", NEUTRAL),
            "background_aus": self.row.get("background_aus", ""),
            "duration_ms": round(self.duration_ms, 3),
            "duration_frames": self.showing.expression_frames,
            "trial_frames": self.showing.frames,
            "refresh_hz": refresh_hz,
            **phases,
            "synthetic": True,
            **{name: self.row[name] for name in single},
        }


def trials_csv(design: Design, trials: Sequence[Trial], orders: Sequence[Sequence[int]]) -> str:
    """Return all orders as CSV, a row for each trial of each order."""
    text = io.StringIO(newline="")
    values = [trial.values(design.refresh_hz) for trial in trials]
    writer = csv.DictWriter(text, ("order", "block", "trial", *values[0]))
    writer.writeheader()
    for number, order in enumerate(orders, start=1):
        for place, trial in enumerate(order):
            block = place * design.blocks // len(order) + 1
            row = {"order": number, "block": block, "trial": place + 1}
            writer.writerow(row | values[trial])
    return text.getvalue()
