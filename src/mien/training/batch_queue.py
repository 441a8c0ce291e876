"""Batches made ahead of time in threads, which changes nothing about what is in them."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor

from mien.training.batches import Batch, make_batch
from mien.training.face_set import FaceSet
from mien.training.recipe import UlmeGanRecipe


def training_batches(
    recipe: UlmeGanRecipe,
    faces: FaceSet,
    *,
    first: int,
    last: int,
    rank: int = 0,
    devices: int = 1,
    threads: int = 1,
) -> Generator[Batch]:
    """Yield the batches of a run's steps, each a function of the recipe's seed and its number.

    Args:
        recipe: The run's.
        faces: The training faces.
        first: The step to begin with.
        last: The step to end before.
        rank: Of this device.
        devices: How many there are; each has batches of its own.
        threads: How many batches are made at a time.
    """

    def make(step: int) -> Batch:
        return make_batch(
            faces,
            recipe.generator.aus,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            step=step * devices + rank,
            jitter=recipe.jitter,
            augment=recipe.augment,
        )

    ready: deque[Future[Batch]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="batches")
    try:
        for step in range(first, last + 2 * threads):
            if step < last:
                ready.append(pool.submit(make, step))
            if step >= first + 2 * threads and ready:
                yield ready.popleft().result()
        while ready:
            yield ready.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
