"""Clips and pairs of a set of ``mien produce``, whose AUs are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from mien.au.track import AUTrack
from mien.datasets.produced import ProducedSample, ProducedSet
from mien.errors import UsageError
from mien.io.clip import TimedFrame
from mien.io.sample_tar import SampleIndex
from mien.training.clips.person_clip import PersonClip

PAIR_FPS = Fraction(25)
"""Nominal frame rate of a pair: no time lies between its two pictures."""


@dataclass(frozen=True, kw_only=True)
class ProducedClip(PersonClip):
    """A sample of a produced set; ``path`` is the tar of its shard.

    Attributes:
        shard: Index of the samples in that tar.
        key: Name of the sample in that tar.
    """

    shard: SampleIndex = field(repr=False)
    key: str

    def frames(self) -> Iterator[TimedFrame]:
        """Yield (seconds, frame).

        Raises:
            DatasetError: The sample cannot be read.
        """
        assert self.fps is not None
        for number, frame in enumerate(self._sample().frames()):
            yield float(number / self.fps), frame

    def total(self) -> int:
        """Return the number of frames."""
        return len(self._sample().frames())

    def track(self) -> AUTrack:
        """Return the AUs with which each frame was made.

        Raises:
            DatasetError: The AUs cannot be read.
        """
        return self._sample().track()

    def _sample(self) -> ProducedSample:
        return ProducedSample(self.key, {}, self.shard.members(self.key))


def is_produced(folder: Path) -> bool:
    """Return whether a folder is a set of ``mien produce``."""
    return (folder / "plan.json").is_file() and (folder / "shards").is_dir()


def produced_clips(folder: Path) -> list[ProducedClip]:
    """Return the samples of a set's split ``train``.

    Args:
        folder: The set.

    Raises:
        UsageError: The set holds flow maps.
        DatasetError: The set has no finished shard, or cannot be read.
        MissingExtraError: pyarrow is not installed.
    """
    produced = ProducedSet(folder)
    if produced.kind == "flows":
        raise UsageError(
            f"expected a set of clips or pairs, got {folder} of flow maps: recognisers learn from it "
            "(mien evaluate recognition --augment)"
        )
    clips = []
    for tar in produced.shards:
        index = SampleIndex(tar)
        clips += [
            ProducedClip(
                person=row["subject"],
                name=row["key"],
                folder=row["subject"],
                path=tar,
                fps=PAIR_FPS if produced.kind == "pairs" else Fraction(row["fps"]),
                shard=index,
                key=row["key"],
            )
            for row in produced.rows_of(tar, "train")
        ]
    return clips
