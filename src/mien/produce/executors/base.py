"""The protocol of executors. They decide where and when a shard is made; its content depends only on set and number."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from mien.produce.worker import ShardOutcome

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""Variables that libraries read when they are loaded. One thread each: there is a worker for every core, and sums
that are divided among threads differ in their last bits."""


class Executor(Protocol):
    """Makes shards."""

    def outcomes(
        self, folder: Path, shards: Sequence[int], *, retry: bool = False
    ) -> Iterator[ShardOutcome]:
        """Make shards; yield each shard's outcome once, as soon as the shard ends, in any order.

        Args:
            folder: The set.
            shards: Their numbers.
            retry: Make failed samples of finished shards again.
        """
        ...


def use_one_thread() -> None:
    """Make processes that are started from now on compute with one thread each."""
    for name in ONE_THREAD:
        os.environ[name] = "1"
