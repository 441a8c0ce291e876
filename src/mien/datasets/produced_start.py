"""Where an iteration of a produced set begins, kept in shared memory, so that persistent workers see it."""

from __future__ import annotations

from dataclasses import dataclass

from mien.errors import MissingExtraError, UsageError
from mien.install import install_command

try:
    import torch
except ModuleNotFoundError as error:
    raise MissingExtraError(
        f"reading a produced set as tensors needs PyTorch, which is not installed: {install_command('torch')}"
    ) from error

MOST_WORKERS = 1024
"""Largest number of workers of a loader."""

_EPOCH, _BATCHES, _SIZE, _DROP_LAST, _CALLS, _WORKERS, _SLOTS = range(7)


@dataclass(frozen=True)
class Done:
    """The part of an epoch that a loader has already yielded.

    Attributes:
        batches: Number of batches.
        size: Samples in a batch.
        drop_last: Whether incomplete batches are dropped.
    """

    batches: int = 0
    size: int = 1
    drop_last: bool = False

    def of_workers(self, samples: list[int]) -> tuple[list[int], int]:
        """Return the number of samples that each worker has given, and the worker that gives the next batch.

        A loader takes a batch from each worker in turn, and skips workers that have no more.

        Args:
            samples: Number of samples of each worker.
        """
        whole = [
            count // self.size if self.drop_last else -(-count // self.size) for count in samples
        ]
        given, turn = [0] * len(samples), 0
        for _ in range(min(self.batches, sum(whole))):
            while given[turn] >= whole[turn]:
                turn = (turn + 1) % len(samples)
            given[turn] += 1
            turn = (turn + 1) % len(samples)
        return [
            min(batches * self.size, count) for batches, count in zip(given, samples, strict=True)
        ], turn


class SharedStart:
    """The epoch, and a start position in it, which each worker takes once."""

    def __init__(self) -> None:
        self._state = torch.zeros(_SLOTS + MOST_WORKERS, dtype=torch.int64).share_memory_()
        self._state[_SIZE] = 1

    def put(self, epoch: int, done: Done) -> None:
        """Set the epoch, and the position for the next iteration."""
        state = self._state
        state[_EPOCH], state[_BATCHES] = epoch, done.batches
        state[_SIZE], state[_DROP_LAST] = done.size, int(done.drop_last)
        state[_WORKERS] = 0
        state[_CALLS] += 1

    def take(self, worker: int, workers: int) -> tuple[int, Done]:
        """Return the epoch and the position. A worker that has taken the position before gets the start of the epoch.

        Args:
            worker: The worker's number.
            workers: Number of workers. The position holds for the number that takes it first; with another number the
                start of the epoch is returned.

        Raises:
            UsageError: More workers than `MOST_WORKERS`.
        """
        if workers > MOST_WORKERS:
            raise UsageError(f"expected {MOST_WORKERS} workers or fewer, got {workers}")
        state = self._state
        epoch, slot = int(state[_EPOCH]), _SLOTS + worker
        if state[slot] == state[_CALLS] or int(state[_WORKERS]) not in (0, workers):
            return epoch, Done()
        state[slot], state[_WORKERS] = state[_CALLS].clone(), workers
        return epoch, Done(int(state[_BATCHES]), int(state[_SIZE]), bool(state[_DROP_LAST]))
