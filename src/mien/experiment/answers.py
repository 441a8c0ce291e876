"""The answers of people in a recognition task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float64, Int64

from mien.errors import UsageError
from mien.experiment.dropped_frames import DroppedCounts

NO_ANSWER = "(no answer)"
"""The answer of a trial in which none was given."""


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of people in a recognition task, a row for each trial.

    Attributes:
        participants: (N,) who answered.
        correct: (N,) the correct answer, such as ``anger``.
        given: (N,) the answer that was given; `NO_ANSWER` if there was none.
        stimuli: (N,) names of the stimuli; None if they are not known.
        conditions: Other columns of text (N,) by name, such as ``level``.
        ratings: Columns of numbers (N,) by name, such as ``naturalness``; NaN where a rating is missing.
        asked: (N,) the intensity that each stimulus was made with; NaN if it is not known. None if none is known.
        left_out: Number of rows of the results that were not trials.
        notes: What the user must know, one line each.
        dropped: How many trials had dropped frames; None if no column says it.

    Raises:
        UsageError: There is no trial, or columns have different lengths.
    """

    participants: Sequence[str] = field(repr=False)
    correct: Sequence[str] = field(repr=False)
    given: Sequence[str] = field(repr=False)
    stimuli: Sequence[str] | None = field(default=None, repr=False)
    conditions: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    ratings: Mapping[str, Float64[np.ndarray, " trials"]] = field(default_factory=dict, repr=False)
    asked: Float64[np.ndarray, " trials"] | None = field(default=None, repr=False)
    left_out: int = 0
    notes: tuple[str, ...] = ()
    dropped: DroppedCounts | None = None

    def __post_init__(self) -> None:
        if not self.correct:
            raise UsageError("expected at least one trial with a correct answer, got none")
        lengths = {len(self.participants), len(self.given), len(self.stimuli or self.correct)}
        lengths |= {len(column) for column in self.conditions.values()}
        lengths |= {len(column) for column in self.ratings.values()}
        lengths |= set() if self.asked is None else {len(self.asked)}
        if lengths != {len(self.correct)}:
            raise UsageError("expected columns of the same length")

    def __len__(self) -> int:
        return len(self.correct)

    @property
    def people(self) -> tuple[str, ...]:
        """The participants, each once, sorted."""
        return tuple(sorted(set(self.participants)))

    @property
    def categories(self) -> tuple[str, ...]:
        """The correct answers that occur, each once, sorted."""
        return tuple(sorted(set(self.correct)))

    @property
    def choices(self) -> tuple[str, ...]:
        """The categories, then the other answers that were given, sorted, and then `NO_ANSWER` if it was given."""
        others = set(self.given) - set(self.correct) - {NO_ANSWER}
        missing = (NO_ANSWER,) if NO_ANSWER in self.given else ()
        return (*self.categories, *sorted(others), *missing)

    def counts(self) -> Int64[np.ndarray, "people categories choices"]:
        """Return how often each person gave each answer in each category."""
        counts = np.zeros((len(self.people), len(self.categories), len(self.choices)), np.int64)
        places = [
            {name: place for place, name in enumerate(names)}
            for names in (self.people, self.categories, self.choices)
        ]
        for row in zip(self.participants, self.correct, self.given, strict=True):
            counts[tuple(place[name] for place, name in zip(places, row, strict=True))] += 1
        return counts

    def where(self, chosen: Bool[np.ndarray, " trials"]) -> Answers:
        """Return some of the trials."""
        at = [int(place) for place in np.flatnonzero(chosen)]

        def some(column: Sequence[str]) -> list[str]:
            return [column[place] for place in at]

        return Answers(
            some(self.participants),
            some(self.correct),
            some(self.given),
            None if self.stimuli is None else some(self.stimuli),
            {name: some(column) for name, column in self.conditions.items()},
            {name: column[chosen] for name, column in self.ratings.items()},
            None if self.asked is None else self.asked[chosen],
        )

    def by(self, condition: str) -> Iterator[tuple[str, Answers]]:
        """Yield each value of a condition with its trials: numbers first, in order, then other texts."""
        column = self.conditions[condition]
        for value in sorted(set(column), key=_as_number):
            yield value, self.where(np.array([each == value for each in column]))


def _as_number(text: str) -> tuple[bool, float, str]:
    try:
        return False, float(text), text
    except ValueError:
        return True, 0.0, text
