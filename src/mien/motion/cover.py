"""Find which parts of a face are covered.

A later frame that the flow has warped back to the first one shows the same skin where the face is visible. Where a hand
covers the face, flow finds nothing similar. An expression changes small places only, such as wrinkles and lids. So a
vertex counts as covered only if hardly anything within about a centimetre is similar.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8

from mien.face import mesh

WINDOW_PX = 9
"""Side of the windows that are compared, pixels of the halved square: 1.5 canonical centimetres."""
NOISE_LEVELS = 3.0
"""A window whose standard deviation is below this, in grey levels, shows only noise."""
TONE_LEVELS = 50.0
"""If a window is this much brighter or darker, in grey levels, its similarity is multiplied by 1 / e."""
AROUND_CM = 1.0
"""Sigma of the neighbourhood whose similarity decides about a vertex."""
ALIKE = (0.55, 0.8)
"""A vertex is covered up to the first similarity and visible from the second on; in between it is partly visible."""
EDGE_CM = 1.4
"""Vertices within this distance of a covered one count as covered too, because the covering object drags flow along."""


class CoverSight:
    """Compare later frames with the first one.

    Args:
        first: The first frame's square at half its size, grey levels.
        points: (468, 2) places of the vertices in it, pixels.
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
        """Return how visible each vertex is, and how similar the most similar part of the face is.

        The second value tells a covered face from another person's: half of a face may be covered, but no part of
        another person's face looks quite the same.

        Args:
            returned: A later frame's square in the first one's light, warped back to the first one, at half its size.

        Returns:
            (468,) from 0 (covered) to 1 (visible), and the similarity that the most similar tenth of the vertices
            reaches, up to 1.
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
        """Return how far each pixel is covered, 0 to 1, with soft edges; for the argument see `visible`."""
        unlike = (_mean(self._alike(returned)) < ALIKE[1]).astype(np.float32)
        wide = cv2.dilate(unlike, np.ones((WINDOW_PX, WINDOW_PX), np.uint8))
        soft: np.ndarray = cv2.GaussianBlur(wide, (0, 0), WINDOW_PX / 4)
        return soft

    def _alike(self, returned: np.ndarray) -> np.ndarray:
        """Return how similar the surroundings of each pixel are, up to 1."""
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
