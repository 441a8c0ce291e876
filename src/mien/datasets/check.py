"""Check a copy of a data set: find what it lacks and what is inconsistent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mien.au.emotions import LABELS
from mien.datasets.dataset import Dataset
from mien.datasets.problems import Problem
from mien.datasets.report import DatasetReport
from mien.datasets.sample import Sample


def check_dataset(dataset: Dataset) -> DatasetReport:
    """Check a copy of a data set.

    Frames are found by name and are not opened; videos are not decoded.
    """
    found = list(dataset.problems)
    # A folder that could not be listed is already among the problems.
    unreadable = {problem.where for problem in found if problem.kind == "unreadable frames"}
    # SMIC codes no apex at all: report it in one line, not in one for each clip.
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
    """Yield the problems of one clip; ``apexes`` says whether the table has any apex."""
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
    """Yield the frames of a clip that its folder lacks."""
    if sample.frames is None:
        return
    ends = (sample.onset, sample.onset if sample.offset is None else sample.offset)
    first, last = min(ends), max(ends)
    # Frames between onset and offset are needed too.
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
