"""Which faces come into a batch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int64

_PASS = 1
"""Makes the random numbers of a pass others than those of a batch."""


def rows_of_batch(
    rows: Int64[np.ndarray, " faces"], batch_size: int, seed: int, number: int
) -> Int64[np.ndarray, " batch"]:
    """Return the faces of a batch with order `passes`: a function of seed and number alone.

    A batch that reaches the end of a pass goes on with the next one.

    Args:
        rows: Indices of all faces.
        batch_size: Number of faces in a batch.
        seed: Seed of the run.
        number: Number of the batch, from 0.
    """
    places = np.arange(number * batch_size, (number + 1) * batch_size)
    passes = places // len(rows)
    parts = [
        np.random.default_rng([seed, int(each), _PASS]).permutation(rows)[
            places[passes == each] % len(rows)
        ]
        for each in np.unique(passes)
    ]
    return np.concatenate(parts)
