"""Read a set that ``mien produce`` made: rows, samples with their members, flow maps."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import UInt8

from mien.au.track import AUTrack
from mien.errors import DatasetError, MienError, MissingExtraError
from mien.install import install_command
from mien.io.array_file import DAMAGE
from mien.io.au_labels import AULabels
from mien.io.flow_sets import FlowSet
from mien.io.json_file import parse_json, read_json
from mien.io.sample_frames import decoded_frames
from mien.io.sample_tar import read_samples
from mien.types import Image

OneFlow: TypeAlias = UInt8[np.ndarray, "28 28 3"]
"""Maps of u, v and strain of one sample."""


@dataclass(frozen=True)
class ProducedSample:
    """A sample of a set.

    Attributes:
        key: The sample's name.
        row: Its row in the manifest: label, split, AUs, timing, hashes.
        members: The content of its files, by the part of the file's name after the key, such as ``json``.
    """

    key: str
    row: Mapping[str, Any] = field(repr=False)
    members: Mapping[str, bytes] = field(repr=False)

    @property
    def index(self) -> int:
        """The sample's number in the set."""
        return int(self.row["index"])

    @property
    def record(self) -> dict[str, Any]:
        """The sample's record as JSON values: how it was made.

        Raises:
            DatasetError: The record cannot be read.
        """
        try:
            record: dict[str, Any] = parse_json(self.members["json"])
        except (KeyError, ValueError) as error:
            raise DatasetError(
                f"sample {self.key}: its record cannot be read: {error!r}"
            ) from error
        return record

    def frames(self) -> list[Image]:
        """Return the frames of a clip or pair, each (H, W, 3) uint8 RGB.

        Raises:
            DatasetError: The sample has no frames, or they cannot be read.
        """
        return list(decoded_frames(self.members))

    def track(self) -> AUTrack:
        """Return the AUs in each frame of a clip or pair, as they were made.

        Raises:
            DatasetError: The sample has no AUs, or they cannot be read.
        """
        try:
            head, _, rows = self.members["aus.csv"].decode().partition("\n")
            values = np.loadtxt(io.StringIO(rows), delimiter=",", ndmin=2)
            return AUTrack(tuple(head.split(",")[2:]), values[:, 2:], values[:, 0], values[:, 1])
        except (KeyError, ValueError, IndexError, MienError) as error:
            raise DatasetError(f"sample {self.key}: its AUs cannot be read: {error!r}") from error

    def flow(self) -> OneFlow:
        """Return the maps of a flow sample, (28, 28, 3) uint8: u, v and strain.

        Raises:
            DatasetError: The sample has no maps, or they cannot be read.
        """
        try:
            with np.load(io.BytesIO(self.members["npz"]), allow_pickle=False) as arrays:
                flow: np.ndarray = arrays["flow"]
        except DAMAGE as error:
            raise DatasetError(f"sample {self.key}: its flow cannot be read: {error!r}") from error
        return flow


