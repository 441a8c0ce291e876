"""Choose the faces of each batch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int64

_PASS = 1
"""Added to the seed of a pass, so that its random numbers differ from those of a batch."""


def rows_of_batch(
    rows: Int64[np.ndarray, " faces"], batch_size: int, seed: int, number: int
) -> Int64[np.ndarray, " batch"]:
    """Return the faces of a batch with order `passes`; deterministic per seed and number.

    A batch that reaches the end of a pass continues with the next pass.

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
