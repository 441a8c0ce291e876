"""Change a drawn expression as a plan asks: other AUs, a side, a level, a duration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from mien.au.catalog import canonical_name, parse_au
from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.augment.plan import PlannedClip
from mien.produce.plan import ProducePlan

Choice = TypeVar("Choice")

LID_AUS = ("AU43", "AU45", "AU46")
PEAK_SHARE = (0.8, 1.0)
"""Range of the peaks of the other AUs of a combination, as a share of the first AU's peak."""


def moved_as_planned(clip: PlannedClip, plan: ProducePlan, rng: np.random.Generator) -> PlannedClip:
    """Return a clip with the movement that a plan asks for. The subject stays, and so does what the plan leaves open.

    Args:
        clip: The clip as drawn from the statistics of coded micro-expressions.
        plan: The plan.
        rng: Source of randomness.
    """
    expression = clip.expression
    assert expression is not None, "produced clips are moved by drawn AUs"
    emotion = clip.emotion
    if plan.aus:
        expression, emotion = _combination(expression, pick(plan.aus, rng), rng), ""
    if plan.sides:
        expression = on_side(expression, pick(plan.sides, rng))
    if plan.levels:
        expression = expression.with_peak(pick(plan.levels, rng))
    if plan.durations_seconds:
        least, most = plan.durations_seconds
        expression = expression.with_duration(round(float(rng.uniform(least, most)), 4))
    lids = clip.lids
    if any(name.startswith(LID_AUS) for name in expression.au_names):
        lids = 0.0
    return replace(clip, expression=expression, emotion=emotion, lids=lids)


def pick(choices: Sequence[Choice], rng: np.random.Generator) -> Choice:
    """Return one of the choices at random, each equally likely."""
    return choices[int(rng.integers(len(choices)))]


def on_side(expression: Expression, side: str) -> Expression:
    """Return an expression on the left, the right, or both sides; ``both`` gives one-sided AUs both sides."""
    if side != "both":
        return expression.side(side)  # type: ignore[arg-type]
    strongest: dict[str, Envelope] = {}
    for envelope in expression.envelopes:
        whole = replace(envelope, au=parse_au(envelope.au)[0].name)
        before = strongest.get(whole.au)
        if before is None or whole.peak_intensity > before.peak_intensity:
            strongest[whole.au] = whole
    return replace(expression, envelopes=tuple(strongest.values()))


def _combination(expression: Expression, combination: str, rng: np.random.Generator) -> Expression:
    strongest = max(expression.envelopes, key=lambda envelope: envelope.peak_intensity)
    names = [canonical_name(name.strip()) for name in combination.split("+")]
    shares = [1.0, *rng.uniform(*PEAK_SHARE, len(names) - 1)]
    envelopes = [
        replace(strongest, au=name, peak_intensity=round(strongest.peak_intensity * share, 3))
        for name, share in zip(names, shares, strict=True)
    ]
    return Expression(tuple(envelopes))
