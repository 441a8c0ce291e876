"""Confidence intervals over participants."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64
from scipy import stats

CONFIDENCE = 0.95
RESAMPLES = 4000


@dataclass(frozen=True)
class Estimate:
    """A mean over participants, with its 95 % confidence interval.

    Attributes:
        mean: The mean; NaN if no participant has a value.
        low: Lower end of the interval; NaN if it cannot be computed.
        high: Upper end of the interval.
        people: Number of participants who have a value.
    """

    mean: float
    low: float
    high: float
    people: int

    def to_json(self) -> dict[str, Any]:
        """Return JSON values; an unknown value is None."""
        numbers = {"mean": self.mean, "low": self.low, "high": self.high}
        shown = {name: None if np.isnan(value) else value for name, value in numbers.items()}
        return shown | {"people": self.people}


def over_people(values: Float64[np.ndarray, " people"]) -> Estimate:
    """Return the mean of participants' values, with the interval of a percentile bootstrap over participants.

    Values that are not finite are left out. The bootstrap has a fixed seed.
    """
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return Estimate(float(known[0]) if len(known) else np.nan, np.nan, np.nan, len(known))
    at = np.random.default_rng(0).integers(0, len(known), (RESAMPLES, len(known)))
    rest = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known[at].mean(1), (rest, 1 - rest))
    return Estimate(float(known.mean()), float(low), float(high), len(known))


def of_trials(hits: int, trials: int) -> Estimate:
    """Return one person's hit rate with Wilson's interval over trials."""
    if not trials:
        return Estimate(np.nan, np.nan, np.nan, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = stats.binomtest(hits, trials).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(hits / trials, float(low), float(high), 1)
