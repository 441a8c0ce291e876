"""One user's copy of a data set, as samples."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mien.datasets.problems import Problem
from mien.datasets.sample import Sample


@dataclass(frozen=True)
class Dataset:
    """The samples of one copy.

    Attributes:
        name: The data set's name in Mien.
        root: The copy's folder.
        annotations: The table that was read.
        samples: The samples in the table's order.
        problems: Rows, codes and emotions that could not be read, and AUs unknown to Mien.
    """

    name: str
    root: Path
    annotations: Path
    samples: tuple[Sample, ...] = field(repr=False)
    problems: tuple[Problem, ...] = field(repr=False)

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.samples)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that have a sample, sorted."""
        return tuple(sorted({sample.subject for sample in self.samples}))
