"""Draw random micro-expressions, with a seed, that resemble coded ones.

**AUs, sides and timing** come from the packaged counts (:mod:`mien.au.statistics`). One draw is one
coded clip: its AUs with their sides *and* its own rise and fall, so that AUs and timing are related
as in the data. The timing is drawn evenly from its 10 ms cell. A combination that was coded without
timing gets the timing of another clip of the same data set and emotion. A draw longer than 0.5 s is
not a micro-expression; it is rejected as a whole and never shortened.

**Intensity** is not in the data: none of the four data sets codes it. The prior is FACS level A to C
(1 to 3), most often near 1.8. Micro-expressions are leaked or suppressed movements, so levels D and E
belong to full expressions, and a movement below level A is too small to be coded. Each peak is 1 + 2 x
(0.7 s + 0.3 u) with s (shared by the expression) and u (own to each AU) triangular on [0, 1], mode
0.4. So the AUs of one expression are strong or weak together (correlation 0.84) and no peak needs
clipping.

All AUs of a draw share its onset, apex and offset, because the data sets code these once a clip;
any spread between AUs would be invented.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.statistics import MAX_SECONDS, Combination, Timing, statistics_table
from mien.errors import UsageError

INTENSITY_RANGE = (1.0, 3.0)
"""Levels A to C."""

TRIANGLE_MODE = 0.4
"""The most frequent position of a peak in this range: 1.8, a weak B."""

SHARED_WEIGHT = 0.7
"""The share of a peak that all AUs of one expression have in common."""

MAX_DRAWS = 10_000
"""Largest number of draws. At least one draw in five is accepted, so more rejections mean a wrong table."""


def sample_expression(
    emotion: str, seed: int, dataset: str | Iterable[str] | None = None
) -> Expression:
    """Draw one realistic micro-expression, as the module's docstring explains.

    Args:
        emotion: A name of ``statistics_table().emotions``.
        seed: 0 or more; the same seed gives the same expression.
        dataset: One or several of ``statistics_table().datasets``; None for all that have the
            emotion. Each clip is equally likely, so the large DFME has the most weight.

    Returns:
        An expression from 0 s to at most 0.5 s, minimum-jerk, peaks from 1 to 3, named after the
        emotion.

    Raises:
        UsageError: An unknown emotion or data set, or a negative seed.
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise UsageError(f"expected a seed that is a whole number of 0 or more, got {seed!r}")
    table = statistics_table()
    chosen = table.select(emotion, dataset)
    pairs = [(name, combination) for name, found in chosen.items() for combination in found]
    rows = [combination.rows for _, combination in pairs]
    rng = np.random.default_rng(seed)
    for _ in range(MAX_DRAWS):
        name, combination = pairs[_draw_index(rng, rows)]
        timing = _draw_timing(rng, combination, chosen[name], table.cell_seconds)
        if timing.rise_seconds + timing.fall_seconds <= MAX_SECONDS:
            return _expression(rng, emotion.strip().casefold(), combination.aus, timing)
    raise UsageError(
        f"no {emotion} of at most {MAX_SECONDS} s in {', '.join(chosen)}: choose other data sets"
    )


def _draw_index(rng: np.random.Generator, weights: list[int]) -> int:
    # Only random() is used, because its numbers are the same in all versions of NumPy.
    return int(np.searchsorted(np.cumsum(weights), rng.random() * sum(weights), side="right"))


def _draw_timing(
    rng: np.random.Generator,
    combination: Combination,
    siblings: tuple[Combination, ...],
    cell_seconds: float,
) -> Timing:
    """Draw a timing from the combination's own clips, or from the emotion's other clips if there is none."""
    timings = combination.timings
    timed = sum(n for _, n in timings)
    if rng.random() * combination.rows >= timed:
        timings = tuple(timing for sibling in siblings for timing in sibling.timings)
    cell, _ = timings[_draw_index(rng, [n for _, n in timings])]
    return Timing(
        _within_cell(rng, cell.rise_seconds, cell_seconds),
        _within_cell(rng, cell.fall_seconds, cell_seconds),
    )


def _within_cell(rng: np.random.Generator, centre_seconds: float, cell_seconds: float) -> float:
    low = max(centre_seconds - cell_seconds / 2, 0.0)
    high = centre_seconds + cell_seconds / 2
    # Rounded to 0.1 ms, less than any camera resolves, so that envelopes are readable. The length is never 0.
    return max(round(low + (high - low) * rng.random(), 4), 1e-4)


def _expression(
    rng: np.random.Generator, name: str, aus: tuple[str, ...], timing: Timing
) -> Expression:
    shared = _triangular(rng)
    low, high = INTENSITY_RANGE
    apex = timing.rise_seconds
    offset = round(apex + timing.fall_seconds, 4)
    envelopes = []
    for au in aus:
        share = SHARED_WEIGHT * shared + (1.0 - SHARED_WEIGHT) * _triangular(rng)
        peak = round(low + (high - low) * share, 3)
        envelopes.append(Envelope(au, 0.0, apex, apex, offset, peak, "minimum_jerk"))
    return Expression(tuple(envelopes), name)


def _triangular(rng: np.random.Generator) -> float:
    """Draw from the triangular distribution on [0, 1] with its mode at TRIANGLE_MODE."""
    u, mode = rng.random(), TRIANGLE_MODE
    return float(np.sqrt(u * mode) if u < mode else 1.0 - np.sqrt((1.0 - u) * (1.0 - mode)))
