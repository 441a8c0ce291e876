"""What the answers of a recognition task say, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from mien.experiment.agreement import fleiss_kappa, intraclass_correlations
from mien.experiment.answers import Answers
from mien.experiment.interval import Estimate, of_trials, over_people
from mien.experiment.recognition import (
    chance_rates,
    hit_rates,
    sensitivities,
    unbiased_hit_rates,
)


@dataclass(frozen=True)
class Recognition:
    """How well a category was recognised.

    Attributes:
        trials: Number of trials.
        hits: How many were answered correctly.
        hit_rate: Share of them; for one person with Wilson's interval over trials.
        unbiased: Wagner's unbiased hit rate.
        by_chance: The unbiased hit rate that is expected by chance, the mean over people.
        sensitivity: d' against all other categories.
    """

    trials: int
    hits: int
    hit_rate: Estimate
    unbiased: Estimate
    by_chance: float
    sensitivity: Estimate

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "trials": self.trials,
            "hits": self.hits,
            "hit_rate": self.hit_rate.to_json(),
            "unbiased_hit_rate": self.unbiased.to_json(),
            "unbiased_by_chance": _or_none(self.by_chance),
            "d_prime": self.sensitivity.to_json(),
        }


@dataclass(frozen=True)
class Rating:
    """What was rated in numbers, such as naturalness.

    Attributes:
        mean: The mean of the participants' means.
        one_rater: ICC(2,1); NaN without stimuli that all participants rated.
        all_raters: ICC(2,k), of the mean of all participants.
    """

    mean: Estimate
    one_rater: float
    all_raters: float

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "mean": self.mean.to_json(),
            "icc_2_1": _or_none(self.one_rater),
            "icc_2_k": _or_none(self.all_raters),
        }


@dataclass(frozen=True)
class Analysis:
    """What the answers of a recognition task say.

    Attributes:
        people: Number of participants.
        trials: Number of trials.
        categories: The correct answers.
        choices: The categories, then other answers.
        confusion: How often each answer was given in each category, by all participants.
        overall: Share of all trials that were answered correctly.
        recognised: How well each category was recognised.
        conditions: The share of correct answers for each value of each condition.
        kappa: Fleiss' kappa of the participants' first answers to each stimulus; NaN if stimuli are not named, or no
            two participants saw the same one.
        ratings: What was rated.
        left_out: Rows of the results that were no trials.
    """

    people: int
    trials: int
    categories: tuple[str, ...]
    choices: tuple[str, ...]
    confusion: Int64[np.ndarray, "categories choices"]
    overall: Estimate
    recognised: Mapping[str, Recognition]
    conditions: Mapping[str, Mapping[str, Estimate]]
    kappa: float
    ratings: Mapping[str, Rating]
    left_out: int

    def to_json(self) -> dict[str, Any]:
        """Return the analysis as JSON values."""
        return {
            "people": self.people,
            "trials": self.trials,
            "rows_left_out": self.left_out,
            "overall": self.overall.to_json(),
            "categories": {name: each.to_json() for name, each in self.recognised.items()},
            "conditions": {
                name: {value: each.to_json() for value, each in values.items()}
                for name, values in self.conditions.items()
            },
            "confusion": {
                "categories": list(self.categories),
                "answers": list(self.choices),
                "counts": self.confusion.tolist(),
            },
            "fleiss_kappa": _or_none(self.kappa),
            "ratings": {name: each.to_json() for name, each in self.ratings.items()},
        }


def analyse(answers: Answers) -> Analysis:
    """Return what the answers say."""
    counts = answers.counts()
    rates, unbiased = hit_rates(counts), unbiased_hit_rates(counts)
    chance, sensitivity = chance_rates(counts), sensitivities(counts)
    confusion = counts.sum(0)
    recognised = {}
    for place, name in enumerate(answers.categories):
        trials, hits = int(confusion[place].sum()), int(confusion[place, place])
        one = len(answers.people) == 1
        recognised[name] = Recognition(
            trials,
            hits,
            of_trials(hits, trials) if one else over_people(rates[:, place]),
            over_people(unbiased[:, place]),
            float(np.nanmean(chance[:, place])),
            over_people(sensitivity[:, place]),
        )
    return Analysis(
        people=len(answers.people),
        trials=len(answers),
        categories=answers.categories,
        choices=answers.choices,
        confusion=confusion,
        overall=_share_correct(answers),
        recognised=recognised,
        conditions={
            name: {value: _share_correct(some) for value, some in answers.by(name)}
            for name in answers.conditions
        },
        kappa=_kappa(answers),
        ratings={name: _rating(answers, column) for name, column in answers.ratings.items()},
        left_out=answers.left_out,
    )


def _share_correct(answers: Answers) -> Estimate:
    right = np.array([a == b for a, b in zip(answers.correct, answers.given, strict=True)])
    people = np.array(answers.participants)
    if len(answers.people) == 1:
        return of_trials(int(right.sum()), len(right))
    return over_people(np.array([right[people == person].mean() for person in answers.people]))


def _kappa(answers: Answers) -> float:
    """Return Fleiss' kappa of each participant's first answer to each stimulus; NaN if no two saw the same one."""
    if answers.stimuli is None:
        return float("nan")
    first: dict[tuple[str, str], str] = {}
    for stimulus, person, given in zip(
        answers.stimuli, answers.participants, answers.given, strict=True
    ):
        first.setdefault((stimulus, person), given)
    rows = {name: place for place, name in enumerate(dict.fromkeys(answers.stimuli))}
    columns = {name: place for place, name in enumerate(answers.choices)}
    counts = np.zeros((len(rows), len(columns)), np.int64)
    for (stimulus, _), given in first.items():
        counts[rows[stimulus], columns[given]] += 1
    return fleiss_kappa(counts) if counts.sum(1).max() > 1 else float("nan")


def _rating(answers: Answers, column: Float64[np.ndarray, " trials"]) -> Rating:
    people = np.array(answers.participants)
    of_people = np.full(len(answers.people), np.nan)
    for place, person in enumerate(answers.people):
        own = column[(people == person) & np.isfinite(column)]
        if len(own):
            of_people[place] = own.mean()
    single, average = float("nan"), float("nan")
    table = _complete(answers, column)
    if min(table.shape) >= 2:
        single, average = intraclass_correlations(table)
    return Rating(over_people(of_people), single, average)


def _complete(
    answers: Answers, column: Float64[np.ndarray, " trials"]
) -> Float64[np.ndarray, "stimuli people"]:
    """Return the mean rating of each stimulus by each person, of the stimuli that everybody rated."""
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
