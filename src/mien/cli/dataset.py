"""``mien dataset``: the data sets that Mien reads, and what a copy of one holds and lacks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from mien.errors import UsageError

if TYPE_CHECKING:
    from mien.datasets.check import DatasetReport
    from mien.datasets.problems import Problem

SHOWN = 20
"""How many lines of a kind people see; --all and --json give all."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Look through a copy of a data set: mien dataset check NAME ROOT; mien dataset list names them."""

    what: tyro.conf.Positional[Literal["check", "list"]]
    """check says what a copy holds, what it lacks and what does not fit; list names the data sets."""

    name: Annotated[
        tyro.conf.Positional[str | None], tyro.conf.arg(metavar="NAME", help_behavior_hint="")
    ] = None
    """Which data set the copy is of."""

    root: Annotated[
        tyro.conf.Positional[Path | None], tyro.conf.arg(metavar="ROOT", help_behavior_hint="")
    ] = None
    """The copy's folder; annotations and frames may be anywhere below."""

    annotations: Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")] = None
    """The annotation file, where several below ROOT have such a name."""

    frames: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER", help_behavior_hint="")] = None
    """Where to look for frames, where ROOT has several copies of them."""

    all: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print every line, not the first 20 of each kind."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Print what was asked for."""
        from mien.datasets.check import check_dataset
        from mien.datasets.registry import load_dataset

        if self.what == "list":
            self._list()
            return 0
        if self.name is None or self.root is None:
            raise UsageError("expected NAME and ROOT after dataset check; see mien dataset list")
        copy = load_dataset(self.name, self.root, annotations=self.annotations, frames=self.frames)
        report = check_dataset(copy)
        if self.json:
            print(json.dumps(report.to_dict()))
        else:
            print("\n".join(describe(report, None if self.all else SHOWN)))
        return 0

    def _list(self) -> None:
        from mien.datasets.registry import DATASETS

        if self.name is not None:
            raise UsageError(f"{self.name!r} is one word too many after dataset list")
        if self.json:
            rows = [
                {"name": p.name, "title": p.title, "fps": p.fps, "frames": p.layout}
                | {"annotations": list(p.tables), "paper": p.paper}
                for p in DATASETS.values()
            ]
            print(json.dumps(rows))
            return
        for p in DATASETS.values():
            print(
                f"{p.name}: {p.title}, {p.fps} frames a second"
                if p.fps.isdigit()
                else f"{p.name}: {p.title}, frame rate in {p.fps}"
            )
            print(f"    annotations {' or '.join(p.tables)} (.xlsx or .csv)")
            print(f"    frames      {p.layout}")
            if p.paper:
                print(f"    paper       {p.paper}")


def describe(report: DatasetReport, shown: int | None) -> list[str]:
    """Return what a person wants to know, line by line.

    Args:
        report: what was found.
        shown: how many lines of each kind of problem; None for all.
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
        lines += _told(problems, shown)
    return lines


def _told(problems: Sequence[Problem], shown: int | None) -> list[str]:
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
