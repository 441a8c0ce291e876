"""Norms: the answers to each stimulus in numbers, a row for each stimulus, for the supplement of a paper."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from mien.errors import UsageError
from mien.experiment.answers import Answers
from mien.experiment.interval import of_trials


@dataclass(frozen=True)
class StimulusNorm:
    """The norm of a stimulus; only the first answer of each participant counts.

    Attributes:
        stimulus: The stimulus's name.
        correct_answer: The correct answer.
        raters: Number of participants.
        hits: Number of participants who gave the correct answer.
        low: Lower end of Wilson's interval of the hit rate.
        high: Upper end of this interval.
        commonest: The most frequent answer; in a tie the first in the alphabet.
        agreeing: Number of participants who gave that answer.
        ratings: Mean and standard deviation of each rating, by name; NaN if they cannot be computed.
    """

    stimulus: str
    correct_answer: str
    raters: int
    hits: int
    low: float
    high: float
    commonest: str
    agreeing: int
    ratings: dict[str, tuple[float, float]]

    def row(self) -> dict[str, Any]:
        """Return the columns of a table."""
        row: dict[str, Any] = {
            "stimulus": self.stimulus,
            "correct_answer": self.correct_answer,
            "raters": self.raters,
            "hits": self.hits,
            "hit_rate": self.hits / self.raters,
            "hit_rate_low": self.low,
            "hit_rate_high": self.high,
            "commonest_answer": self.commonest,
            "commonest_share": self.agreeing / self.raters,
        }
        for name, (mean, deviation) in self.ratings.items():
            row |= {f"{name}_mean": mean, f"{name}_sd": deviation}
        return row


def norms(answers: Answers) -> tuple[StimulusNorm, ...]:
    """Return the norms of all stimuli, sorted by name.

    Raises:
        UsageError: The results do not name stimuli, or a stimulus has two correct answers.
    """
    if answers.stimuli is None:
        raise UsageError(
            "expected a column that names the stimuli, got none: name it with --stimulus COLUMN"
        )
    first: dict[str, dict[str, int]] = {}
    for place, (stimulus, person) in enumerate(
        zip(answers.stimuli, answers.participants, strict=True)
    ):
        first.setdefault(stimulus, {}).setdefault(person, place)
    return tuple(_norm(answers, name, list(first[name].values())) for name in sorted(first))


def _norm(answers: Answers, stimulus: str, places: list[int]) -> StimulusNorm:
    correct = {answers.correct[place] for place in places}
    if len(correct) > 1:
        raise UsageError(
            f"expected one correct answer for each stimulus, got {' and '.join(sorted(correct))} for {stimulus}"
        )
    given = Counter(answers.given[place] for place in places)
    commonest = min(given, key=lambda answer: (-given[answer], answer))
    truth = next(iter(correct))
    estimate = of_trials(given[truth], len(places))
    ratings = {}
    for name, column in answers.ratings.items():
        values = column[places]
        values = values[np.isfinite(values)]
        mean = float(values.mean()) if len(values) else float("nan")
        deviation = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
        ratings[name] = (mean, deviation)
    return StimulusNorm(
        stimulus,
        truth,
        len(places),
        given[truth],
        estimate.low,
        estimate.high,
        commonest,
        given[commonest],
        ratings,
    )
