"""Where each pixel of the first picture goes, and which pixels the second picture hides.

The two directions of the exact motion are computed independently. A pixel that does not return to its position by the
backward motion is covered by something else.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32

RETURNS_PX = 0.5
"""A pixel that returns to a point farther than this from its position is hidden by something else."""


class WayThere(NamedTuple):
    """Where the content of the first picture goes in the second.

    Attributes:
        flow_px: (H, W, 2) displacement (x right, y down): what the first picture shows at p, the second shows at
            ``p + flow_px[p]``, unless something hides it there.
        hidden: (H, W) pixels of the first picture whose content the second does not show.
    """

    flow_px: Float32[np.ndarray, "height width 2"]
    hidden: Bool[np.ndarray, "height width"]


def way_there(
    carried: Float32[np.ndarray, "height width 2"],
    back_px: Float32[np.ndarray, "height width 2"],
    drawn: Float32[np.ndarray, "height width"],
) -> WayThere:
    """Find the pixels of the first picture that the second one hides.

    Args:
        carried: (H, W, 2) displacement (x, y) of each pixel's content, pixels, from the first picture to the second.
        back_px: (H, W, 2) displacement (x, y) of each pixel's content, pixels, from the second picture to the first.
        drawn: (H, W) share of each pixel of the second picture that the first does not show.
    """
    height, width = drawn.shape
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    x, y = columns + carried[..., 0], rows + carried[..., 1]
    there = cv2.remap(
        np.dstack([back_px, drawn]), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    missed = np.hypot(*np.moveaxis(carried + there[..., :2], -1, 0))
    outside = (x < -0.5) | (y < -0.5) | (x > width - 0.5) | (y > height - 0.5)
    return WayThere(carried, (missed > RETURNS_PX) | (there[..., 2] > 0.5) | outside)
