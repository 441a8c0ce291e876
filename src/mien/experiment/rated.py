"""Analyse ratings in numbers, such as intensity and naturalness: means, conditions, ranks and agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64
from scipy import stats

from mien.experiment.agreement import intraclass_correlations
from mien.experiment.answers import Answers
from mien.experiment.interval import Estimate, over_people

LEAST_TRIALS = 3
"""Fewest trials of a participant for a rank correlation."""


@dataclass(frozen=True)
class Rating:
    """The analysis of a rating in numbers, such as naturalness.

    Attributes:
        mean: The mean of the participants' means.
        one_rater: ICC(2,1); NaN unless all participants rated at least two of the same stimuli.
        all_raters: ICC(2,k), of the mean over all participants; NaN in the same case.
        categories: The mean for each correct answer.
        conditions: The mean for each value of each condition.
        by_asked: The mean for each requested intensity.
        with_asked: Spearman's rank correlation with the requested intensity, the mean over participants; clips in which
            nothing moves are left out. Its mean is NaN if no intensity is known.
    """

    mean: Estimate
    one_rater: float
    all_raters: float
    categories: Mapping[str, Estimate] = field(default_factory=dict)
    conditions: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    by_asked: Mapping[float, Estimate] = field(default_factory=dict)
    with_asked: Estimate = field(default_factory=lambda: Estimate(np.nan, np.nan, np.nan, 0))

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "mean": self.mean.to_json(),
            "icc_2_1": _or_none(self.one_rater),
            "icc_2_k": _or_none(self.all_raters),
            "categories": {name: each.to_json() for name, each in self.categories.items()},
            "conditions": {
                name: {value: each.to_json() for value, each in values.items()}
                for name, values in self.conditions.items()
            },
            "by_asked_intensity": {
                f"{value:g}": each.to_json() for value, each in self.by_asked.items()
            },
            "spearman_with_asked_intensity": self.with_asked.to_json(),
        }


def rating_of(answers: Answers, name: str) -> Rating:
    """Analyse a rating.

    Args:
        answers: The answers.
        name: Name of the rating.
    """
    column = answers.ratings[name]
    single, average = float("nan"), float("nan")
    table = _complete(answers, column)
    if min(table.shape) >= 2:
        single, average = intraclass_correlations(table)
    asked = answers.asked
    values = () if asked is None else np.unique(asked[np.isfinite(asked)])
    return Rating(
        _mean(answers, column, np.ones(len(answers), bool)),
        single,
        average,
        {
            category: _mean(answers, column, np.array(answers.correct) == category)
            for category in answers.categories
        },
        {
            condition: {
                value: _mean(some, some.ratings[name], np.ones(len(some), bool))
                for value, some in answers.by(condition)
            }
            for condition in answers.conditions
        },
        {float(value): _mean(answers, column, asked == value) for value in values},
        over_people(rank_correlations(answers, column)),
    )


def rank_correlations(
    answers: Answers, column: Float64[np.ndarray, " trials"]
) -> Float64[np.ndarray, " people"]:
    """Return each participant's Spearman correlation of a rating with the requested intensity.

    Clips in which nothing moves are left out. NaN for a participant with fewer than `LEAST_TRIALS` trials, or whose
    ratings or requested intensities do not vary.
    """
    found = np.full(len(answers.people), np.nan)
    if answers.asked is None:
        return found
    people = np.array(answers.participants)
    for place, person in enumerate(answers.people):
        own = (people == person) & np.isfinite(column) & (np.nan_to_num(answers.asked) > 0)
        rated, asked = column[own], answers.asked[own]
        if own.sum() >= LEAST_TRIALS and np.ptp(rated) > 0 and np.ptp(asked) > 0:
            found[place] = np.corrcoef(stats.rankdata(rated), stats.rankdata(asked))[0, 1]
    return found


def _mean(
    answers: Answers,
    column: Float64[np.ndarray, " trials"],
    chosen: Bool[np.ndarray, " trials"],
) -> Estimate:
    people = np.array(answers.participants)
    of_people = np.full(len(answers.people), np.nan)
    for place, person in enumerate(answers.people):
        own = column[(people == person) & np.isfinite(column) & chosen]
        if len(own):
            of_people[place] = own.mean()
    return over_people(of_people)


def _complete(
    answers: Answers, column: Float64[np.ndarray, " trials"]
) -> Float64[np.ndarray, "stimuli people"]:
    """Return the mean rating of each stimulus by each person, for the stimuli that everybody rated."""
    if answers.stimuli is None:
        return np.empty((0, 0))
    people = {person: place for place, person in enumerate(answers.people)}
    stimuli = {name: place for place, name in enumerate(dict.fromkeys(answers.stimuli))}
    total, number = (np.zeros((len(stimuli), len(people))) for _ in range(2))
    for stimulus, person, value in zip(answers.stimuli, answers.participants, column, strict=True):
        if np.isfinite(value):
            total[stimuli[stimulus], people[person]] += value
            number[stimuli[stimulus], people[person]] += 1
    complete = (number > 0).all(1)
    return np.asarray(total[complete] / number[complete])


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
