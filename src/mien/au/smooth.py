"""Smooth values in time by OpenCV, because the import of SciPy's filters takes half a second."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, Float64

REACH_SIGMAS = 4.0
"""The kernel is cut off at this many standard deviations from its middle."""


def smoothed(
    values: Float[np.ndarray, " frames *rest"], sigma_frames: float
) -> Float64[np.ndarray, " frames *rest"]:
    """Return values smoothed by a Gaussian along the first axis; both ends are padded with their own value.

    Args:
        values: One value, or an array, for each frame.
        sigma_frames: Standard deviation of the Gaussian; 0 changes nothing.
    """
    table = np.ascontiguousarray(values, np.float64).reshape(len(values), -1)
    reach = int(REACH_SIGMAS * sigma_frames + 0.5)
    if reach == 0 or table.size == 0:
        return table.reshape(np.shape(values)).copy()
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_frames) ** 2)
    kernel /= kernel.sum()
    one = np.ones(1)
    smooth = cv2.sepFilter2D(table, cv2.CV_64F, one, kernel, borderType=cv2.BORDER_REPLICATE)
    return smooth.reshape(np.shape(values))


def smoothed_part(
    values: Float[np.ndarray, " frames *rest"], sigma_frames: float, part: slice
) -> Float64[np.ndarray, " part *rest"]:
    """Return some frames of the result of `smoothed`, bit for bit, without computing the others.

    Args:
        values: One value, or an array, for each frame of the clip.
        sigma_frames: Standard deviation of the Gaussian.
        part: Which frames, with start and stop.
    """
    reach = int(REACH_SIGMAS * sigma_frames + 0.5)
    first = max(part.start - reach, 0)
    around = smoothed(values[first : part.stop + reach], sigma_frames)
    return around[part.start - first : part.stop - first]
