"""How well people recognise: hit rate, unbiased hit rate, and sensitivity.

All functions take counts (..., C, A): how often each of A answers was given to stimuli of each of C categories. The
first C answers are the categories in the same order. The results are (..., C).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64
from scipy import stats

Counts = Int64[np.ndarray, "*people categories choices"]
PerCategory = Float64[np.ndarray, "*people categories"]


def hit_rates(counts: Counts) -> PerCategory:
    """Return the share of each category's stimuli that were recognised; NaN for a category without stimuli."""
    return _divided(_hits(counts), counts.sum(-1))


def unbiased_hit_rates(counts: Counts) -> PerCategory:
    """Return Wagner's unbiased hit rate: hits squared, over the stimuli times the uses of the answer.

    Someone who always gives the same answer has a hit rate of 1 for this category, but an unbiased hit rate of only the
    share of its stimuli. NaN for a category without stimuli, 0 for an answer that was never used. Source: Wagner
    (1993), Journal of Nonverbal Behavior 17.
    """
    shown, used = counts.sum(-1), _uses(counts)
    rate = _divided(_hits(counts) ** 2, shown * np.maximum(used, 1))
    return rate


def chance_rates(counts: Counts) -> PerCategory:
    """Return the unbiased hit rate that is expected by chance: the share of the stimuli times that of the answer."""
    total = counts.sum((-1, -2))[..., None]
    return _divided(counts.sum(-1) * _uses(counts), total**2)


def sensitivities(counts: Counts) -> PerCategory:
    """Return d' of each category against all others, with the log-linear correction (Hautus 1995).

    NaN if there are no stimuli of the category, or none of other categories.
    """
    hits, shown = _hits(counts), counts.sum(-1)
    false_alarms = _uses(counts) - hits
    others = counts.sum((-1, -2))[..., None] - shown
    hit_rate, false_rate = (hits + 0.5) / (shown + 1), (false_alarms + 0.5) / (others + 1)
    found: np.ndarray = stats.norm.ppf(hit_rate) - stats.norm.ppf(false_rate)
    return np.where((shown > 0) & (others > 0), found, np.nan)


def _hits(counts: Counts) -> np.ndarray:
    return np.diagonal(counts, axis1=-2, axis2=-1).astype(np.float64)


def _uses(counts: Counts) -> np.ndarray:
    """Return how often each category was the answer."""
    used: np.ndarray = counts.sum(-2)[..., : counts.shape[-2]]
    return used


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)
