"""Structural similarity (SSIM) of two pictures.

Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment: From Error Visibility to Structural Similarity", IEEE
TIP 2004. As by default in scikit-image, all pixels of a window of 7 x 7 have the same weight, and variances are
unbiased. The value is the mean over the three colours.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from mien.errors import UsageError
from mien.metrics.pixels import check_sizes
from mien.types import Image, Mask

WINDOW_PX = 7
_C1 = (0.01 * 255) ** 2
_C2 = (0.03 * 255) ** 2


def ssim(a: Image, b: Image, mask: Mask | None = None) -> float:
    """Return the structural similarity of two pictures: 1 for equal ones.

    Args:
        a: (H, W, 3 or 4) uint8, H and W of at least `WINDOW_PX`; alpha is ignored.
        b: The same size.
        mask: (H, W) bool, True where the similarity counts; everywhere by default. Pixels whose window does not lie
            wholly in the picture never count.

    Raises:
        UsageError: The pictures or the mask differ in size, the pictures are too small, or no pixel counts.
    """
    check_sizes(a, b, mask)
    height, width = a.shape[:2]
    if min(height, width) < WINDOW_PX:
        raise UsageError(f"expected pictures of at least {WINDOW_PX} px, got {width}x{height}")
    edge = WINDOW_PX // 2
    values = ssim_map(a, b)[edge : height - edge, edge : width - edge]
    if mask is None:
        return float(values.mean())
    counts = mask[edge : height - edge, edge : width - edge]
    if not counts.any():
        raise UsageError("expected a mask that leaves something to compare, got one at the edge")
    return float(values[counts].mean())


def ssim_map(a: Image, b: Image) -> Float64[np.ndarray, "h w"]:
    """Return (H, W) the similarity around each pixel, averaged over the colours; windows are mirrored at the edge."""
    from scipy.ndimage import uniform_filter

    x, y = (each[..., :3].astype(np.float64) for each in (a, b))
    size = (WINDOW_PX, WINDOW_PX, 1)
    samples = WINDOW_PX**2
    unbiased = samples / (samples - 1)
    mean_x, mean_y = uniform_filter(x, size), uniform_filter(y, size)
    variance_x = unbiased * (uniform_filter(x * x, size) - mean_x**2)
    variance_y = unbiased * (uniform_filter(y * y, size) - mean_y**2)
    covariance = unbiased * (uniform_filter(x * y, size) - mean_x * mean_y)
    above = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    below = (mean_x**2 + mean_y**2 + _C1) * (variance_x + variance_y + _C2)
    similarity: np.ndarray = (above / below).mean(-1)
    return similarity
