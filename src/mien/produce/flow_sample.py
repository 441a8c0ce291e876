"""Make samples that are flow maps, sixteen at a time.

Random numbers are drawn for a block of sixteen samples of one face together, which is eight times as fast as one by
one. The blocks are fixed by the samples' numbers, so a sample does not depend on its shard: if a shard begins or ends
within a block, the whole block is made and only the shard's samples are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from mien.au.catalog import RIG_NAMES
from mien.au.emotions import LABELS
from mien.common.marking import clip_source
from mien.engines.registry import DEFAULTS, find_engine
from mien.errors import DatasetError
from mien.io.digital_source import DIGITAL_SOURCE_URI
from mien.io.flow_sets import FlowMaps
from mien.produce.draw import key_of
from mien.produce.encode import npz_bytes
from mien.produce.frozen import FrozenPlan
from mien.produce.perceptual import flow_hash
from mien.produce.rows import Sample, failed_sample, made_row
from mien.produce.stored_portraits import read_face_flows
from mien.produce.turns import Turns
from mien.synthesis.coded_moves import draw_intensities
from mien.synthesis.face_bank import FaceBank, bank_of
from mien.synthesis.flow_recipe import RigFlowRecipe
from mien.synthesis.flows import LONGEST_RUN, flows_of_one_face
from mien.version import __version__

HELD = 96
"""Faces that a worker keeps in memory, 2 MB each."""


class FlowSamples:
    """Make flow maps of a set.

    Args:
        folder: The set.
        frozen: Its plan.
    """

    def __init__(self, folder: Path, frozen: FrozenPlan) -> None:
        self._frozen = frozen
        self._recipe = RigFlowRecipe()
        self._turns = Turns(frozen)

        @lru_cache(maxsize=HELD)
        def bank(subject: int) -> FaceBank:
            sha256 = frozen.portraits[subject].files["flow"]
            return bank_of([read_face_flows(folder, subject, sha256)])

        self._bank = bank

    def subject(self, block: int) -> int:
        """Return the number of the portrait of a block of sixteen samples."""
        return self._turns.subject(block * LONGEST_RUN)

    def samples(self, indices: Sequence[int], tries: int = 1) -> Iterator[Sample]:
        """Make samples, in the order of their numbers; a sample fails if its portrait cannot be read.

        Args:
            indices: Numbers of samples.
            tries: How often to try to read a portrait.
        """
        wanted = set(indices)
        for block in sorted({index // LONGEST_RUN for index in wanted}):
            if (why := self._why_unreadable(self.subject(block), tries)) is None:
                yield from self.block(block, wanted)
                continue
            first = block * LONGEST_RUN
            for index in range(first, first + LONGEST_RUN):
                if index in wanted:
                    yield failed_sample("flows", key_of(index), index, why)

    def _why_unreadable(self, subject: int, tries: int) -> str | None:
        for attempt in range(tries):
            try:
                self._bank(subject)
                break
            except DatasetError as error:
                if attempt + 1 == tries:
                    return str(error)
        return None

    def block(self, block: int, wanted: set[int]) -> Iterator[Sample]:
        """Make the samples of a block of sixteen whose numbers are in ``wanted``."""
        first = block * LONGEST_RUN
        rng = np.random.default_rng([self._frozen.seed, 5, block])
        label = np.array(
            [self._turns.label(first + place, len(LABELS)) for place in range(LONGEST_RUN)]
        )
        intensity = draw_intensities(label, self._recipe, rng)
        subject = self.subject(block)
        flow = flows_of_one_face(self._bank(subject), 0, intensity, self._recipe, rng)
        for place in range(LONGEST_RUN):
            if first + place in wanted:
                yield self._sample(
                    first + place, subject, intensity[place], flow[place : place + 1]
                )

    def _sample(self, index: int, subject: int, intensity: np.ndarray, flow: FlowMaps) -> Sample:
        portrait = self._frozen.portraits[subject]
        moved = np.flatnonzero(intensity)
        names = [RIG_NAMES[number] for number in moved]
        peaks = [round(float(value), 3) for value in intensity[moved]]
        label = LABELS[self._turns.label(index, len(LABELS))]
        members = {
            "npz": npz_bytes({"flow": flow[0]}),
            "json": _record(
                {
                    "synthetic": True,
                    "digital_source_type": DIGITAL_SOURCE_URI + _source(self._frozen, subject),
                    "mien_version": __version__,
                    "plan": self._frozen.hash,
                    "index": index,
                    "split": portrait.split,
                    "inputs": [portrait.input_file.to_json()],
                    "label": label,
                    "intensities": dict(zip(names, peaks, strict=True)),
                }
            ),
        }
        row = made_row(
            members,
            key=key_of(index),
            index=index,
            kind="flows",
            split=portrait.split,
            subject=portrait.subject,
            label=label,
            au_names=names,
            au_peaks=peaks,
            size_px=flow.shape[1],
            portrait_sha256=portrait.sha256,
            perceptual_hash=flow_hash(flow[0]),
        )
        return Sample(index, members, row)


@lru_cache(maxsize=4096)
def _source(frozen: FrozenPlan, subject: int) -> str:
    spec = find_engine(DEFAULTS["generate"])
    return clip_source(spec, [frozen.portraits[subject].input_file])


def _record(values: dict[str, object]) -> bytes:
    return json.dumps(values, allow_nan=False).encode() + b"\n"
