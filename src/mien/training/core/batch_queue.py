"""Prepare batches ahead of time in threads, which does not change their content."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")


def training_batches(
    draw: Callable[[int], Batch], *, first: int, last: int, threads: int = 1
) -> Generator[Batch]:
    """Yield the batches of a run's steps.

    Args:
        draw: Makes the batch of a step; depends on the step alone.
        first: First step.
        last: Step after the last one.
        threads: Number of batches made at the same time.
    """
    ready: deque[Future[Batch]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="batches")
    try:
        for step in range(first, last + 2 * threads):
            if step < last:
                ready.append(pool.submit(draw, step))
            if step >= first + 2 * threads and ready:
                yield ready.popleft().result()
        while ready:
            yield ready.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
