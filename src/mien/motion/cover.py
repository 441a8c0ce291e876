"""See from the picture which parts of a face are covered.

A later frame that was warped back to the first one by the flow shows the same skin where the face is visible. Where a
hand covers it, flow finds nothing that looks alike. An expression changes wrinkles and lids, in small places; so a
vertex is covered only where hardly anything within a centimetre looks alike.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8

from mien.face import mesh

WINDOW_PX = 9
"""Side of the squares that are compared, pixels of the halved square: 1.5 canonical centimetres."""
NOISE_LEVELS = 3.0
"""Structure of less than this standard deviation, grey levels, is noise, and tells nothing."""
TONE_LEVELS = 50.0
"""A part that is this much brighter or darker, grey levels, looks less alike by a factor of 1 / e."""
AROUND_CM = 1.0
"""Sigma of the neighbourhood that a vertex is judged by."""
ALIKE = (0.55, 0.8)
"""Up to the first similarity a vertex is covered, from the second on it is visible; in between it counts less."""
EDGE_CM = 1.4
"""So near to a covered vertex flow is dragged along by what covers it, so that these vertices count as covered too."""


class CoverSight:
    """Compare later frames with the first one.

    Args:
        first: The first frame's square, halved.
        points: (468, 2) where the vertices lie in it, pixels.
    """

    def __init__(self, first: UInt8[np.ndarray, "h w"], points: Float[np.ndarray, "468 2"]) -> None:
        self._first = first.astype(np.float32)
        self._mean = _mean(self._first)
        self._variance = _mean(self._first**2) - self._mean**2
        self._points = points.astype(np.float32)[None]
        places = mesh.canonical_vertices().astype(np.float64)
        near = np.exp(-((places[:, None] - places) ** 2).sum(2) / (2 * AROUND_CM**2))
        self._beside = (((places[:, None] - places) ** 2).sum(2) < EDGE_CM**2).astype(np.float32)
        self._near = (near / near.sum(1, keepdims=True)).astype(np.float32)

    def visible(
        self, returned: UInt8[np.ndarray, "h w"]
    ) -> tuple[Float32[np.ndarray, " 468"], float]:
        """Return how visible each vertex is, 0 (covered) to 1, and how alike the most alike tenth of the face is, to 1.

        Half of a face may be covered; but no part of another person's face looks just alike.

        Args:
            returned: A later frame's square in the first one's light, warped back to the first one, halved.
        """
        alike = self._alike(returned)
        sampled = cv2.remap(
            alike, self._points, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )  # type: ignore[call-overload]
        around = self._near @ sampled[0]
        low, high = ALIKE
        seen: np.ndarray = np.clip((around - low) / (high - low), 0, 1).astype(np.float32)
        if not seen.all():
            seen[self._beside @ (seen == 0).astype(np.float32) > 0] = 0
        tenth = len(around) * 9 // 10
        return seen, float(np.partition(around, tenth)[tenth])

    def covered(self, returned: UInt8[np.ndarray, "h w"]) -> Float32[np.ndarray, "h w"]:
        """Return how covered each pixel is, 0 to 1, with soft edges. The argument is that of `visible`."""
        unlike = (_mean(self._alike(returned)) < ALIKE[1]).astype(np.float32)
        wide = cv2.dilate(unlike, np.ones((WINDOW_PX, WINDOW_PX), np.uint8))
        soft: np.ndarray = cv2.GaussianBlur(wide, (0, 0), WINDOW_PX / 4)
        return soft

    def _alike(self, returned: np.ndarray) -> np.ndarray:
        """Return how alike the surroundings of each pixel are, up to 1."""
        later = returned.astype(np.float32)
        mean = _mean(later)
        variance = _mean(later * later) - mean * mean
        together = _mean(self._first * later) - self._mean * mean
        noise = NOISE_LEVELS**2
        size = (np.maximum(self._variance, 0) + noise) * (np.maximum(variance, 0) + noise)
        alike: np.ndarray = (together + noise) / np.sqrt(size)
        alike *= np.exp(-(((mean - self._mean) / TONE_LEVELS) ** 2))
        return alike


def _mean(levels: np.ndarray) -> np.ndarray:
    return cv2.blur(levels, (WINDOW_PX, WINDOW_PX))
