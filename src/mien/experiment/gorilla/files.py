"""The files of a study for Gorilla: a spreadsheet for each order, and steps. The clips are in another folder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from mien.experiment.design import Design
from mien.experiment.program_texts import DISCLOSURE, csv_of, order_rows, question, training_rows
from mien.experiment.trial_clips import clip_of
from mien.experiment.trial_table import Trial

PLACE = "gorilla"


def gorilla_files(
    design: Design,
    trials: Sequence[Trial],
    orders: Sequence[Sequence[int]],
    training: Sequence[int],
) -> dict[str, str]:
    """Return the texts of the spreadsheets and the steps, by their paths in the study's folder.

    Args:
        design: The design.
        trials: All trials.
        orders: Random orders, as numbers of trials.
        training: Training trials, as numbers of trials.
    """
    page = files("mien").joinpath("experiment", "gorilla", "page")
    made = {"STEPS.md": page.joinpath("STEPS.md").read_text("utf-8")}
    for number, order in enumerate(orders, start=1):
        rows = _rows(design, trials, order, number, training)
        columns = dict.fromkeys(name for row in rows for name in row)
        made[f"order_{number}.csv"] = csv_of([dict.fromkeys(columns, "") | row for row in rows])
    return {f"{PLACE}/{name}": text for name, text in made.items()}


def _rows(
    design: Design,
    trials: Sequence[Trial],
    order: Sequence[int],
    number: int,
    training: Sequence[int],
) -> list[dict[str, Any]]:
    told = {"before": "", "after": ""} | {design.disclosure: DISCLOSURE}
    rows = [_text(f"{design.consent} {told['before']}".strip())]
    if training:
        rows.append(
            _text("First, some practice trials. After each one you are told the right answer.")
        )
        for row in training_rows(design, trials, training):
            feedback = f"It was {row['training_answer']}."
            rows.append(_shown(design, trials, "Training", row) | {"feedback": feedback})
        rows.append(_text("Now the task begins. You are no longer told the right answer."))
    block = 1
    for row in order_rows(design, trials, order, number):
        if row["block"] != block:
            block = row["block"]
            rows.append(_text(f"Block {block} of {design.blocks}. Take a rest."))
        rows.append(_shown(design, trials, "Trial", row))
    rows.append(_text(f"Thank you. {told['after']}".strip()))
    return rows


def _text(text: str) -> dict[str, Any]:
    return {"display": "Text", "randomise_blocks": "", "randomise_trials": "", "text": text}


def _shown(
    design: Design, trials: Sequence[Trial], display: str, row: dict[str, Any]
) -> dict[str, Any]:
    clip = clip_of(design, trials[row["showing"]])
    choices = {f"choice_{place}": name for place, name in enumerate(design.choices, start=1)}
    values = {name: value for name, value in row.items() if name not in ("showing", "study")}
    return _text(question(design)) | {"display": display, "clip": clip, **choices, **values}
