"""The report of a check of a set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mien.produce.counting import plural


@dataclass(frozen=True)
class SetReport:
    """The result of checking a set.

    Attributes:
        shards: Shards of the set.
        checked: Shards that are finished and were read.
        made: Samples in the checked shards that were made.
        failed: Samples in the checked shards that failed.
        compared: Samples that were decoded and made again.
        counts: Number of samples that were made, by column of the manifest and by value.
        duplicates: Keys of samples that look like an earlier sample, each with the earlier key.
        own_cosine: Median cosine of the measured and the labelled movement; None if no movement was measured.
        other_cosine: Median cosine of the measured movement and the labels of other samples.
        problems: What is wrong, one line each.
        notes: What may be intended, one line each.
    """

    shards: int
    checked: int
    made: int
    failed: int
    compared: int
    counts: Mapping[str, Mapping[str, int]]
    duplicates: tuple[tuple[str, str], ...] = field(repr=False)
    own_cosine: float | None
    other_cosine: float | None
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The report in one line."""
        verdict = "whole" if not self.problems else plural(len(self.problems), "problem")
        text = (
            f"{verdict}: {self.checked} of {plural(self.shards, 'shard')} checked, {plural(self.made, 'sample')}, "
            f"{self.failed} failed, {self.compared} made again and compared, {len(self.duplicates)} look like another"
        )
        if self.own_cosine is not None and self.other_cosine is not None:
            text += (
                f"; cosine of measured and labelled movement {self.own_cosine:.2f}, with labels of others "
                f"{self.other_cosine:.2f}"
            )
        return text

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "shards": self.shards,
            "checked": self.checked,
            "made": self.made,
            "failed": self.failed,
            "compared": self.compared,
            "counts": {name: dict(counted) for name, counted in self.counts.items()},
            "duplicates": [list(each) for each in self.duplicates],
            "own_cosine": self.own_cosine,
            "other_cosine": self.other_cosine,
            "problems": list(self.problems),
            "notes": list(self.notes),
        }
