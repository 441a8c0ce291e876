"""Find the clips of each person: in a folder with one subfolder per person, a produced set, or a data set."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mien.datasets.registry import DATASETS, load_dataset
from mien.datasets.sample import Sample
from mien.errors import DatasetError, UsageError
from mien.io.clips import VIDEO_SUFFIXES
from mien.io.folder_walk import walk_once
from mien.io.images import PICTURE_SUFFIXES
from mien.io.png_folder import SIDECAR_NAME
from mien.training.clips.outcome import Outcome, skip_for
from mien.training.clips.person_clip import PersonClip
from mien.training.clips.produced_clip import is_produced, produced_clips
from mien.training.options import Part

UNTIMED_FPS = Fraction(25)
"""Frame rate of folders of frames that have none, if no label depends on time."""


@dataclass(frozen=True)
class Source:
    """The clips to make a face set of.

    Attributes:
        name: The data set, or the folder's name.
        clips: The clips in order.
        skipped: Clips that are missing in the copy of the data set, or videos that are in no person's folder.
    """

    name: str
    clips: tuple[PersonClip, ...]
    skipped: tuple[Outcome, ...] = ()


def find_source(source: str, part: Part, fps: Fraction | None, *, timed: bool) -> Source:
    """Find the clips of each person.

    Args:
        source: A folder, a set of ``mien produce``, or a data set and its root as in ``casme2:ROOT``.
        part: The part of each clip of a data set.
        fps: Frame rate of the clips in a folder; None for their own.
        timed: Whether the labels depend on the time between frames.

    Raises:
        UsageError: No such folder, no clip, no frame rate where one is needed, or one where none is taken.
        DatasetError: The copy of the data set cannot be read.
    """
    name, colon, root = source.partition(":")
    if colon and not Path(source).exists() and (name in DATASETS or not Path(name).exists()):
        if fps is not None:
            raise UsageError(
                f"expected no --fps with the data set {name}, got one: leave --fps out"
            )
        return _of_dataset(name, root, part)
    folder = Path(source)
    if not folder.is_dir():
        raise UsageError(
            f"expected a folder of clips, a set of mien produce, or a data set as in casme2:FOLDER, got {source}"
        )
    if is_produced(folder):
        if fps is not None:
            raise UsageError(
                f"expected no --fps with a set of mien produce, got one for {source}: leave --fps out"
            )
        return Source(folder.resolve().name, tuple(produced_clips(folder)))
    return _of_folder(folder, fps, timed)


def _of_dataset(name: str, root: str, part: Part) -> Source:
    clips: dict[tuple[Path, str], PersonClip] = {}
    skipped = []
    for sample in load_dataset(name, root).samples:
        if sample.path is None:
            error = DatasetError(f"{sample.id}: expected its frames in the copy, got none")
            skipped.append(skip_for(sample.id, sample.person, error))
            continue
        clip = _of_sample(sample, part)
        # As a whole, a clip with several micro-expressions is used once.
        clips.setdefault((sample.path, "" if part == "whole" else sample.id), clip)
    return Source(name, tuple(clips.values()), tuple(skipped))


def _of_sample(sample: Sample, part: Part) -> PersonClip:
    assert sample.path is not None
    frames = sample.frames
    start, stop, missing = 0, None, 0
    if part == "onset-offset":
        if frames is None:
            start = sample.onset
            stop = None if sample.offset is None else sample.offset + 1
        else:
            last = frames.numbers[-1] if sample.offset is None else sample.offset
            start = bisect_left(frames.numbers, sample.onset)
            stop = bisect_right(frames.numbers, last)
            missing = sum(b - a + 1 for a, b in frames.gaps(sample.onset, last))
    return PersonClip(
        person=sample.person,
        name=sample.id,
        folder=sample.subject,
        path=sample.path,
        fps=sample.fps,
        files=None if frames is None else frames.files,
        start=start,
        stop=stop,
        missing=missing,
    )


def _of_folder(folder: Path, fps: Fraction | None, timed: bool) -> Source:
    clips = []
    outside = []
    for place in sorted(folder.iterdir(), key=_natural):
        if place.name.startswith("."):
            continue
        if not place.is_dir():
            if place.suffix.lower() in VIDEO_SUFFIXES:
                outside.append(place.name)
            continue
        for path in sorted(_clips_below(place), key=_natural):
            rate = fps
            if fps is None and path.is_dir() and not (path / SIDECAR_NAME).is_file():
                if timed:
                    raise UsageError(
                        f"expected a frame rate for the frames in {path}: give one with --fps"
                    )
                rate = UNTIMED_FPS
            name = path.relative_to(folder).as_posix()
            clips.append(
                PersonClip(person=place.name, name=name, folder=place.name, path=path, fps=rate)
            )
    if not clips:
        got = f"{len(outside)} videos outside such a folder" if outside else "no clip"
        raise UsageError(
            f"expected {folder}/PERSON/CLIP, a folder for each person with videos or folders of frames, got {got}: "
            "move the clips into such folders"
        )
    return Source(folder.resolve().name, tuple(clips), tuple(map(_outside, outside)))


def _outside(name: str) -> Outcome:
    """Return the outcome of a video whose place does not say which person it shows."""
    kind = "not in a person's folder"
    return Outcome(name, "", skipped=kind, why="expected it in a folder with the person's name")


def _natural(path: Path) -> list[tuple[bool, int, str]]:
    """Return a sort key that reads digits as numbers: ``take 2`` comes before ``take 10``."""
    parts = re.split(r"([0-9]+)", path.as_posix().lower())
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _clips_below(place: Path) -> Iterator[Path]:
    """Yield the videos and the folders with pictures in and below a folder.

    Links are followed, but no folder is visited twice.
    """
    for at, folders, names in walk_once(place):
        folders[:] = [name for name in folders if not name.startswith(".")]
        shown = [name for name in names if not name.startswith(".")]
        if any(name.lower().endswith(PICTURE_SUFFIXES) for name in shown):
            yield at
        yield from (at / name for name in shown if name.lower().endswith(VIDEO_SUFFIXES))
