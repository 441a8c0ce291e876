"""Statistics of coded micro-expressions: counts of AU combinations and their timing.

The packaged table was aggregated from 3,604 coded clips of four data sets (CASME II, SAMM, CAS(ME)3
and DFME) by ``tools/build_me_statistics.py``; its ``notes`` say what was left out. The data sets
are kept separate, because they differ in frame rate, in coding and in what the subjects were shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from mien.errors import UsageError

MAX_SECONDS = 0.5
"""The longest movement, onset to offset, that counts as a micro-expression."""

ASSET = "me_statistics.json"


@dataclass(frozen=True)
class Timing:
    """How long a movement rises (onset to apex) and falls (apex to offset)."""

    rise_seconds: float
    fall_seconds: float


@dataclass(frozen=True)
class Combination:
    """One set of AUs that was coded together.

    Attributes:
        aus: Canonical names, catalogue order; ``AU12L`` where one side alone moved.
        rows: Number of clips that showed it.
        timings: (cell centre, number of clips) for clips whose timing is known; may be empty.
    """

    aus: tuple[str, ...]
    rows: int
    timings: tuple[tuple[Timing, int], ...]


@dataclass(frozen=True)
class Statistics:
    """The whole table.

    Attributes:
        cell_seconds: Width of a timing cell; clips of a cell lie within half of it around the centre.
        tables: Combinations by data set, then by emotion, most frequent first.
        notes: Counts of what was left out or merged when the table was made.
    """

    cell_seconds: float
    tables: dict[str, dict[str, tuple[Combination, ...]]]
    notes: dict[str, dict[str, int]]

    @property
    def datasets(self) -> tuple[str, ...]:
        """The names of the data sets."""
        return tuple(self.tables)

    @property
    def emotions(self) -> tuple[str, ...]:
        """The names of the emotions that at least one data set has."""
        return tuple(sorted({emotion for table in self.tables.values() for emotion in table}))

    def select(
        self, emotion: str, dataset: str | Iterable[str] | None = None
    ) -> dict[str, tuple[Combination, ...]]:
        """Return the combinations of one emotion by data set.

        Args:
            emotion: A name of :attr:`emotions`, any case.
            dataset: A name of :attr:`datasets`, any case, or several; None for all that have the
                emotion.

        Raises:
            UsageError: An unknown emotion or data set, or an emotion that the data sets lack.
        """
        wanted = _match("emotion", emotion, self.emotions)
        asked = self.datasets if dataset is None else dataset
        asked = (asked,) if isinstance(asked, str) else tuple(asked)
        names = dict.fromkeys(_match("data set", name, self.datasets) for name in asked)
        chosen = {name: self.tables[name][wanted] for name in names if wanted in self.tables[name]}
        if not chosen:
            has = ", ".join(sorted({e for name in names for e in self.tables[name]}))
            raise UsageError(
                f"no {wanted} in {', '.join(names) or 'an empty list of data sets'}: "
                f"expected one of {has or ', '.join(self.datasets)}"
            )
        return chosen


@cache
def statistics_table() -> Statistics:
    """Load the packaged table (once)."""
    asset = resources.files("mien").joinpath("assets", ASSET)
    return parse_statistics(json.loads(asset.read_text(encoding="utf-8")))


def parse_statistics(data: dict[str, Any]) -> Statistics:
    """Make the table from what ``tools/build_me_statistics.py`` writes."""
    cell = data["cell_seconds"]

    def combination(entry: dict[str, Any]) -> Combination:
        timings = tuple((Timing(r * cell, f * cell), n) for r, f, n in entry["timings"])
        return Combination(tuple(entry["aus"].split("+")), entry["rows"], timings)

    tables = {
        dataset: {emotion: tuple(map(combination, rows)) for emotion, rows in emotions.items()}
        for dataset, emotions in data["tables"].items()
    }
    return Statistics(cell, tables, data["notes"])


def typical_timing(emotion: str, dataset: str | Iterable[str] | None = None) -> Timing:
    """Return the median rise and the median fall of an emotion's micro-expressions.

    Every clip with a known timing of at most 0.5 s counts once, in all data sets.

    Raises:
        UsageError: An unknown emotion or data set, or no clip with a timing of at most 0.5 s.
    """
    timings = [
        (timing, n)
        for combinations in statistics_table().select(emotion, dataset).values()
        for combination in combinations
        for timing, n in combination.timings
        if timing.rise_seconds + timing.fall_seconds <= MAX_SECONDS + 1e-9
    ]
    if not timings:
        raise UsageError(
            f"no clip of at most {MAX_SECONDS} s for {emotion}: choose other data sets"
        )
    return Timing(
        _median([(t.rise_seconds, n) for t, n in timings]),
        _median([(t.fall_seconds, n) for t, n in timings]),
    )


def _median(weighted: list[tuple[float, int]]) -> float:
    values = [value for value, n in sorted(weighted) for _ in range(n)]
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _match(what: str, name: str, known: Iterable[str]) -> str:
    by_key = {k.casefold(): k for k in known}
    if not isinstance(name, str) or name.strip().casefold() not in by_key:
        raise UsageError(f"unknown {what} {name!r}: expected one of {', '.join(by_key.values())}")
    return by_key[name.strip().casefold()]
