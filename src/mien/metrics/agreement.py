"""Measure how far two coders or programs agree on when an AU is present: kappa on frames, and matched events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64
from scipy.optimize import linear_sum_assignment

from mien.errors import UsageError

Span = tuple[float, float]
"""Onset and offset in seconds."""


def cohen_kappa(first: Bool[np.ndarray, " frames"], second: Bool[np.ndarray, " frames"]) -> float:
    """Return Cohen's kappa (Educational and Psychological Measurement 20, 1960) of two codings of the same frames.

    NaN if both codings are constant and equal, because chance alone then gives full agreement.

    Raises:
        UsageError: No frames, or two different numbers of frames.
    """
    if first.shape != second.shape or not len(first):
        raise UsageError(
            f"expected two codings of the same frames, got {len(first)} and {len(second)} frames"
        )
    observed = float((first == second).mean())
    shares = float(first.mean()), float(second.mean())
    by_chance = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")


def tolerant_kappa(
    first: Bool[np.ndarray, " frames"], second: Bool[np.ndarray, " frames"], reach: int
) -> float:
    """Return kappa that tolerates boundaries a few frames apart.

    A frame counts as agreement if the other coder gives the same answer within ``reach`` frames. Each coder is compared
    with the other in turn, and the mean of both is returned. Source: time-unit kappa with tolerance, Bakeman, Quera and
    Gnisci, Behavior Research Methods 41 (2009).

    Args:
        first: (T,) whether the AU is present, by the first coder.
        second: (T,) the same by the second coder.
        reach: Tolerance in frames; 0 gives `cohen_kappa`.
    """
    one = cohen_kappa(first, towards(second, first, reach))
    other = cohen_kappa(towards(first, second, reach), second)
    return (one + other) / 2


def towards(
    coded: Bool[np.ndarray, " frames"], other: Bool[np.ndarray, " frames"], reach: int
) -> Bool[np.ndarray, " frames"]:
    """Return a coding, changed to the other's answer in each frame that has this answer within ``reach`` frames."""
    if reach == 0:
        return coded
    padded = np.pad(coded, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    near = np.where(other, windows.any(axis=1), ~windows.all(axis=1))
    changed: Bool[np.ndarray, " frames"] = np.where(near, other, coded)
    return changed


def overlap(first: Span, second: Span) -> float:
    """Return the intersection over union of two spans; 1 for two equal points."""
    union = max(first[1], second[1]) - min(first[0], second[0])
    shared = min(first[1], second[1]) - max(first[0], second[0])
    if union <= 0:
        return 1.0
    return max(shared, 0.0) / union


@dataclass(frozen=True)
class EventScore:
    """How the events of two coders match.

    Attributes:
        first: Events of the first coder.
        second: Events of the second.
        matched: Number of matched pairs.
        onset_errors_seconds: Onset of the second minus onset of the first, for each pair.
        offset_errors_seconds: Offset of the second minus offset of the first, for each pair.
    """

    first: int
    second: int
    matched: int
    onset_errors_seconds: tuple[float, ...]
    offset_errors_seconds: tuple[float, ...]

    @property
    def f1(self) -> float:
        """Twice the number of pairs over the number of all events; NaN without events."""
        total = self.first + self.second
        return 2 * self.matched / total if total else float("nan")


def match_events(
    first: Sequence[Span],
    second: Sequence[Span],
    least_overlap: float = 0.5,
    tolerance_seconds: float = 0.0,
) -> EventScore:
    """Pair the events of two coders: as many pairs as possible and, among those, the largest sum of overlaps.

    Args:
        first: The first coder's events.
        second: The second coder's events.
        least_overlap: Two events match if their intersection over union is at least this, and above 0.
        tolerance_seconds: Two events also match if their onsets and their offsets differ by at most this.
    """
    if not first or not second:
        return EventScore(len(first), len(second), 0, (), ())
    scores: Float64[np.ndarray, "first second"] = np.array(
        [[overlap(a, b) for b in second] for a in first]
    )
    near = np.array(
        [
            [max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= tolerance_seconds + 1e-9 for b in second]
            for a in first
        ]
    )
    fits = (scores >= least_overlap - 1e-9) & (scores > 0) | near
    # One more pair is worth more than any sum of overlaps.
    worth = np.where(fits, scores + len(first) + len(second), 0.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    pairs = [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if fits[i, j]]
    return EventScore(
        len(first),
        len(second),
        len(pairs),
        tuple(second[j][0] - first[i][0] for i, j in pairs),
        tuple(second[j][1] - first[i][1] for i, j in pairs),
    )
