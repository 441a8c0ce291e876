"""The files of a study for PsychoPy, in a folder of their own beside the stimuli."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from mien.experiment.design import Design
from mien.experiment.program_texts import (
    csv_of,
    order_rows,
    study_json,
    training_rows,
)
from mien.experiment.psychopy.builder import builder_file
from mien.experiment.trial_table import Trial

PLACE = "psychopy"
OWN = ("mien_study.py", "study.py")
STEPS = "STEPS.md"

RENAMED = {"level": "facs_level"}
"""New names of columns whose names Builder reserves."""


def psychopy_files(
    design: Design,
    trials: Sequence[Trial],
    orders: Sequence[Sequence[int]],
    training: Sequence[int],
) -> dict[str, str]:
    """Return the texts of Builder's experiment, the script and their data files, by their paths in the study's folder.

    Args:
        design: The design.
        trials: All trials.
        orders: Random orders, as numbers of trials.
        training: Training trials, as numbers of trials.
    """
    page = files("mien").joinpath("experiment", "psychopy", "page")
    made = {name: page.joinpath(name).read_text("utf-8") for name in (*OWN, STEPS)}
    made["study.psyexp"] = builder_file(design, training=bool(training))
    made["study.json"] = study_json(design, trials, len(orders))
    for number, order in enumerate(orders, start=1):
        made[f"orders/order_{number}.csv"] = csv_of(
            _named(order_rows(design, trials, order, number))
        )
    if training:
        made["training.csv"] = csv_of(_named(training_rows(design, trials, training)))
    return {f"{PLACE}/{name}": text for name, text in made.items()}


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with column names that Builder accepts; reading the results restores Mien's names."""
    return [{RENAMED.get(name, name): value for name, value in row.items()} for row in rows]
