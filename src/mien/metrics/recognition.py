"""Score a classification with UF1 and UAR as MEGC2019 defines them, and estimate how sure a difference is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

CLASSES = 3


def confusion(
    label: Int64[np.ndarray, " samples"], said: Int64[np.ndarray, " samples"]
) -> Int64[np.ndarray, "3 3"]:
    """Count how many samples of each class (rows) were predicted as each class (columns)."""
    return np.bincount(label * CLASSES + said, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def uf1(counts: np.ndarray) -> Float64[np.ndarray, "..."]:
    """Return the unweighted F1: the mean of the classes' F1 scores, from the confusion summed over all folds.

    Args:
        counts: (..., 3, 3) confusions. A class that no sample has and that is never predicted has an F1 of 0.
    """
    true = np.diagonal(counts, axis1=-2, axis2=-1)
    both = counts.sum(-1) + counts.sum(-2)
    return (2 * true / np.maximum(both, 1)).mean(-1)


def uar(counts: np.ndarray) -> Float64[np.ndarray, "..."]:
    """Return the unweighted average recall: the mean over classes of the share of samples predicted correctly."""
    true = np.diagonal(counts, axis1=-2, axis2=-1)
    return (true / np.maximum(counts.sum(-1), 1)).mean(-1)


@dataclass(frozen=True)
class Gain:
    """A difference between two UF1 scores, with its 95 % interval."""

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
) -> Gain:
    """Estimate the gain in UF1 of one method over another by drawing subjects with replacement.

    Args:
        label: the true class of each sample.
        with_it: the predictions of the first method, one array for each training seed.
        without: the predictions of the second method.
        fold: the number of each sample's subject, from 0.
        draws: how many times subjects are drawn. In each draw both methods are scored on the same
            subjects, and each method's UF1 is the mean over its training seeds.
        seed: seed of the draws.
    """
    people = int(fold.max()) + 1

    def by_subject(said: Sequence[np.ndarray]) -> np.ndarray:
        counts = [
            [confusion(label[fold == p], one[fold == p]) for p in range(people)] for one in said
        ]
        return np.array(counts)  # (seeds, people, 3, 3)

    one, other = by_subject(with_it), by_subject(without)
    times = np.random.default_rng(seed).multinomial(people, [1 / people] * people, size=draws)

    def means(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return uf1(np.einsum("dp,spij->sdij", weights, counts)).mean(0)

    gains = means(one, times) - means(other, times)
    whole = np.ones((1, people))
    low, high = np.quantile(gains, (0.025, 0.975))
    return Gain(float((means(one, whole) - means(other, whole))[0]), float(low), float(high))
