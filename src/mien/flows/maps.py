"""Flow maps of a data set: what recognisers learn from, of any copy or folder of clips."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from mien.datasets.composite import COUNTS, megc2019
from mien.datasets.labels import LABELS
from mien.datasets.loader import Dataset
from mien.datasets.registry import load_dataset
from mien.datasets.sample import Sample
from mien.errors import (
    DatasetError,
    FaceError,
    UnreadableImageError,
    UnreadableVideoError,
    UsageError,
)
from mien.face.recognition_crop import Framing
from mien.flows.options import COMPOSITE, FlowsOptions
from mien.io.clip import TimedFrame
from mien.io.clips import open_clip
from mien.io.flow_sets import FlowSet
from mien.io.images import read_image
from mien.motion.field import measure_field
from mien.motion.flow_maps import flow_maps
from mien.motion.onset_apex import most_moved, onset_apex_flow
from mien.types import Image

OnClip = Callable[[int, int], None]
"""Called after each clip with how many are done and how many there are."""

ONE_CLIPS = (DatasetError, FaceError, UnreadableImageError, UnreadableVideoError)
"""What may be wrong with one clip, so that the others can go on."""


@dataclass(frozen=True)
class MeasuredFlows:
    """The maps of a data set.

    Attributes:
        flows: one sample a clip, in the data set's order.
        without_label: clips that are none of the three classes and so have no place in it.
        skipped: what was wrong with clips that were left out, one line each.
    """

    flows: FlowSet
    without_label: int = 0
    skipped: tuple[str, ...] = field(default=(), repr=False)


def measure_flows(
    name: str,
    root: str | os.PathLike[str],
    options: FlowsOptions | None = None,
    on_clip: OnClip | None = None,
) -> MeasuredFlows:
    """Measure the flow maps of every labelled clip of a data set.

    Args:
        name: a data set's, or ``megc2019``: then ``root`` holds copies of the composite's three in
            ``casme2``, ``samm`` and ``smic``.
        root: the copy's folder.
        options: which flow, and what to do where something is missing.
        on_clip: told of the progress.

    Raises:
        DatasetError: the copy cannot be read, nothing in it has a label, or, without ``skip_bad``, a
            clip, frame or apex is missing.
        FaceError: without ``skip_bad``, an onset without a usable face.
        MissingExtraError: the flow, or a spreadsheet, needs what is not installed.
    """
    options = options or FlowsOptions()
    samples, bad = _samples(name, Path(root), options)
    return flows_of(samples, options, on_clip, bad)


def flows_of(
    samples: Sequence[Sample],
    options: FlowsOptions,
    on_clip: OnClip | None = None,
    skipped: Sequence[str] = (),
) -> MeasuredFlows:
    """Measure the flow maps of some clips; see `measure_flows`.

    Args:
        samples: the clips; those without a label are counted and left out.
        options: which flow, and what to do where something is missing.
        on_clip: told of the progress.
        skipped: what was wrong before, such as rows that cannot be read.
    """
    if skipped and not options.skip_bad:
        raise DatasetError(f"{skipped[0]}; --skip-bad goes on without")
    labelled = [sample for sample in samples if sample.label is not None]
    if not labelled:
        raise DatasetError(
            f"expected clips that are {' or '.join(LABELS)}, got none of {len(samples)}"
        )
    told = list(skipped)
    kept: list[Sample] = []
    maps: list[np.ndarray] = []
    for done, sample in enumerate(labelled, start=1):
        try:
            onset, apex = onset_and_apex(sample, options)
            if onset.shape[:2] != apex.shape[:2]:
                raise DatasetError(f"{sample.id}: expected frames of one size, got two")
            framing = _framing(sample) if options.vary_crop else None
            flow = onset_apex_flow(onset, apex, options.flow, framing=framing)
            maps.append(flow_maps(flow))
            kept.append(sample)
        except ONE_CLIPS as error:
            said = " ".join(str(error).split())
            line = said if said.startswith(sample.id) else f"{sample.id}: {said}"
            if not options.skip_bad:
                raise type(error)(f"{line} (--skip-bad leaves such clips out)") from error
            told.append(line)
        if on_clip is not None:
            on_clip(done, len(labelled))
    if not kept:
        raise DatasetError(f"expected a clip that can be used, got none; the first: {told[0]}")
    flows = FlowSet(
        np.stack(maps),
        np.array([LABELS.index(sample.label) for sample in kept if sample.label], np.int64),
        np.array([sample.person for sample in kept]),
        np.array([sample.dataset for sample in kept]),
        np.array([sample.clip for sample in kept]),
    )
    return MeasuredFlows(flows, len(samples) - len(labelled), tuple(told))


def onset_and_apex(sample: Sample, options: FlowsOptions) -> tuple[Image, Image]:
    """Read a clip's two frames.

    Raises:
        DatasetError: the clip or one of the frames is missing, or the apex, unless it is to be
            found; or the apex is not after the onset.
        UnreadableImageError: a frame is damaged.
        UnreadableVideoError: the video is.
    """
    if sample.path is None:
        raise DatasetError(f"{sample.id}: expected its frames in the copy, got none")
    if sample.apex is None and options.find_apex:
        return _found_apex(sample)
    apex = sample.needed_apex()
    if apex <= sample.onset:
        raise DatasetError(
            f"{sample.id}: expected an apex after onset {sample.onset}, got {apex} in "
            f"{sample.where}"
        )
    if sample.frames is not None:
        return read_image(sample.frames.file(sample.onset)), read_image(sample.frames.file(apex))
    frames = [frame for number, frame in _video(sample, apex + 1) if number in (sample.onset, apex)]
    if len(frames) != 2:
        raise DatasetError(
            f"{sample.id}: expected frames {sample.onset} and {apex} in {sample.path}, got fewer "
            "frames"
        )
    return frames[0], frames[1]


def clip_frames(sample: Sample) -> Iterator[TimedFrame]:
    """Yield a clip's frames from onset to offset, or to its end, with their times in the clip.

    Raises:
        DatasetError: the copy lacks them.
        MienError: a frame or the video is damaged.
    """
    if sample.path is None:
        raise DatasetError(f"{sample.id}: expected its frames in the copy, got none")
    if sample.frames is not None:
        numbers = sample.frames.numbers
        last = numbers[-1] if sample.offset is None else sample.offset
        for number in numbers:
            if sample.onset <= number <= last:
                yield float(number / sample.fps), read_image(sample.frames.file(number))
        return
    for number, frame in _video(sample, None if sample.offset is None else sample.offset + 1):
        if number >= sample.onset:
            yield float(number / sample.fps), frame


def _framing(sample: Sample) -> Framing:
    """The same for a clip's name, whatever else is in its data set."""
    return Framing.drawn(np.random.default_rng(zlib.crc32(sample.id.encode())))


