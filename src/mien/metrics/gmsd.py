"""A perceptual distance that needs no network: gradient magnitude similarity deviation.

Xue, Zhang, Mou and Bovik, "Gradient Magnitude Similarity Deviation: A Highly Efficient Perceptual
Image Quality Index", IEEE TIP 2014. People notice damaged edges, even if only some are damaged. Therefore the
similarity of gradients is computed for each pixel, and its standard deviation is the distance.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float64

from mien.errors import UsageError
from mien.types import Image, Mask

STABILITY = 170.0
"""The paper's constant c for grey levels 0 to 255; gradients well below its root hardly count."""
_PREWITT = np.array([[1, 0, -1]] * 3, np.float64) / 3


def gmsd(a: Image, b: Image, mask: Mask | None = None) -> float:
    """Return the gradient magnitude similarity deviation of two pictures.

    0 for equal pictures; about 0.35 at most.

    Args:
        a: A picture (H, W, 3 or 4) uint8.
        b: Another picture of the same shape.
        mask: (H, W) bool, True where the distance counts; everywhere by default.

    Raises:
        UsageError: The pictures or the mask differ in size, or the mask is empty.
    """
    if a.shape != b.shape or (mask is not None and mask.shape != a.shape[:2]):
        sizes = " and ".join(str(each.shape) for each in (a, b, mask) if each is not None)
        raise UsageError(f"expected pictures, and a mask, of one size, got {sizes}")
    first, second = _gradient(a), _gradient(b)
    likeness = (2 * first * second + STABILITY) / (first**2 + second**2 + STABILITY)
    height, width = likeness.shape
    counts = np.ones_like(likeness, bool) if mask is None else mask[::2, ::2][:height, :width]
    if not counts.any():
        raise UsageError("expected a mask that leaves something to compare, got an empty one")
    return float(likeness[counts].std())


def _gradient(image: Image) -> Float64[np.ndarray, "h w"]:
    """Return the gradient magnitude at half the size, as in the paper: 2 x 2 means, Prewitt's filter."""
    grey = cv2.cvtColor(np.ascontiguousarray(image[..., :3]), cv2.COLOR_RGB2GRAY).astype(np.float64)
    half = cv2.blur(grey, (2, 2), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)[::2, ::2]
    half = np.ascontiguousarray(half)
    across, down = (
        cv2.filter2D(half, -1, kernel, borderType=cv2.BORDER_REPLICATE)
        for kernel in (_PREWITT, _PREWITT.T)
    )
    return np.hypot(across, down)
