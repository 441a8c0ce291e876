"""Fill what a picture does not show from what it shows nearby."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float32


def fill_smoothly(
    picture: Float32[np.ndarray, "h w 3"], known: Bool[np.ndarray, "h w"], reach_px: float
) -> Float32[np.ndarray, "h w 3"]:
    """Give unknown pixels the average of the known ones around them, over neighbourhoods as small as will do.

    Args:
        picture: Colours, meaningful where known.
        known: At least one pixel is True.
        reach_px: Sigma of the first, smallest neighbourhood; it doubles until everything is filled.
    """
    result = np.where(known[..., None], picture, 0).astype(np.float32)
    weight = known.astype(np.float32)
    filled = known.copy()
    sigma = max(reach_px, 0.5)
    while not filled.all():
        mass = cv2.GaussianBlur(weight, (0, 0), sigma)
        take = ~filled & (mass > 0.02)
        if sigma > 4 * max(known.shape):
            take = ~filled
        total = cv2.GaussianBlur(
            np.where(known[..., None], picture, 0).astype(np.float32), (0, 0), sigma
        )
        result[take] = total[take] / np.maximum(mass[take], 1e-6)[:, None]
        filled |= take
        sigma *= 2
    return result
