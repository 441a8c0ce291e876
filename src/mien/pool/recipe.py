"""What a pool holds: expressions, intensities, durations and sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mien.au.catalog import Side, sided_names
from mien.au.expression import Expression
from mien.au.intensity import parse_intensity
from mien.au.presets import preset
from mien.errors import UsageError
from mien.experiment.on_frames import on_frames
from mien.experiment.screen import RATES_HZ, whole_frames
from mien.stimuli.neutral import is_neutral
from mien.stimuli.stimulus import Stimulus, plan_stimuli

EMOTIONS = ("anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise")
SIDES: tuple[Side, ...] = ("left", "right", "both")
LEAST_FRAMES = 3
"""Fewest frames of an expression: rise, apex and fall."""


@dataclass(frozen=True, kw_only=True)
class PoolRecipe:
    """What a pool holds.

    Attributes:
        expressions: Names of ready expressions.
        intensities: FACS levels or numbers.
        durations_ms: Durations from onset to offset.
        fps: Frames a second: the refresh rate of a usual screen.
        size: Width and height, pixels.
        neutral_ms: Duration of the neutral face before the movement, and after it.
        seed: Seed of the choice of portraits.

    Raises:
        UsageError: A value is given twice, unknown or out of its range.
    """

    expressions: tuple[str, ...] = EMOTIONS
    intensities: tuple[str, ...] = ("B", "C", "D")
    durations_ms: tuple[float, ...] = (100.0, 200.0, 500.0)
    fps: int = 60
    size: int = 512
    neutral_ms: float = 500.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.fps not in RATES_HZ:
            rates = ", ".join(map(str, RATES_HZ))
            raise UsageError(f"expected --fps of a usual screen, {rates}, got {self.fps}")
        for each in self.durations_ms:
            if whole_frames(each, self.fps, "a duration") < LEAST_FRAMES:
                raise UsageError(
                    f"expected durations of {LEAST_FRAMES} frames or more, got {each:g} ms at {self.fps} Hz"
                )
        whole_frames(self.neutral_ms, self.fps, "the neutral face")
        if not 64 <= self.size <= 4096:
            raise UsageError(f"expected --size from 64 to 4096, got {self.size}")
        levels = [parse_intensity(each) for each in self.intensities]
        given: dict[str, list[Any]] = {
            "--expressions": [preset(each).name for each in self.expressions],
            "--intensities": levels,
            "--durations": list(self.durations_ms),
        }
        for name, values in given.items():
            if not values or len(set(values)) < len(values):
                raise UsageError(f"expected one or more {name}, each once, got {values}")
        if min(levels) <= 0:
            raise UsageError("expected --intensities above 0: neutral clips are added in any case")


def sides_of(expression: Expression) -> tuple[Side, ...]:
    """Return the sides on which an expression looks different.

    ``left`` and ``right`` are included if FACS splits one of its AUs. ``both`` is left out if it equals ``left`` or
    ``right``, as in an expression that moves one side only.

    Example:
        >>> sides_of(preset("contempt")), sides_of(preset("fear"))
        (('left', 'right'), ('left', 'right', 'both'))
    """
    moved = {side: _formula(expression.side(side)) for side in SIDES}
    if moved["left"] == moved["right"]:
        return ("both",)
    return SIDES if moved["both"] not in (moved["left"], moved["right"]) else ("left", "right")


def plan_pool(recipe: PoolRecipe, portraits: Mapping[str, Path]) -> tuple[Stimulus, ...]:
    """Plan the stimuli of a pool: every portrait with every expression, and neutral clips.

    Args:
        recipe: What the pool holds.
        portraits: Pictures by name.

    Raises:
        UsageError: Two stimuli would be the same.
    """
    levels = [parse_intensity(each) for each in recipe.intensities]
    seconds = [each / 1000 for each in recipe.durations_ms]
    planned: list[Stimulus] = []
    for who, picture in portraits.items():
        one = {who: picture}
        for place, name in enumerate(recipe.expressions):
            expression = preset(name)
            last = place == len(recipe.expressions) - 1
            planned += plan_stimuli(
                one, {name: expression}, levels, seconds, list(sides_of(expression)), neutral=last
            )
    moved = tuple(
        each
        if is_neutral(each.expression)
        else replace(each, expression=on_frames(each.expression, recipe.fps))
        for each in planned
    )
    check_different(moved)
    return moved


def check_different(stimuli: Iterable[Stimulus]) -> None:
    """Refuse stimuli if two of them are the same.

    Raises:
        UsageError: The message names both.
    """
    seen: dict[tuple[str, str], str] = {}
    for each in stimuli:
        key = (each.portrait_name, _formula(each.expression))
        if key in seen:
            raise UsageError(
                f"expected different stimuli, got {seen[key]} and {each.name}, which are the same"
            )
        seen[key] = each.name


def _formula(expression: Expression) -> str:
    """Return an expression with its AUs split by side: ``AU12`` equals ``AU12L`` and ``AU12R`` together."""
    moved = [
        replace(envelope, au=name).format()
        for envelope in expression.envelopes
        for name in sided_names(envelope.au)
    ]
    return ";".join(sorted(moved))
