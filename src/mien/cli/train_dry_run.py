"""What ``mien train NETWORK --dry-run`` says of the recipe, the data and the precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mien.training.core.official import Compared
    from mien.training.core.recipe import TrainingRecipe
    from mien.training.data_check import DataCheck

MOST_NAMES = 20
"""Number of held-out people who are named."""


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
        data: The data, as the user named them.
        found: What was found there.
    """
    names = ", ".join(found.held_out[:MOST_NAMES])
    more = len(found.held_out) - MOST_NAMES
    names += f" and {more} more" if more > 0 else ""
    people = f"data {data}: {found.people} people ({len(found.held_out)} held out: {names})"
    if found.batch is None:
        return f"{people}, {found.count} portraits; a first face can be read, the run makes the face set"
    of = "frames" if found.of == "clips" else "pictures"
    sizes = f"{found.count} {found.of}, {found.pictures} {of} of {found.size_px} px"
    return f"{people}, {sizes}; a first batch of {found.batch} can be read"


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
