"""The texts that participants read in programs with keyboard input, and the tables of trials in an order."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from mien.experiment.design import MOST_KEYS, Design
from mien.experiment.trial_table import Trial

DISCLOSURE = "All faces are synthetic: a computer made the movements from still portraits."
GO_ON = "Press the space bar."
KEYS = ("123456789" + ascii_lowercase)[:MOST_KEYS]


def question(design: Design) -> str:
    """Return the question that follows each trial."""
    if any(name != "neutral" for name in design.backgrounds):
        return "What did the face show for a moment?"
    return "What did the face show?"


def keys_of(design: Design) -> dict[str, str]:
    """Return the answers by their keys."""
    return dict(zip(KEYS, design.choices, strict=False))


def texts_of(design: Design) -> dict[str, str]:
    """Return the texts that participants read, by name; ``{block}`` is replaced by the number of a block."""
    told = (DISCLOSURE,) if design.disclosure == "before" else ()
    after = (DISCLOSURE,) if design.disclosure == "after" else ()
    offered = "\n".join(f"{key.upper()}   {answer}" for key, answer in keys_of(design).items())
    parts = {
        "consent": (design.consent, *told, "Press the space bar if you agree, or Escape to leave."),
        "training": (
            "First, some practice trials. After each one you are told the right answer.",
            GO_ON,
        ),
        "task": ("Now the task begins. You are no longer told the right answer.", GO_ON),
        "pause": (f"Block {{block}} of {design.blocks}. Take a rest.", GO_ON),
        "question": (question(design), offered),
        "end": ("Thank you.", *after, "Your answers were saved.", GO_ON),
    }
    return {name: "\n\n".join(each) for name, each in parts.items()}


def order_rows(
    design: Design, trials: Sequence[Trial], order: Sequence[int], number: int
) -> list[dict[str, Any]]:
    """Return the rows of an order, with the columns of the results of the study's page.

    Args:
        design: The design.
        trials: All trials.
        order: The trials in this order, as indices into ``trials``.
        number: The order's number, from 1.
    """
    return [
        {
            "showing": trial,
            **trials[trial].values(design.refresh_hz),
            "study": design.name,
            "part": "answer",
            "order": number,
            "block": place * design.blocks // len(order) + 1,
            "trial": place + 1,
        }
        for place, trial in enumerate(order)
    ]


def training_rows(
    design: Design, trials: Sequence[Trial], training: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the rows of the training trials.

    Their correct answer is in the column ``training_answer``, because an analysis counts all rows with a
    ``correct_answer``.
    """
    rows = []
    for place, trial in enumerate(training, start=1):
        values = trials[trial].values(design.refresh_hz)
        answer = values.pop("correct_answer")
        rows.append(
            {"showing": trial, **values, "training_answer": answer, "study": design.name}
            | {"part": "training", "order": 0, "block": 0, "trial": place}
        )
    return rows


def csv_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows, which all have the same columns, as CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def study_json(design: Design, trials: Sequence[Trial], orders: int) -> str:
    """Return what a program reads besides the orders: texts, keys, and the pictures of each trial with their frames."""
    showings = [
        {
            "folder": trial.file,
            "steps": [list(step) for step in trial.showing.steps],
            "first": trial.showing.first,
            "last": trial.showing.last,
        }
        for trial in trials
    ]
    values = {
        "name": design.name,
        "refresh_hz": design.refresh_hz,
        "size_px": design.size,
        "photodiode": design.photodiode,
        "texts": texts_of(design),
        "answers": keys_of(design),
        "orders": orders,
        "showings": showings,
    }
    return json.dumps(values, ensure_ascii=True) + "\n"
