"""A produced set as a PyTorch data set: divided among ranks and workers, shuffled by a seed, resumable."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from mien.au.emotions import LABELS
from mien.datasets.produced import ProducedSample, ProducedSet
from mien.datasets.produced_start import Done, SharedStart  # names the extra if PyTorch is missing
from mien.errors import DatasetError, UsageError
from mien.io.sample_tar import SampleIndex

# isort: split
import torch
import torch.distributed
from torch.utils.data import IterableDataset, default_collate, get_worker_info

Transform: TypeAlias = Callable[[ProducedSample], Any]
"""Function that turns a sample into what the data set yields."""


class ProducedIterable(IterableDataset[Any]):
    """Yield the samples of a set, each once in an epoch over all ranks and workers.

    Whole shards are assigned to ranks and workers. In an epoch, the order of shards is shuffled, and samples are
    shuffled within ``mix`` shards at a time. Both shuffles depend on the seed and the epoch. So the order is known
    without reading a sample, and a resumed run skips samples without reading them.

    The order also depends on the numbers of ranks and workers, on ``mix``, and on which shards are finished. If these
    change, a resumed run is not refused, but it repeats some samples of the epoch and misses others. The numbers of
    batches of the ranks differ, by a shard or more. With `torch.distributed`, join the uneven inputs
    (`torch.distributed.algorithms.Join`), or stop each epoch at a number of batches that all ranks reach.

    Args:
        folder: The set's folder.
        split: Only samples of this split; None for all.
        seed: Seed of the order; None for the order of the set.
        mix: Number of shards whose samples are shuffled together.
        transform: Turns a sample into what is yielded; `tensors_of` by default.
        rank: Number of this process among ``ranks``; None for that of `torch.distributed`, if it is initialised.
        ranks: Number of processes; None together with ``rank``.

    Raises:
        DatasetError: The folder is not a set, or has no finished shard.
        UsageError: ``mix`` below 1, or one of ``rank`` and ``ranks`` without the other.
        MissingExtraError: pyarrow is not installed.

    Example:
        >>> dataset = ProducedIterable("set", "train", seed=0)  # doctest: +SKIP
        >>> loader = torch.utils.data.DataLoader(
        ...     dataset, batch_size=32, num_workers=4, collate_fn=padded_batch
        ... )  # doctest: +SKIP
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
        """Set the epoch and the position in it at which the next iteration starts; call this before iterating.

        The position applies to one iteration, the epoch until the next call. Persistent workers see both too.

        Args:
            epoch: Number of the epoch; each epoch has another shuffle.
            batches_done: Number of batches of this epoch that this rank's loader has already yielded.
            batch_size: The loader's batch size.
            drop_last: Whether the loader drops incomplete batches.

        Raises:
            UsageError: A negative number, or a batch without samples.
        """
        if min(epoch, batches_done) < 0 or batch_size < 1:
            raise UsageError(
                f"expected epoch and batches_done of 0 or more and batch_size of 1 or more, got {epoch}, "
                f"{batches_done} and {batch_size}"
            )
        self._start.put(epoch, Done(batches_done, batch_size, drop_last))

    def __iter__(self) -> Iterator[Any]:
        """Yield this worker's samples.

        Raises:
            DatasetError: Fewer shards than workers on all ranks together, or a damaged shard.
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
        ``index``; ``label``, the number of the class in `mien.au.emotions.LABELS`, or -1 without a class; and either
        ``flow`` (3, 28, 28) float32 in [0, 1], or ``frames`` (T, 3, H, W) uint8.
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


def padded_batch(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Collate samples whose numbers of frames differ: repeat the last frame of the shorter ones.

    Pass it as ``collate_fn`` to a loader of a set of clips.

    Args:
        items: Samples of equal keys, as `tensors_of` returns them; a transform may add others.

    Returns:
        ``frames`` (B, T, 3, H, W), where T is the largest number of frames; ``lengths`` (B,) int64, the number of
        frames of each sample before padding; and the other values as `torch.utils.data.default_collate` returns
        them. Samples without ``frames`` get no ``lengths``.

    Raises:
        UsageError: Frames of different sizes.

    Example:
        >>> clips = [{"frames": torch.zeros(length, 3, 8, 8)} for length in (2, 5)]
        >>> batch = padded_batch(clips)
        >>> batch["frames"].shape, batch["lengths"]
        (torch.Size([2, 5, 3, 8, 8]), tensor([2, 5]))
    """
    if not all("frames" in item for item in items):
        return dict(default_collate(list(items)))
    clips: list[torch.Tensor] = [item["frames"] for item in items]
    if len({clip.shape[1:] for clip in clips}) > 1:
        sizes = ", ".join(sorted({"x".join(map(str, clip.shape[:1:-1])) for clip in clips}))
        raise UsageError(
            f"expected frames of one size in a batch, got {sizes}: resize them in a transform"
        )
    lengths = torch.tensor([len(clip) for clip in clips])
    longest = int(lengths.max())
    padded = [torch.cat([c, c[-1:].expand(longest - len(c), *c.shape[1:])]) for c in clips]
    others = [{name: item[name] for name in item if name != "frames"} for item in items]
    batch = dict(default_collate(others)) if others[0] else {}
    return batch | {"frames": torch.stack(padded), "lengths": lengths}


def _number(shard: Path) -> int:
    return int(shard.stem.rpartition("-")[2])
