"""Measure a perceptual distance without a network: gradient magnitude similarity deviation (GMSD).

Xue, Zhang, Mou and Bovik, "Gradient Magnitude Similarity Deviation: A Highly Efficient Perceptual Image Quality Index",
IEEE TIP 2014. People see edges, and judge a picture as bad if *some* of its edges are bad. So the measure compares the
gradients of the two pictures pixel by pixel, and returns how much this similarity varies over the picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float64

from mien.errors import UsageError
from mien.types import Image, Mask

STABILITY = 170.0
"""The paper's constant c for grey levels 0 to 255: gradients far below its square root hardly count."""
_PREWITT = np.array([[1, 0, -1]] * 3, np.float64) / 3


def gmsd(a: Image, b: Image, mask: Mask | None = None) -> float:
    """Return the gradient magnitude similarity deviation of two pictures: 0 for equal pictures, 0.5 at most.

    Args:
        a: A picture (H, W, 3 or 4).
        b: Another picture of the same size.
        mask: The pixels to compare (H, W); all of them by default.

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
    """Return the gradient magnitude at half the picture's size, as in the paper: 2 x 2 means, then Prewitt's filter."""
    grey = cv2.cvtColor(np.ascontiguousarray(image[..., :3]), cv2.COLOR_RGB2GRAY).astype(np.float64)
    half = cv2.blur(grey, (2, 2), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)[::2, ::2]
    half = np.ascontiguousarray(half)
    across, down = (
        cv2.filter2D(half, -1, kernel, borderType=cv2.BORDER_REPLICATE)
        for kernel in (_PREWITT, _PREWITT.T)
    )
    return np.hypot(across, down)
