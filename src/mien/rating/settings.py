"""What raters are asked, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from mien.au.catalog import CATALOG
from mien.errors import UsageError
from mien.experiment.facs_table import LEVELS
from mien.rating.clips import RatedClip

EMOTIONS = ("anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise")
"""Offered for every folder, so that the list of answers does not reveal its content."""

NONE = "neutral"
"""The answer "none" as it is written in files: the correct answer for a clip in which nothing moves."""

OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class RatingSettings:
    """What raters are asked, and how.

    Attributes:
        answers: The emotions that are offered, besides "none" and "other".
        points: The scales of intensity and naturalness go from 1 to this number.
        replay: Whether a clip may be played again; the number of plays is recorded.
        facs: Ask coders for a FACS sheet in place of emotion, intensity and naturalness.
        seed: Seed of the random orders.
        disclosure: Whether raters are told before or after the rating that the faces are synthetic.

    Raises:
        UsageError: There are fewer than two answers, an answer is given twice or reserved, or the number of points is
            out of its range.
    """

    answers: tuple[str, ...] = EMOTIONS
    points: int = 7
    replay: bool = True
    facs: bool = False
    seed: int = 0
    disclosure: Literal["before", "after"] = "before"

    def __post_init__(self) -> None:
        names = [each.strip().casefold() for each in self.answers]
        if len(names) < 2 or len(set(names)) < len(names) or not all(names):
            raise UsageError(
                f"expected two answers or more, each once, got {', '.join(self.answers) or 'none'}"
            )
        if reserved := {NONE, OTHER, "none"} & set(names):
            raise UsageError(
                f"expected emotions as answers, got {reserved.pop()!r}: 'none' (neutral) and 'other' "
                "are always offered"
            )
        if not 3 <= self.points <= 101:
            raise UsageError(f"expected 3 to 101 points of a scale, got {self.points}")
        object.__setattr__(self, "answers", tuple(names))

    def with_answers_of(self, clips: Iterable[RatedClip]) -> tuple[str, ...]:
        """Return the answers that are offered: ``answers``, and all correct answers of the clips."""
        correct = {each.known["correct_answer"].strip().casefold() for each in clips}
        return (*self.answers, *sorted(correct - {*self.answers, NONE, OTHER, ""}))

    def page(self, clips: Iterable[RatedClip]) -> dict[str, Any]:
        """Return what the page needs to know, as JSON values."""
        clips = tuple(clips)
        return {
            "answers": list(self.with_answers_of(clips)),
            "none": NONE,
            "other": OTHER,
            "points": self.points,
            "replay": self.replay,
            "facs": self.facs,
            "seed": self.seed,
            "disclosure": self.disclosure if any(each.synthetic for each in clips) else "",
            "levels": list(LEVELS),
            "aus": [
                {"name": unit.name, "words": unit.facs_name, "sided": unit.sided}
                for unit in CATALOG.values()
            ],
        }