def _found_apex(sample: Sample) -> tuple[Image, Image]:
    """Read the onset and the frame that has moved most until the offset."""
    frames = list(clip_frames(sample))
    if len(frames) < 2:
        raise DatasetError(
            f"{sample.id}: expected two frames or more from onset {sample.onset} on to find its "
            f"apex in, got {len(frames)}"
        )
    apex = most_moved(measure_field(frames, choose="largest"))
    if apex == 0:
        raise DatasetError(
            f"{sample.id}: expected a face that moves, to find its apex: it is still"
        )
    return frames[0][1], frames[apex][1]


def _video(sample: Sample, stop: int | None) -> Iterator[tuple[int, Image]]:
    assert sample.path is not None
    for number, (_, frame) in enumerate(islice(open_clip(sample.path, sample.fps), stop)):
        yield number, frame


def _samples(
    name: str, root: Path, options: FlowsOptions
) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """The clips, and the rows that cannot be read, one line each."""
    if name != COMPOSITE:
        try:
            copy = load_dataset(name, root, annotations=options.annotations, frames=options.frames)
        except UsageError as error:
            raise UsageError(f"{error}, or {COMPOSITE}") from error
        return copy.samples, _unread(copy)
    if options.annotations is not None or options.frames is not None:
        raise UsageError(
            f"--annotations and --frames are for one data set, got them with {COMPOSITE}: give its "
            "three copies the published form"
        )
    parts = {part: load_dataset(part, root / part) for part in COUNTS}
    whole = megc2019(parts["casme2"], parts["samm"], parts["smic"], whole=not options.skip_bad)
    return whole.samples, whole.differences()


def _unread(copy: Dataset) -> tuple[str, ...]:
    return tuple(
        str(problem)
        for problem in copy.problems
        if problem.kind in ("unreadable row", "unreadable frames")
    )
