"""Augmentation: other light on the pictures of a batch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32


def other_light(
    pixels: Float32[np.ndarray, "2 batch size size 3"], rng: np.random.Generator
) -> Float32[np.ndarray, "2 batch size size 3"]:
    """Change light, contrast and colour balance of each pair, equally in both of its pictures.

    Args:
        pixels: (2, B, S, S, 3) RGB in [-1, 1].
        rng: Source of the random changes.
    """
    shape = (1, pixels.shape[1], 1, 1)
    gain = rng.uniform(0.8, 1.2, (*shape, 1)) * rng.uniform(0.94, 1.06, (*shape, 3))
    shift = rng.uniform(-0.15, 0.15, (*shape, 1))
    lit: Float32[np.ndarray, "2 batch size size 3"] = pixels * gain.astype(np.float32)
    lit = lit + shift.astype(np.float32)
    return lit.clip(-1, 1)
