"""Analyse the answers of a recognition task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from jaxtyping import Int64

from mien.experiment.agreement import cohen_kappa, fleiss_kappa
from mien.experiment.answers import Answers
from mien.experiment.dropped_frames import DroppedCounts
from mien.experiment.interval import Estimate, of_trials, over_people
from mien.experiment.rated import Rating, rating_of
from mien.experiment.recognition import (
    chance_rates,
    hit_rates,
    sensitivities,
    unbiased_hit_rates,
)

MOST_PAIRED = 40
"""Largest number of participants for which each pair is compared."""


FEW_PEOPLE = 10
"""With fewer participants than this, a bootstrap's 95 % interval contains the true value clearly less often: in 84 % of
simulated studies with five participants, in 50 % with two."""


@dataclass(frozen=True)
class Recognition:
    """How well a category was recognised.

    Attributes:
        trials: Number of trials.
        hits: Number of trials that were answered correctly.
        hit_rate: Share of correct answers; for one person with Wilson's interval over trials.
        unbiased: Wagner's unbiased hit rate.
        by_chance: The unbiased hit rate that is expected by chance, the mean over participants.
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
class Analysis:
    """The analysis of a recognition task.

    Attributes:
        people: Number of participants.
        trials: Number of trials.
        categories: The correct answers.
        choices: The categories, then other answers.
        confusion: (C, A) how often all participants together gave each answer in each category.
        overall: Share of trials that were answered correctly, the mean over participants.
        recognised: How well each category was recognised.
        conditions: The share of correct answers for each value of each condition.
        kappa: Fleiss' kappa of the participants' first answers to each stimulus; NaN if stimuli are not named, or no
            two participants saw the same stimulus.
        pairs: Cohen's kappa of each pair of participants who saw at least two of the same stimuli; empty with more than
            `MOST_PAIRED` participants.
        ratings: The analysis of each rating.
        left_out: Number of rows of the results that were not trials.
        dropped: How many trials had dropped frames; None if the results do not say it.
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
    pairs: Mapping[tuple[str, str], float]
    ratings: Mapping[str, Rating]
    left_out: int
    dropped: DroppedCounts | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of the numbers must know, one line each."""
        if self.people == 1:
            return (
                "a single participant: no 95 % intervals over participants; those of hit rates are over trials",
            )
        if self.people >= FEW_PEOPLE:
            return ()
        return (
            f"{self.people} participants are few: 95 % intervals of fewer than {FEW_PEOPLE} are too narrow",
        )

    def to_json(self) -> dict[str, Any]:
        """Return the analysis as JSON values."""
        return {
            "people": self.people,
            "trials": self.trials,
            "rows_left_out": self.left_out,
            "dropped_frames": None if self.dropped is None else self.dropped.to_json(),
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
            "cohen_kappa": [
                {"participants": list(pair), "kappa": _or_none(value)}
                for pair, value in self.pairs.items()
            ],
            "ratings": {name: each.to_json() for name, each in self.ratings.items()},
        }


def analyse(answers: Answers) -> Analysis:
    """Analyse answers; see `Analysis`."""
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
        pairs=_pairs(answers),
        ratings={name: rating_of(answers, name) for name in answers.ratings},
        left_out=answers.left_out,
        dropped=answers.dropped,
    )


def _share_correct(answers: Answers) -> Estimate:
    right = np.array([a == b for a, b in zip(answers.correct, answers.given, strict=True)])
    people = np.array(answers.participants)
    if len(answers.people) == 1:
        return of_trials(int(right.sum()), len(right))
    return over_people(np.array([right[people == person].mean() for person in answers.people]))


def _kappa(answers: Answers) -> float:
    """Return Fleiss' kappa of each participant's first answer to each stimulus; NaN if no two saw the same stimulus."""
    if answers.stimuli is None:
        return float("nan")
    rows = {name: place for place, name in enumerate(dict.fromkeys(answers.stimuli))}
    columns = {name: place for place, name in enumerate(answers.choices)}
    counts = np.zeros((len(rows), len(columns)), np.int64)
    for of_person in _first_answers(answers).values():
        for stimulus, given in of_person.items():
            counts[rows[stimulus], columns[given]] += 1
    return fleiss_kappa(counts) if counts.sum(1).max() > 1 else float("nan")


def _pairs(answers: Answers) -> dict[tuple[str, str], float]:
    """Return Cohen's kappa of each pair of participants, for their first answers to the stimuli that both saw."""
    if answers.stimuli is None or len(answers.people) > MOST_PAIRED:
        return {}
    first = _first_answers(answers)
    found = {}
    for one, two in combinations(answers.people, 2):
        both = sorted(first[one].keys() & first[two].keys())
        if len(both) >= 2:
            given = [[first[person][stimulus] for stimulus in both] for person in (one, two)]
            found[one, two] = cohen_kappa(*given)
    return found


def _first_answers(answers: Answers) -> dict[str, dict[str, str]]:
    """Return each participant's first answer to each stimulus."""
    first: dict[str, dict[str, str]] = {person: {} for person in answers.people}
    for stimulus, person, given in zip(
        answers.stimuli or (), answers.participants, answers.given, strict=True
    ):
        first[person].setdefault(stimulus, given)
    return first


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
