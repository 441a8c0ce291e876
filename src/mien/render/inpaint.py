"""Soften a picture, and fill its unknown pixels from known ones nearby; both are fast at any size."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float32


def soften(picture: Float32[np.ndarray, "h w *c"], sigma_px: float) -> np.ndarray:
    """Blur with a Gaussian; a wide blur is done on a reduced picture, which is fast and makes no visible difference."""
    shrink = max(1, int(sigma_px / 3))
    height, width = picture.shape[:2]
    if shrink == 1:
        return cv2.GaussianBlur(picture, (0, 0), sigma_px)
    size = (max(1, width // shrink), max(1, height // shrink))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma_px / shrink), (width, height))


def fill_smoothly(
    picture: Float32[np.ndarray, "h w 3"], known: Bool[np.ndarray, "h w"]
) -> Float32[np.ndarray, "h w 3"]:
    """Give unknown pixels the average of the known pixels around them, over the smallest possible neighbourhood.

    Push-pull (Gortler et al., The Lumigraph, 1996): average over larger and larger squares, then take each pixel from
    the smallest square that has known pixels.

    Args:
        picture: Colours; unknown pixels are ignored.
        known: Which pixels are known; at least one must be True.
    """
    levels = [(np.where(known[..., None], picture, 0).astype(np.float32), known.astype(np.float32))]
    while min(levels[-1][1].shape) > 1 and not (levels[-1][1] > 0).all():
        colours, weight = levels[-1]
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        mass = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
        total = cv2.resize(colours * weight[..., None], size, interpolation=cv2.INTER_AREA)
        mean = (total / np.maximum(mass, 1e-9)[..., None]).astype(np.float32)
        levels.append((mean, np.minimum(4 * mass, 1).astype(np.float32)))
    colours, weight = levels.pop()
    if not weight.all():
        colours[weight == 0] = np.average(colours.reshape(-1, 3), axis=0, weights=weight.ravel())
    for finer, finer_weight in reversed(levels):
        size = (finer_weight.shape[1], finer_weight.shape[0])
        coarse = cv2.resize(colours, size, interpolation=cv2.INTER_LINEAR)
        share = finer_weight[..., None]
        colours = finer * share + coarse * (1 - share)
    return colours
