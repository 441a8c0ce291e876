"""End-point error: how far estimated optical flow is from the true one."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Float64


def end_point_errors(
    estimated_px: Float[np.ndarray, "height width 2"],
    true_px: Float[np.ndarray, "height width 2"],
    where: Bool[np.ndarray, "height width"],
) -> Float64[np.ndarray, " pixels"]:
    """Return the distance in pixels between the end points of two flows (Baker et al. 2011, section 4.1).

    Args:
        estimated_px: (H, W, 2) displacement (x, y), pixels.
        true_px: (H, W, 2) the true displacement.
        where: (H, W) the pixels to compare. Leave out pixels that the second picture hides: their flow cannot be seen.

    Returns:
        (N,) one error for each pixel of ``where``, row by row.
    """
    missed = estimated_px[where].astype(np.float64) - true_px[where]
    errors: np.ndarray = np.hypot(missed[:, 0], missed[:, 1])
    return errors
