"""What ``mien train NETWORK --dry-run`` prints: the recipe, the data and the device, without training."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mien.cli.say import complain, say

if TYPE_CHECKING:
    from mien.cli.train_network import TrainNetwork
    from mien.training.core.official import Compared
    from mien.training.core.recipe import TrainingRecipe
    from mien.training.data_check import DataCheck


def say_recipe(recipe: TrainingRecipe, *, as_json: bool) -> None:
    """Print the recipe: as JSON, or beside the values of the official code."""
    from mien.training.run import beside_official

    say(json.dumps(recipe.to_json()) if as_json else table(beside_official(recipe)))


def say_data(command: TrainNetwork, recipe: TrainingRecipe) -> None:
    """Check the data, and print what they are and the arithmetic; with ``--json`` to stderr, beside the recipe."""
    from mien.training.core.precision import with_precision
    from mien.training.data_check import check_data

    found = check_data(
        recipe, command.data, command.out, portraits=command.portraits, options=command.made
    )
    data = data_words(str(command.portraits or command.data), found)
    for line in (data, precision_words(recipe, with_precision(recipe, command.how))):
        if command.json:
            complain("note", line)
        else:
            say(line)


def table(rows: Sequence[Compared]) -> str:
    """Return settings beside the official ones as aligned lines; lines with notes may be long."""
    lines = [("field", "this run", "official", "")]
    for row in rows:
        note = ": ".join(filter(None, ("differs" if row.differs else "", row.note)))
        lines.append((row.field, row.own, row.official, note))
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        "  ".join(
            (*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[3])
        ).rstrip()
        for line in lines
    )


def data_words(data: str, found: DataCheck) -> str:
    """Return in one line what a run would train on.

    Args:
        data: The data as the user named them.
        found: What was found there.
    """
    people = f"data {data}: {found.people} people ({found.held_out} held out)"
    size = f"{found.size_px} px"
    if found.of == "portraits":
        return (
            f"{people}, {found.count} portraits; a first face can be read; the run makes a face set of {size} of them"
        )
    count = f"{found.count} clips" if found.of == "clips" else f"{found.count} faces"
    of = "frames" if found.of == "clips" else "pictures"
    return f"{people}, {count}, {found.pictures} {of} of {size}; a first batch of {found.batch} can be read"


def precision_words(asked: TrainingRecipe, used: TrainingRecipe) -> str:
    """Return in one line the arithmetic of the networks.

    Args:
        asked: The recipe.
        used: The recipe as it runs on this device.
    """
    if asked.precision == used.precision:
        return f"precision {used.precision}"
    has = "has" if used.precision == "bf16-mixed" else "has no"
    return f"precision {used.precision}: the device {has} bfloat16"
