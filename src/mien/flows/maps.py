"""Measure the flow maps of a data set: what recognisers learn from."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np

from mien.au.emotions import LABELS
from mien.datasets.au_labels import labels_of_codes
from mien.datasets.sample import Sample
from mien.errors import DatasetError, FaceError, UnreadableImageError, UnreadableVideoError
from mien.face.recognition_crop import Framing
from mien.flows.frames import onset_and_apex
from mien.flows.options import FlowsOptions
from mien.flows.samples import load_samples
from mien.io.flow_sets import NO_CLASS, FlowSet
from mien.motion.flow_maps import flow_maps
from mien.motion.onset_apex import onset_apex_flow

OnClip: TypeAlias = Callable[[int, int], None]
"""Called after each clip with the number of clips done and the number of all."""

CLIP_ERRORS = (DatasetError, FaceError, UnreadableImageError, UnreadableVideoError)
"""Errors that concern one clip; with ``skip_bad`` the other clips are still measured."""


@dataclass(frozen=True)
class MeasuredFlows:
    """The flow maps of a data set.

    Attributes:
        flows: One sample for each clip, in the data set's order.
        without_label: Number of clips left out because they belong to none of the three classes, or, with
            ``coded``, have no FACS code.
        skipped: What was wrong with the clips that were skipped, one line each.
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
    """Measure the flow map of every labelled clip of a data set, or with ``coded`` of every clip with a FACS code.

    Args:
        name: A data set's name, or ``megc2019``; then ``root`` holds copies of the composite's
            three data sets in ``casme2``, ``samm`` and ``smic``.
        root: The folder of the user's copy.
        options: Which flow, and what to do if something is missing.
        on_clip: Called after each clip.

    Raises:
        DatasetError: The copy cannot be read, no clip has a label, or, without ``skip_bad``, a
            clip, frame or apex is missing.
        FaceError: Without ``skip_bad``, an onset frame has no usable face.
        MissingExtraError: The flow, or a spreadsheet, needs a package that is not installed.
    """
    options = options or FlowsOptions()
    samples, unread = load_samples(name, Path(root), options)
    return _flows_of(samples, options, on_clip, unread)


def _flows_of(
    samples: Sequence[Sample],
    options: FlowsOptions,
    on_clip: OnClip | None,
    skipped: Sequence[str],
) -> MeasuredFlows:
    """Measure the flow maps of clips; ``skipped`` has one line for each clip that could not be loaded."""
    if skipped and not options.skip_bad:
        raise DatasetError(f"{skipped[0]}; --skip-bad leaves it out")
    labelled = [sample for sample in samples if _is_wanted(sample, options)]
    if not labelled:
        wanted = "with a FACS code" if options.coded else f"that are {' or '.join(LABELS)}"
        raise DatasetError(f"expected clips {wanted}, got none of {len(samples)}")
    problems = list(skipped)
    kept: list[Sample] = []
    maps: list[np.ndarray] = []
    for done, sample in enumerate(labelled, start=1):
        try:
            maps.append(_map_of(sample, options))
            kept.append(sample)
        except CLIP_ERRORS as error:
            message = " ".join(str(error).split())
            line = message if message.startswith(sample.id) else f"{sample.id}: {message}"
            if not options.skip_bad:
                raise type(error)(f"{line} (--skip-bad leaves it out)") from error
            problems.append(line)
        if on_clip is not None:
            on_clip(done, len(labelled))
    if not kept:
        raise DatasetError(f"expected a clip that can be used, got none; the first: {problems[0]}")
    flows = FlowSet(
        np.stack(maps),
        np.array([LABELS.index(s.label) if s.label else NO_CLASS for s in kept], np.int64),
        np.array([sample.person for sample in kept]),
        np.array([sample.dataset for sample in kept]),
        np.array([sample.clip for sample in kept]),
        labels_of_codes([sample.facs for sample in kept])
        if any(s.facs.units for s in kept)
        else None,
    )
    return MeasuredFlows(flows, len(samples) - len(labelled), tuple(problems))


def _is_wanted(sample: Sample, options: FlowsOptions) -> bool:
    return bool(sample.facs.units) if options.coded else sample.label is not None


def _map_of(sample: Sample, options: FlowsOptions) -> np.ndarray:
    """Return the (28, 28, 3) uint8 flow map of a clip."""
    onset, apex = onset_and_apex(sample, options.find_apex)
    if onset.shape[:2] != apex.shape[:2]:
        raise DatasetError(f"{sample.id}: expected frames of one size, got two")
    framing = _framing(sample) if options.vary_crop else None
    return flow_maps(onset_apex_flow(onset, apex, options.flow, framing=framing))


def _framing(sample: Sample) -> Framing:
    """Draw the position of the face in the crop; deterministic per clip id."""
    return Framing.drawn(np.random.default_rng(zlib.crc32(sample.id.encode())))
