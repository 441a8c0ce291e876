"""Augmentation: other light on the pictures of a batch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.training.faces.augmentation import Augmentation


def other_light(
    pixels: Float32[np.ndarray, "2 batch size size 3"],
    augmentation: Augmentation,
    rng: np.random.Generator,
) -> Float32[np.ndarray, "2 batch size size 3"]:
    """Change light, contrast and colour balance of each pair, equally in both of its pictures.

    Args:
        pixels: (2, B, S, S, 3) RGB in [-1, 1].
        augmentation: Largest changes: its gain, tint and shift.
        rng: Source of the random changes.
    """
    shape = (1, pixels.shape[1], 1, 1)
    gain = rng.uniform(1 - augmentation.gain, 1 + augmentation.gain, (*shape, 1))
    gain = gain * rng.uniform(1 - augmentation.tint, 1 + augmentation.tint, (*shape, 3))
    shift = rng.uniform(-augmentation.shift, augmentation.shift, (*shape, 1))
    lit: Float32[np.ndarray, "2 batch size size 3"] = pixels * gain.astype(np.float32)
    lit = lit + shift.astype(np.float32)
    return lit.clip(-1, 1)
