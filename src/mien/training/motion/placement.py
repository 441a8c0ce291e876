"""Place the views of a pair in the picture, and compute the true motion between them.

Everything is in normalised coordinates: the picture spans -1 to 1, as in `mien.models.warping`.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Shaped

from mien.face.prior_points import in_pixels

_INVERSION_STEPS = 12


class Placement(NamedTuple):
    """The place of a view of a face in the picture: rotated, scaled and shifted.

    A point p of the view goes to ``linear @ p + shift``. Coordinates are normalised, -1 to 1.

    Attributes:
        linear: (2, 2) rotation times scale.
        shift: (2,) shift along x and y.
    """

    linear: Float[np.ndarray, "2 2"]
    shift: Float[np.ndarray, " 2"]

    def points(self, own: Float[np.ndarray, "*points 2"]) -> Float[np.ndarray, "*points 2"]:
        """Return where (..., 2) points of the view are in the picture."""
        placed: Float[np.ndarray, "*points 2"] = own @ self.linear.T + self.shift
        return placed

    def back(self, placed: Float[np.ndarray, "*points 2"]) -> Float[np.ndarray, "*points 2"]:
        """Return which points of the view are at (..., 2) points of the picture; the inverse of `points`."""
        own: Float[np.ndarray, "*points 2"] = (placed - self.shift) @ np.linalg.inv(self.linear).T
        return own

    def picture(
        self, image: Shaped[np.ndarray, "size size channels"]
    ) -> Shaped[np.ndarray, "size size channels"]:
        """Put a square picture of the view, (S, S, C), in its place; border pixels are repeated outwards."""
        size = image.shape[0]
        # Pixel i is at (2 i + 1) / size - 1.
        offset = self.linear @ np.full(2, 1 - size) + size * self.shift + size - 1
        matrix = np.column_stack([self.linear, offset / 2])
        return cv2.warpAffine(
            image, matrix, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )


def random_placements(rng: np.random.Generator, size: float) -> tuple[Placement, Placement]:
    """Draw where the source and the driving view are placed.

    The two are close to each other, as the frames of a stabilised head are.

    Args:
        rng: Source of the random placements.
        size: Size of the random turn, scaling and shift: 0 leaves the views where they are; for 1
            see `MotionAugmentation.placement`.
    """
    if not size:
        still = Placement(np.eye(2), np.zeros(2))
        return still, still
    source = random_placement(rng, size)
    little = _similarity(rng, turn=0.006 * size, scale=0.004 * size, shift=0.006 * size)
    driving = Placement(little.linear @ source.linear, little.points(source.shift))
    return source, driving


def random_placement(rng: np.random.Generator, size: float) -> Placement:
    """Draw where a view is placed; ``size`` as for `random_placements`."""
    if not size:
        return Placement(np.eye(2), np.zeros(2))
    return _similarity(rng, turn=0.06 * size, scale=0.05 * size, shift=0.06 * size)


def backward_motion(
    to_source: Float[np.ndarray, "cells cells 2"],
    to_driving: Float[np.ndarray, "cells cells 2"],
    source: Placement,
    driving: Placement,
) -> Float[np.ndarray, "cells cells 2"]:
    """Return the true backward motion from the driving picture to the source.

    Args:
        to_source: (G, G, 2) displacement of view 0's cells to the source's view.
        to_driving: (G, G, 2) displacement of view 0's cells to the driving view.
        source: Where the source's view is placed.
        driving: Where the driving view is placed.

    Returns:
        (G, G, 2): the content of the driving picture at cell z is at z plus this displacement in the source.
    """
    cells = to_source.shape[0]
    centres = (2 * np.arange(cells, dtype=np.float32) + 1) / cells - 1
    grid = np.stack(np.meshgrid(centres, centres), -1)
    moved = driving.back(grid).astype(np.float32)
    at_rest = moved
    for _ in range(_INVERSION_STEPS):
        at_rest = moved - _sampled(to_driving, at_rest)
    there = source.points(at_rest + _sampled(to_source, at_rest))
    displacement: Float[np.ndarray, "cells cells 2"] = there - grid
    return displacement


def _similarity(rng: np.random.Generator, turn: float, scale: float, shift: float) -> Placement:
    angle, size = rng.normal(0, turn), np.exp(rng.normal(0, scale))
    cosine, sine = size * np.cos(angle), size * np.sin(angle)
    return Placement(np.array([[cosine, -sine], [sine, cosine]]), rng.normal(0, shift, 2))


def _sampled(
    field: Float[np.ndarray, "cells cells 2"], places: Float[np.ndarray, "height width 2"]
) -> Float[np.ndarray, "height width 2"]:
    """Sample a field at normalised places; it is zero outside the picture."""
    x, y = np.moveaxis(in_pixels(places, field.shape[0]).astype(np.float32), -1, 0)
    return cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
