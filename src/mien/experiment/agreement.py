"""How far raters agree: the kappas of Cohen and Fleiss, and the intraclass correlation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64, Int64

from mien.errors import UsageError


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Return the agreement of two raters beyond chance; NaN if both always give the same answer.

    Source: Cohen (1960), Educational and Psychological Measurement 20.

    Args:
        first: One rater's answers to some stimuli.
        second: Another rater's answers to the same stimuli, in the same order.

    Raises:
        UsageError: No stimulus, or different numbers of answers.

    Example:
        >>> round(cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]), 3)
        0.5
    """
    if not first or len(first) != len(second):
        raise UsageError(
            f"expected answers of two raters to the same stimuli, got {len(first)} and {len(second)}"
        )
    one, two = np.array(first), np.array(second)
    by_chance = sum((one == each).mean() * (two == each).mean() for each in np.unique(one))
    return _beyond_chance(float((one == two).mean()), float(by_chance))


def fleiss_kappa(counts: Int64[np.ndarray, "stimuli choices"]) -> float:
    """Return the agreement of several raters beyond chance; NaN if all answers are the same.

    Each stimulus is weighted by its number of ratings; stimuli with one rating are left out. With equal numbers of
    ratings this is Fleiss (1971), Psychological Bulletin 76.

    Args:
        counts: (S, A) number of raters who gave each answer to each stimulus.

    Raises:
        UsageError: No stimulus has two ratings.
    """
    counts = counts[counts.sum(1) >= 2].astype(np.float64)
    if not len(counts):
        raise UsageError("expected a stimulus with two ratings, got none")
    ratings = counts.sum(1)
    agreeing = (counts * (counts - 1)).sum(1)
    observed = float((agreeing / (ratings - 1)).sum() / ratings.sum())
    shares = counts.sum(0) / counts.sum()
    return _beyond_chance(observed, float((shares**2).sum()))


def intraclass_correlations(ratings: Float64[np.ndarray, "stimuli raters"]) -> tuple[float, float]:
    """Return ICC(2,1) and ICC(2,k): absolute agreement of single raters, and of the mean over all raters.

    Two-way random effects; source: Shrout & Fleiss (1979), Psychological Bulletin 86. NaN if nothing varies.

    Args:
        ratings: (S, R) one number for each stimulus and rater.

    Raises:
        UsageError: There are fewer than two stimuli or raters, or numbers are missing.
    """
    if min(ratings.shape) < 2 or not np.isfinite(ratings).all():
        raise UsageError(
            "expected ratings of two stimuli or more by two raters or more, none missing, got "
            f"{ratings.shape[0]} stimuli and {ratings.shape[1]} raters"
        )
    n, k = ratings.shape
    mean = ratings.mean()
    of_stimuli, of_raters = ratings.mean(1), ratings.mean(0)
    between = k * ((of_stimuli - mean) ** 2).sum() / (n - 1)
    raters = n * ((of_raters - mean) ** 2).sum() / (k - 1)
    rest = ratings - of_stimuli[:, None] - of_raters + mean
    error = (rest**2).sum() / ((n - 1) * (k - 1))
    with np.errstate(invalid="ignore"):
        single = (between - error) / (between + (k - 1) * error + k * (raters - error) / n)
        average = (between - error) / (between + (raters - error) / n)
    return float(single), float(average)


def _beyond_chance(observed: float, by_chance: float) -> float:
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")
