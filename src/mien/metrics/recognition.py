"""How well classes were told apart: UF1 and UAR as MEGC2019 defines them, and what a difference is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

CLASSES = 3


def confusion(
    label: Int64[np.ndarray, " samples"], said: Int64[np.ndarray, " samples"]
) -> Int64[np.ndarray, "3 3"]:
    """Return how many samples of each class (rows) were taken for each (columns)."""
    return np.bincount(label * CLASSES + said, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def uf1(counts: np.ndarray) -> Float64[np.ndarray, " ..."] | np.float64:
    """Unweighted F1: the classes' mean F1, from the confusion summed over all folds.

    Args:
        counts: (..., 3, 3) confusions. A class neither there nor said counts 0.
    """
    true = np.diagonal(counts, axis1=-2, axis2=-1)
    both = counts.sum(-1) + counts.sum(-2)
    means: np.ndarray = (2 * true / np.maximum(both, 1)).mean(-1)
    return means


def uar(counts: np.ndarray) -> Float64[np.ndarray, " ..."] | np.float64:
    """Unweighted average recall: the classes' mean share of samples found."""
    true = np.diagonal(counts, axis1=-2, axis2=-1)
    means: np.ndarray = (true / np.maximum(counts.sum(-1), 1)).mean(-1)
    return means


@dataclass(frozen=True)
class Gain:
    """A difference of UF1 and its 95 % interval."""

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
    """Gain in UF1 of one way over another, by drawing subjects with replacement.

    Args:
        label: classes.
        with_it: what the one said of each sample, an array a seed.
        without: what the other said.
        fold: the number of each sample's subject, from 0.
        draws: how many times subjects are drawn; in each draw both ways meet the same subjects,
            and the seeds' UF1 are averaged first.
        seed: of the draws.
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
        averaged: np.ndarray = uf1(np.einsum("dp,spij->sdij", weights, counts)).mean(0)
        return averaged

    gains = means(one, times) - means(other, times)
    whole = np.ones((1, people))
    low, high = np.quantile(gains, (0.025, 0.975))
    return Gain(float((means(one, whole) - means(other, whole))[0]), float(low), float(high))
