"""The report of a check: what a copy of a data set contains, what it lacks, and what is inconsistent."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mien.datasets.problems import MISSING, NOTES, Problem


@dataclass(frozen=True)
class DatasetReport:
    """The result of a check.

    Attributes:
        name: The data set's name in Mien.
        root: The copy's folder.
        annotations: The table that was read.
        clips: Number of micro-expressions that could be read from the table.
        clips_with_frames: Number of these whose video or folder of frames exists.
        frames: Number of frame files in all these folders; each folder counts once.
        subjects: Number of people with a micro-expression.
        emotions: Number of clips by emotion, the most frequent first.
        labels: Number of clips by class.
        coded: Number of clips with at least one action unit.
        problems: Everything that is wrong.
    """

    name: str
    root: Path
    annotations: Path
    clips: int
    clips_with_frames: int
    frames: int
    subjects: int
    emotions: dict[str, int]
    labels: dict[str, int]
    coded: int
    problems: tuple[Problem, ...] = field(repr=False)

    @property
    def missing(self) -> tuple[Problem, ...]:
        """What the annotations mention but the copy lacks."""
        return tuple(problem for problem in self.problems if problem.kind in MISSING)

    @property
    def inconsistent(self) -> tuple[Problem, ...]:
        """What is inconsistent or cannot be read."""
        return tuple(p for p in self.problems if p.kind not in (*MISSING, *NOTES))

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is correct but unknown to Mien."""
        return tuple(problem for problem in self.problems if problem.kind in NOTES)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        values: dict[str, Any] = {
            "name": self.name,
            "root": str(self.root),
            "annotations": str(self.annotations),
            "clips": self.clips,
            "clips_with_frames": self.clips_with_frames,
            "frames": self.frames,
            "subjects": self.subjects,
            "coded": self.coded,
            "emotions": self.emotions,
            "labels": self.labels,
        }
        for part in ("missing", "inconsistent", "notes"):
            values[part] = [
                {"kind": problem.kind, "where": problem.where, "text": problem.text}
                for problem in getattr(self, part)
            ]
        return values
