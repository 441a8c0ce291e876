"""Scores of recognition: UF1 and UAR as MEGC2019 defines them, and the confidence interval of a difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from mien.au.emotions import CLASS_COUNT


def confusion(
    label: Int64[np.ndarray, " samples"], predicted: Int64[np.ndarray, " samples"]
) -> Int64[np.ndarray, "3 3"]:
    """Count the samples of each class (rows) that were predicted as each class (columns)."""
    pairs = label * CLASS_COUNT + predicted
    return np.bincount(pairs, minlength=CLASS_COUNT**2).reshape(CLASS_COUNT, CLASS_COUNT)


def uf1(counts: np.ndarray) -> Float64[np.ndarray, " ..."] | np.float64:
    """Return the unweighted F1 (UF1): the mean of the classes' F1.

    Args:
        counts: (..., 3, 3) confusions, summed over all folds. A class that neither occurs nor is
            predicted has an F1 of 0.
    """
    true = np.diagonal(counts, axis1=-2, axis2=-1)
    both = counts.sum(-1) + counts.sum(-2)
    mean: np.ndarray = (2 * true / np.maximum(both, 1)).mean(-1)
    return mean


def uar(counts: np.ndarray) -> Float64[np.ndarray, " ..."] | np.float64:
    """Return the unweighted average recall (UAR): the mean of the classes' recall.

    Args:
        counts: (..., 3, 3) confusions, summed over all folds.
    """
    true = np.diagonal(counts, axis1=-2, axis2=-1)
    mean: np.ndarray = (true / np.maximum(counts.sum(-1), 1)).mean(-1)
    return mean


@dataclass(frozen=True)
class Gain:
    """A difference of UF1 and its 95 % confidence interval.

    Attributes:
        mean: The difference on all samples, averaged over seeds.
        low: Lower bound.
        high: Upper bound.
    """

    mean: float
    low: float
    high: float


def paired_gain(
    label: Int64[np.ndarray, " samples"],
    with_it: Sequence[np.ndarray],
    without: Sequence[np.ndarray],
    fold: Int64[np.ndarray, " samples"],
    draws: int = 2000,
    seed: int = 0,
    tested: Sequence[np.ndarray] | None = None,
) -> Gain:
    """Return the gain in UF1 of one method over another, by a paired bootstrap over subjects.

    Args:
        label: True classes.
        with_it: Predictions of the first method, one array a seed.
        without: Predictions of the second method, one array a seed.
        fold: The number of each sample's subject, from 0.
        draws: Number of bootstrap draws. Both methods get the same subjects in each draw, and the UF1 of each draw is
            averaged over the seeds.
        seed: Seed of the draws.
        tested: For each seed, (samples,) bool, the samples that count; None for all.
    """
    everything = np.ones(len(label), bool)
    people = int(fold.max()) + 1

    def by_subject(predicted: Sequence[np.ndarray]) -> np.ndarray:
        """Return the confusion of each seed and subject, (seeds, people, 3, 3)."""
        counts = [
            [
                confusion(label[mine], one[mine])
                for p in range(people)
                for mine in [mask & (fold == p)]
            ]
            for one, mask in zip(predicted, tested or [everything] * len(predicted), strict=True)
        ]
        return np.array(counts)

    one, other = by_subject(with_it), by_subject(without)
    times = np.random.default_rng(seed).multinomial(people, [1 / people] * people, size=draws)

    def means(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the UF1 of each draw, averaged over seeds."""
        mean: np.ndarray = uf1(np.einsum("dp,spij->sdij", weights, counts)).mean(0)
        return mean

    gains = means(one, times) - means(other, times)
    whole = np.ones((1, people))
    low, high = np.quantile(gains, (0.025, 0.975))
    return Gain(float((means(one, whole) - means(other, whole))[0]), float(low), float(high))
