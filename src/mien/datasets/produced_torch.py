"""A produced set as a PyTorch data set: divided among ranks and workers, shuffled by a seed, resumed at a position."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
import torch.distributed
from torch.utils.data import IterableDataset, get_worker_info

from mien.au.emotions import LABELS
from mien.datasets.produced import ProducedSample, ProducedSet
from mien.datasets.produced_start import Done, SharedStart
from mien.errors import DatasetError, UsageError
from mien.io.sample_tar import SampleIndex

Transform: TypeAlias = Callable[[ProducedSample], Any]
"""Makes what the data set yields of a sample."""


class ProducedIterable(IterableDataset[Any]):
    """Yield the samples of a set, each once an epoch among all ranks and workers.

    Whole shards are dealt to ranks and workers. In an epoch, the order of shards is shuffled, and samples are shuffled
    within ``mix`` shards at a time, all by the seed and the epoch. So the order is known without reading a sample, and
    a run is resumed by skipping, not by reading again.

    The order also depends on the numbers of ranks and workers, on ``mix``, and on which shards are finished. A run that
    is resumed with others is not refused, but repeats some samples of the epoch and misses others. Ranks get unequal
    numbers of batches, by a shard or more: with `torch.distributed` join the uneven inputs
    (`torch.distributed.algorithms.Join`), or stop each epoch at a number of batches that all ranks reach.

    Args:
        folder: The set.
        split: Only this split.
        seed: Seed of the order; None for the order of the set.
        mix: Shards whose samples are shuffled together.
        transform: Makes what is yielded; `tensors_of` by default.
        rank: Number of this process among ``ranks``; None for that of `torch.distributed`, if it is used.
        ranks: Number of processes.

    Raises:
        DatasetError: The folder is no set, or has no finished shard.
        MissingExtraError: pyarrow is not installed.

    Example:
        >>> dataset = ProducedIterable("set", "train", seed=0)  # doctest: +SKIP
        >>> loader = torch.utils.data.DataLoader(dataset, batch_size=32, num_workers=4)  # doctest: +SKIP
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        split: str | None = None,
        *,
        seed: int | None = None,
        mix: int = 4,
        transform: Transform | None = None,
        rank: int | None = None,
        ranks: int | None = None,
    ) -> None:
        if mix < 1 or (rank is None) != (ranks is None):
            raise UsageError("expected mix of 1 or more shards, and rank and ranks together")
        self._set = ProducedSet(folder)
        self._split, self._seed, self._mix = split, seed, mix
        self._transform = transform or tensors_of
        self._rank, self._ranks = rank, ranks
        self._start = SharedStart()

    def start(
        self, epoch: int, *, batches_done: int = 0, batch_size: int = 1, drop_last: bool = False
    ) -> None:
        """Choose what the next iteration yields: an epoch, from a position on. Call it before the loader iterates.

        The position holds for one iteration; the epoch until the next call. Persistent workers follow it too.

        Args:
            epoch: Its number, which changes the shuffle.
            batches_done: Batches of this epoch that this rank's loader has yielded already.
            batch_size: The loader's batch size.
            drop_last: Whether the loader drops incomplete batches.

        Raises:
            UsageError: A negative number, or a batch without samples.
        """
        if min(epoch, batches_done) < 0 or batch_size < 1:
            raise UsageError(
                f"expected an epoch and batches from 0 on, of one sample or more, got {epoch}, {batches_done} and "
                f"{batch_size}"
            )
        self._start.put(epoch, Done(batches_done, batch_size, drop_last))

    def __iter__(self) -> Iterator[Any]:
        """Yield this worker's samples.

        Raises:
            DatasetError: Fewer shards than workers of all ranks, or a damaged shard.
        """
        info = get_worker_info()
        worker, workers = (0, 1) if info is None else (info.id, info.num_workers)
        return self._items(worker, workers, *self._start.take(worker, workers))

    def _items(self, worker: int, workers: int, epoch: int, done: Done) -> Iterator[Any]:
        skip = 0
        if done.batches:
            every = [
                sum(
                    self._set.count_of(shard, self._split)
                    for shard in self._shards(each, workers, epoch)
                )
                for each in range(workers)
            ]
            consumed, turn = done.of_workers(every)
            worker = (worker + turn) % workers  # a loader begins with its first worker
            skip = consumed[worker]
        own = self._shards(worker, workers, epoch)
        for start in range(0, len(own), self._mix):
            shards = own[start : start + self._mix]
            entries = [
                (shard, row) for shard in shards for row in self._set.rows_of(shard, self._split)
            ]
            order = range(len(entries))
            if skip >= len(entries):
                skip -= len(entries)
                continue
            if self._seed is not None:
                rng = np.random.default_rng([self._seed, epoch, 1, _number(shards[0])])
                order = rng.permutation(len(entries)).tolist()
            indices = {shard: SampleIndex(shard) for shard in shards}
            for place in order[skip:]:
                shard, row = entries[place]
                members = indices[shard].members(row["key"])
                yield self._transform(ProducedSample(row["key"], row, members))
            skip = 0

    def _shards(self, worker: int, workers: int, epoch: int) -> list[Path]:
        """Return a worker's shards, in the order of an epoch."""
        rank, ranks = self._place()
        shards, consumers = list(self._set.shards), ranks * workers
        if len(shards) < consumers:
            raise DatasetError(
                f"expected a shard or more for each of {consumers} workers ({ranks} ranks), got {len(shards)}: use "
                "fewer workers, or plan smaller shards"
            )
        if self._seed is not None:
            order = np.random.default_rng([self._seed, epoch, 0]).permutation(len(shards))
            shards = [shards[number] for number in order]
        return shards[rank * workers + worker :: consumers]

    def _place(self) -> tuple[int, int]:
        if self._rank is not None and self._ranks is not None:
            return self._rank, self._ranks
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            return torch.distributed.get_rank(), torch.distributed.get_world_size()
        return 0, 1


def tensors_of(sample: ProducedSample) -> dict[str, Any]:
    """Return a sample as tensors.

    Returns:
        ``index``; ``label``, the class as in `mien.au.emotions.LABELS`, -1 without one; and ``flow`` (3, 28, 28)
        float32 in [0, 1], or ``frames`` (T, 3, H, W) uint8.
    """
    label = sample.row["label"]
    item: dict[str, Any] = {
        "index": sample.index,
        "label": -1 if label is None else LABELS.index(label),
    }
    if sample.row["kind"] == "flows":
        maps = torch.from_numpy(np.ascontiguousarray(np.moveaxis(sample.flow(), 2, 0)))
        return item | {"flow": maps.float() / 255}
    frames = np.stack(sample.frames())
    return item | {"frames": torch.from_numpy(np.ascontiguousarray(frames.transpose(0, 3, 1, 2)))}


def _number(shard: Path) -> int:
    return int(shard.stem.rpartition("-")[2])
