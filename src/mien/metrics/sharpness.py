"""Sharpness of the face in a result, relative to the portrait's."""

from __future__ import annotations

import cv2
import numpy as np

from mien.errors import UsageError
from mien.types import Image, Mask


def laplacian_variance(image: Image, mask: Mask) -> float:
    """Return the variance of a picture's Laplacian inside a mask, in squared grey levels.

    Args:
        image: (H, W, 3 or 4) uint8 RGB(A).
        mask: (H, W) bool, True where the variance is computed, such as `mien.metrics.reenact.face_hull`.

    Raises:
        UsageError: The mask is empty, or of another size.
    """
    if mask.shape != image.shape[:2] or not mask.any():
        raise UsageError(
            f"expected a mask of {image.shape[:2]} that is not empty, got {mask.shape} with "
            f"{int(mask.sum())} pixels"
        )
    grey = cv2.cvtColor(np.ascontiguousarray(image[..., :3]), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F, ksize=3)[mask].var())


def sharpness_ratio(portrait: Image, made: Image, mask: Mask) -> float:
    """Return a result's Laplacian variance divided by its portrait's: 1 is as sharp, less is blurred.

    Args:
        portrait: (H, W, 3 or 4) uint8.
        made: The result, of the same shape.
        mask: (H, W) bool, True where sharpness is measured.

    Raises:
        UsageError: The portrait has no detail inside the mask, or the mask is empty or of another size.
    """
    own = laplacian_variance(portrait, mask)
    if own == 0:
        raise UsageError("expected a portrait with some detail, got one of a single colour")
    return laplacian_variance(made, mask) / own
