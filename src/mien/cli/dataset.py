"""``mien dataset``: list the data sets that Mien reads, or check a copy of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from mien.cli.say import say
from mien.errors import UsageError

if TYPE_CHECKING:
    from mien.datasets.problems import Problem
    from mien.datasets.publication import Publication
    from mien.datasets.report import DatasetReport

SHOWN = 20
"""Number of lines that are printed for each kind of problem; --all and --json give all."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Check a copy of a data set (mien dataset check NAME ROOT), or list all data sets."""

    what: tyro.conf.Positional[Literal["check", "list"]]
    """check reports what a copy contains, what it lacks and what is inconsistent; list prints all data sets."""

    name: Annotated[
        tyro.conf.Positional[str | None], tyro.conf.arg(metavar="NAME", help_behavior_hint="")
    ] = None
    """The data set's name."""

    root: Annotated[
        tyro.conf.Positional[Path | None], tyro.conf.arg(metavar="ROOT", help_behavior_hint="")
    ] = None
    """Folder of your copy; annotations and frames may be anywhere below it."""

    annotations: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """The annotation file, if several files below ROOT could be it."""

    frames: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER", help_behavior_hint="")] = None
    """The folder to look for frames in, if ROOT has several copies of them."""

    all: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print every line instead of the first 20 of each kind."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Print the list or the report."""
        if self.what == "list":
            return self._list()
        from mien.datasets.check import check_dataset
        from mien.datasets.registry import load_dataset

        if self.name is None or self.root is None:
            raise UsageError("expected NAME and ROOT after dataset check; see mien dataset list")
        copy = load_dataset(self.name, self.root, annotations=self.annotations, frames=self.frames)
        report = check_dataset(copy)
        if self.json:
            say(json.dumps(report.to_dict()))
        else:
            say("\n".join(describe(report, None if self.all else SHOWN)))
        return 0

    def _list(self) -> int:
        from mien.datasets.registry import DATASETS

        if self.name is not None:
            raise UsageError(f"expected nothing after dataset list, got {self.name!r}")
        if self.json:
            say(json.dumps([published(each) for each in DATASETS.values()]))
        else:
            say("\n".join(line for each in DATASETS.values() for line in published_lines(each)))
        return 0


def published(publication: Publication) -> dict[str, Any]:
    """Return how a data set was published, as JSON values."""
    return {
        "name": publication.name,
        "title": publication.title,
        "fps": publication.fps,
        "frames": publication.layout,
        "annotations": list(publication.tables),
        "columns": publication.columns,
        "paper": publication.paper,
    }


def published_lines(publication: Publication) -> list[str]:
    """Return how a data set was published, as lines of text."""
    fps = publication.fps
    rate = f"{fps} frames a second" if fps.isdigit() else f"frame rate in {fps}"
    lines = [
        f"{publication.name}: {publication.title}, {rate}",
        f"    annotations {' or '.join(publication.tables)} (.xlsx or .csv)",
        f"    columns     {publication.columns}",
        f"    frames      {publication.layout}",
    ]
    return [*lines, f"    paper       {publication.paper}"] if publication.paper else lines


def describe(report: DatasetReport, shown: int | None) -> list[str]:
    """Return a report as lines of text.

    Args:
        report: the report.
        shown: number of lines for each kind of problem; None for all.
    """
    lines = [
        f"{report.name}: {report.clips} micro-expressions of {report.subjects} subjects in "
        f"{report.annotations}",
        f"frames: {report.clips_with_frames} of {report.clips} clips, {report.frames} files",
        f"action units: {report.coded} of {report.clips} clips",
        f"emotions: {_counts(report.emotions)}",
        f"classes: {_counts(report.labels)}",
    ]
    for title, problems in (
        ("missing", report.missing),
        ("inconsistent", report.inconsistent),
        ("notes", report.notes),
    ):
        lines.append(f"{title}: {len(problems) or 'nothing'}")
        lines += _problem_lines(problems, shown)
    return lines


def _problem_lines(problems: Sequence[Problem], shown: int | None) -> list[str]:
    """Return problems as lines of text, grouped by kind."""
    lines = []
    for kind in dict.fromkeys(problem.kind for problem in problems):
        alike = [problem for problem in problems if problem.kind == kind]
        lines.append(f"  {kind}: {len(alike)}")
        lines += [f"    {' '.join(str(problem).split())}" for problem in alike[:shown]]
        if shown is not None and len(alike) > shown:
            lines.append(f"    ... and {len(alike) - shown} more (--all shows them)")
    return lines


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())
