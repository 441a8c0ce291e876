"""The clips of a stimulus sheet: portraits x expressions x intensities x durations x sides, and neutral controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal, TypeAlias

from mien.au.catalog import Side
from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.errors import UsageError
from mien.stimuli.neutral import NEUTRAL, neutral_expression

FaceNumber: TypeAlias = int | Literal["largest"] | None
"""Which of several faces of a picture: its number from the left, from 1; None if there is one face."""


@dataclass(frozen=True)
class Stimulus:
    """One clip of a sheet.

    Attributes:
        name: File stem, unique in the sheet.
        portrait: The picture.
        portrait_name: The portrait's name in the table.
        expression: The expression with its final intensity, duration and side.
        intensity: The requested peak of its strongest AU.
        side: The requested side of the face.
        face: Which of several faces of the picture.
        background: Expression that the face holds throughout the clip; None for a neutral face.
    """

    name: str
    portrait: Path
    portrait_name: str
    expression: Expression
    intensity: float
    side: Side
    face: FaceNumber = None
    background: Expression | None = None

    @property
    def envelopes(self) -> tuple[Envelope, ...]:
        """Everything that moves or is held; of one AU, the larger intensity counts."""
        held = () if self.background is None else self.background.envelopes
        return (*self.expression.envelopes, *held)


def plan_stimuli(
    portraits: dict[str, Path],
    expressions: dict[str, Expression],
    intensities: list[float],
    durations_seconds: list[float],
    sides: list[Side],
    faces: Mapping[str, FaceNumber] | None = None,
    *,
    neutral: bool = False,
) -> tuple[Stimulus, ...]:
    """Plan every clip of a sheet, in the order of the arguments.

    Args:
        portraits: Pictures by their names in the table.
        expressions: Expressions by their names in the table.
        intensities: Peaks of the strongest AU.
        durations_seconds: Durations from onset to offset; all times are stretched to fit.
        sides: Sides of the face: left, right or both.
        faces: Which of several faces, by the portrait's name; None or no entry if there is one face.
        neutral: Add a neutral control clip for each portrait and duration, after the portrait's others.

    Raises:
        MienError: One of the lists is empty, or an expression cannot have an intensity, duration or side.
    """
    if neutral and NEUTRAL in expressions:
        raise UsageError(f"expected another name than {NEUTRAL} for an expression: rename it")
    if not all((portraits, expressions, intensities, durations_seconds, sides)):
        raise UsageError(
            "expected at least one portrait, expression, intensity, duration and side each"
        )
    planned: list[Stimulus] = []
    for who, portrait in portraits.items():
        face = (faces or {}).get(who)
        for (what, expression), intensity, seconds, side in product(
            expressions.items(), intensities, durations_seconds, sides
        ):
            name = f"{who}_{what}_{intensity:g}_{round(1000 * seconds)}ms_{side}"
            moved = expression.with_peak(intensity).with_duration(seconds).side(side)
            planned.append(_stimulus(name, portrait, who, moved, intensity, side, face))
        for seconds in durations_seconds if neutral else ():
            name = f"{who}_{NEUTRAL}_{round(1000 * seconds)}ms"
            still = neutral_expression(seconds)
            planned.append(_stimulus(name, portrait, who, still, 0.0, "both", face))
    return tuple(planned)


def _stimulus(
    name: str,
    portrait: Path,
    portrait_name: str,
    expression: Expression,
    intensity: float,
    side: Side,
    face: FaceNumber,
) -> Stimulus:
    return Stimulus(
        name.replace(".", "p"), portrait, portrait_name, expression, intensity, side, face
    )