class ProducedSet:
    """A set on disk. Shards that are not finished are left out.

    Args:
        folder: The set's folder.

    Raises:
        DatasetError: The folder is not a set, or has no finished shard.
        MissingExtraError: pyarrow is not installed.

    Example:
        >>> for sample in ProducedSet("set").samples(split="train"):  # doctest: +SKIP
        ...     frames, label = sample.frames(), sample.row["label"]
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        if find_spec("pyarrow") is None:
            raise MissingExtraError(
                f"reading a produced set needs pyarrow, which is not installed: {install_command('produce')}"
            )
        self.folder = Path(folder)
        record = read_json(self.folder / "plan.json", DatasetError, "choose a set of mien produce")
        try:
            self.hash, self.kind = str(record["hash"]), str(record["plan"]["kind"])
        except (KeyError, TypeError) as error:
            raise DatasetError(f"{self.folder}/plan.json is not a plan of mien produce") from error
        self.shards = tuple(
            path.with_suffix(".tar")
            for path in sorted((self.folder / "shards").glob("shard-*.json"))
            if self._is_finished(path)
        )
        """The tars of the finished shards, in the order of their samples."""
        if not self.shards:
            raise DatasetError(
                f"expected finished shards in {self.folder}, got none: mien produce run"
            )

    def _is_finished(self, stats: Path) -> bool:
        try:
            record = json.loads(stats.read_bytes())
            files = (record["tar"], record["manifest"])
            if record["tar"]["name"] != stats.with_suffix(".tar").name:
                return False
            return record["plan"] == self.hash and all(
                (stats.parent / file["name"]).stat().st_size == file["bytes"] for file in files
            )
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def rows(self, split: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of samples that were made, in order.

        Args:
            split: Only samples of this split; None for all.
        """
        for shard in self.shards:
            yield from self.rows_of(shard, split)

    def rows_of(self, shard: Path, split: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of a shard's samples that were made.

        Args:
            shard: One of `shards`.
            split: Only samples of this split; None for all.

        Raises:
            DatasetError: The manifest is damaged.
        """
        return [row for row in self._read(shard) if split in (None, row["split"])]

    def count_of(self, shard: Path, split: str | None = None) -> int:
        """Return the number of a shard's samples that were made.

        Args:
            shard: One of `shards`.
            split: Only samples of this split; None for all.

        Raises:
            DatasetError: The manifest is damaged.
        """
        return sum(split in (None, row["split"]) for row in self._read(shard, ["status", "split"]))

    def _read(self, shard: Path, columns: list[str] | None = None) -> list[dict[str, Any]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = shard.with_suffix(".parquet")
        try:
            rows: list[dict[str, Any]] = pq.ParquetFile(path).read(columns).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(f"cannot read {path}: {' '.join(str(error).split())}") from error
        return [row for row in rows if row["status"] == "made"]

    def samples_of(self, shard: Path, split: str | None = None) -> Iterator[ProducedSample]:
        """Yield the samples of a shard, in order.

        Args:
            shard: One of `shards`.
            split: Only samples of this split; None for all.

        Raises:
            DatasetError: The shard is damaged.
        """
        rows = {row["key"]: row for row in self.rows_of(shard, split)}
        if not rows:
            return
        for key, members in read_samples(shard):
            if key in rows:
                yield ProducedSample(key, rows[key], members)

    def samples(self, split: str | None = None) -> Iterator[ProducedSample]:
        """Yield all samples, in order.

        Args:
            split: Only samples of this split; None for all.
        """
        for shard in self.shards:
            yield from self.samples_of(shard, split)

    def flow_set(self, split: str | None = None) -> FlowSet:
        """Return the maps of a set of kind flows, to train and evaluate recognisers.

        Args:
            split: Only samples of this split; None for all.

        Raises:
            DatasetError: A set of another kind, or a set without samples of the split.
        """
        if self.kind != "flows":
            raise DatasetError(f"expected a set of flows, got {self.folder} of {self.kind}")
        return flow_set_of([(s.row, s.flow()) for s in self.samples(split)])


def flow_set_of(samples: Sequence[tuple[Mapping[str, Any], OneFlow]]) -> FlowSet:
    """Return samples of flow maps as one `FlowSet`; the name of their data set is ``produced``.

    Raises:
        DatasetError: No sample.
    """
    from mien.au.emotions import LABELS

    if not samples:
        raise DatasetError("expected samples of flow maps, got none")
    return FlowSet(
        np.stack([flow for _, flow in samples]),
        np.array([LABELS.index(row["label"]) for row, _ in samples]),
        np.array([row["subject"] for row, _ in samples]),
        np.full(len(samples), "produced"),
        np.array([row["key"] for row, _ in samples]),
        _labels([row for row, _ in samples]),
    )


def _labels(rows: Sequence[Mapping[str, Any]]) -> AULabels | None:
    """Return the AUs of rows; None if a row lacks them."""
    if not all(row.get("au_names") is not None for row in rows):
        return None
    peaks = [dict(zip(row["au_names"], row["au_peaks"], strict=True)) for row in rows]
    return AULabels.of_peaks(peaks)
