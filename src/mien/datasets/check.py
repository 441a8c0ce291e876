"""What a copy of a data set holds, what it lacks and what does not fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mien.datasets.labels import LABELS
from mien.datasets.loader import Dataset
from mien.datasets.problems import MISSING, NOTES, Problem
from mien.datasets.sample import Sample


@dataclass(frozen=True)
class DatasetReport:
    """What a check found.

    Attributes:
        name: what Mien calls the data set.
        root: the copy.
        annotations: the table that was read.
        clips: micro-expressions that could be read from the table.
        clips_with_frames: those of them whose folder of frames or video is there.
        frames: frame files in all these folders, each folder once.
        subjects: people with a micro-expression.
        emotions: number of clips by emotion, most first.
        labels: number of clips by class.
        coded: clips with at least one action unit.
        problems: everything that is wrong.
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
        """What the annotations speak of, yet is not there."""
        return tuple(problem for problem in self.problems if problem.kind in MISSING)

    @property
    def inconsistent(self) -> tuple[Problem, ...]:
        """What does not fit together or cannot be read."""
        return tuple(p for p in self.problems if p.kind not in (*MISSING, *NOTES))

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is in order, but outside what Mien knows."""
        return tuple(problem for problem in self.problems if problem.kind in NOTES)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
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


def check_dataset(dataset: Dataset) -> DatasetReport:
    """Look through a copy that was read.

    Frames are looked for by name, not opened; a video is not decoded.
    """
    found = list(dataset.problems)
    # A folder that could not be listed is told already.
    unreadable = {problem.where for problem in found if problem.kind == "unreadable frames"}
    # SMIC codes no apex at all: one line says so, not one a clip.
    apexes = any(sample.apex is not None for sample in dataset.samples)
    if not apexes:
        text = f"no apex is coded for any of the {len(dataset)} clips"
        found.append(Problem("missing apex", dataset.annotations.name, text))
    first: dict[str, Sample] = {}
    for sample in dataset.samples:
        found += [
            problem
            for problem in _problems(sample, apexes)
            if problem.kind != "missing frames" or problem.where not in unreadable
        ]
        if sample.id in first:
            text = f"expected it once, got it in {first[sample.id].where} and {sample.where}"
            found.append(Problem("duplicate", sample.id, text))
        first.setdefault(sample.id, sample)
    samples = dataset.samples
    folders = {sample.frames.folder: len(sample.frames) for sample in samples if sample.frames}
    emotions = Counter(sample.emotion or "none" for sample in samples)
    labels: Counter[str] = Counter(sample.label or "none" for sample in samples)
    return DatasetReport(
        name=dataset.name,
        root=dataset.root,
        annotations=dataset.annotations,
        clips=len(samples),
        clips_with_frames=sum(sample.path is not None for sample in samples),
        frames=sum(folders.values()),
        subjects=len(dataset.subjects),
        emotions=dict(emotions.most_common()),
        labels={label: labels[label] for label in (*LABELS, "none")},
        coded=sum(bool(sample.aus) for sample in samples),
        problems=tuple(found),
    )


def _problems(sample: Sample, apexes: bool) -> Iterator[Problem]:
    """Say what is wrong with one clip; ``apexes`` says whether its table codes any."""
    where = sample.id
    if sample.path is None:
        text = f"expected its frames below the data set, got none; coded in {sample.where}"
        yield Problem("missing frames", where, text)
    if sample.apex is None and apexes:
        yield Problem("missing apex", where, f"expected an apex, got none in {sample.where}")
    if sample.offset is None:
        yield Problem("missing offset", where, f"expected an offset, got none in {sample.where}")
    elif sample.offset < sample.onset:
        text = f"expected an offset after the onset {sample.onset}, got {sample.offset}"
        yield Problem("offset before onset", where, text)
    if sample.apex is not None:
        last = sample.apex if sample.offset is None else sample.offset
        if not sample.onset <= sample.apex <= last:
            span = f"{sample.onset} to {'?' if sample.offset is None else sample.offset}"
            text = f"expected an apex in frames {span}, got {sample.apex} in {sample.where}"
            yield Problem("apex outside", where, text)
    yield from _absent(sample)


def _absent(sample: Sample) -> Iterator[Problem]:
    if sample.frames is None:
        return
    ends = (sample.onset, sample.onset if sample.offset is None else sample.offset)
    first, last = min(ends), max(ends)
    # All between onset and offset, too: a gap breaks the clip.
    gaps = list(sample.frames.gaps(first, last))
    also = ""
    if sample.apex is not None and not first <= sample.apex <= last:
        gaps += sample.frames.gaps(sample.apex, sample.apex)
        also = f" and {sample.apex}"
    if gaps:
        spans = (f"{a}" if a == b else f"{a}-{b}" for a, b in gaps)
        text = (
            f"expected frames {first} to {last}{also} in {sample.frames.folder}, got all but "
            f"{', '.join(spans)}"
        )
        yield Problem("missing frame", sample.id, text)
