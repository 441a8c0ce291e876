"""The files of a study for Qualtrics: the table of a Loop & Merge, and steps. Its clips are in another folder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from mien.experiment.design import Design
from mien.experiment.program_texts import csv_of, texts_of
from mien.experiment.trial_clips import clip_of
from mien.experiment.trial_table import Trial

PLACE = "qualtrics"

FIELDS = (
    *("correct_answer", "expression", "level", "side", "background", "portrait"),
    *("duration_ms", "aus", "onset_ms", "apex_start_ms", "apex_end_ms", "offset_ms"),
    "stimulus_file",
)
"""Columns of a trial that are fields of the loop, from field 2 on; field 1 is the clip."""


def qualtrics_files(
    design: Design,
    trials: Sequence[Trial],
    orders: Sequence[Sequence[int]],
    training: Sequence[int],
) -> dict[str, str]:
    """Return the texts of the tables and the steps, by their paths in the study's folder.

    Args:
        design: The design.
        trials: All trials.
        orders: Random orders, as numbers of trials; Qualtrics draws orders of its own.
        training: Training trials, as numbers of trials.
    """
    page = files("mien").joinpath("experiment", "qualtrics", "page")
    steps = page.joinpath("STEPS.md").read_text("utf-8")
    texts = texts_of(design)
    made = {
        "loop_merge.csv": _loops(design, trials, sorted(orders[0])),
        "STEPS.md": steps.replace("{choices}", "\n".join(f"   - {name}" for name in design.choices))
        .replace("{question}", texts["question"].split("\n")[0])
        .replace("{consent}", texts["consent"].rpartition("\n\n")[0].replace("\n\n", " "))
        .replace("{end}", texts["end"].split("\n\nYour answers")[0].replace("\n\n", " ")),
    }
    if training:
        made["training.csv"] = _loops(design, trials, training)
    return {f"{PLACE}/{name}": text for name, text in made.items()}


def _loops(design: Design, trials: Sequence[Trial], numbers: Sequence[int]) -> str:
    rows = []
    for loop, number in enumerate(numbers, start=1):
        values = trials[number].values(design.refresh_hz)
        fields = {
            f"Field {place} {name}": values[name] for place, name in enumerate(FIELDS, start=2)
        }
        rows.append({"Loop": loop, "Field 1 clip": clip_of(design, trials[number])} | fields)
    return csv_of(rows)
