"""All steps, and those that a regex chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .step import Step
from .steps_clips import clip_steps
from .steps_data import data_steps
from .steps_motion import motion_steps
from .steps_train import train_steps
from .steps_words import word_steps


def all_steps() -> tuple[Step, ...]:
    """Return all steps, in an order in which they could run one after the other.

    Raises:
        ValueError: Two steps have the same name.
    """
    steps = (*train_steps(), *clip_steps(), *motion_steps(), *data_steps(), *word_steps())
    names = [step.name for step in steps]
    if len(set(names)) < len(names):
        raise ValueError(f"expected different names, got {sorted(names)}")
    return steps


def chosen(steps: Sequence[Step], regex: str) -> list[Step]:
    """Return the steps whose names match a regex, and the steps that they need."""
    names = [step.name for step in steps]
    wanted = {name for name in names if re.search(regex, name)}
    for step in reversed(steps):
        if step.name in wanted:
            wanted |= step.needs(names)
    return [step for step in steps if step.name in wanted]
