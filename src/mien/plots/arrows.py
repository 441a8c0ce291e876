"""Draw motion as arrows on a face."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from mien.face import mesh
from mien.face.portrait import Face
from mien.plots.face_view import FaceBox, in_picture_px
from mien.types import RGBImage

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SPACING_CM = 0.95
"""Least distance between arrows."""
LONGEST_CM = 2.6
"""Upper limit of an arrow's length on the face, after magnification."""
NOT_WORTH = 0.16
"""Arrows shorter than this share of the longest are left out."""
WIDTH_CM = 0.19
"""Width of an arrow's shaft on the face."""
MAGNIFICATIONS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 80, 100)
"""The factors to choose from."""


def magnification(displacement_cm: Float[np.ndarray, "468 2"]) -> int:
    """Return the largest factor that keeps all arrows within `LONGEST_CM`."""
    longest = float(np.linalg.norm(displacement_cm[list(spread_vertices())], axis=1).max())
    fitting = [factor for factor in MAGNIFICATIONS if factor * longest <= LONGEST_CM]
    return fitting[-1] if fitting else 1


def draw_arrows(
    axes: Axes,
    face: Face,
    box: FaceBox,
    displacement_cm: Float[np.ndarray, "468 2"],
    seen: Bool[np.ndarray, " 468"],
    factor: int,
    limit_cm: float | None = None,
) -> None:
    """Draw the motion of the skin, magnified, over a picture that is already drawn.

    Args:
        axes: Axes with the picture of the part.
        face: The face of the clip's first frame.
        box: The part of the picture that is drawn.
        displacement_cm: (468, 2) canonical centimetres.
        seen: (468,) bool, which vertices were followed.
        factor: Magnification of the arrows.
        limit_cm: The displacement, before magnification, that scales the colours and the shortest
            arrow drawn; the longest arrow's by default.
    """
    chosen = [vertex for vertex in spread_vertices() if seen[vertex]]
    size = np.linalg.norm(displacement_cm[chosen], axis=1)
    longest = limit_cm or float(size.max(initial=0))
    worth = size > NOT_WORTH * longest
    if longest <= 0 or not worth.any():
        return
    vertices = np.array(chosen)[worth]
    start = box.inside(face.landmarks[vertices, :2])
    along = factor * in_picture_px(face, displacement_cm)[vertices]
    order = np.argsort(size[worth])
    unit = face.pose.scale_px_per_cm
    axes.quiver(
        *start[order].T,
        *along[order].T,
        size[worth][order] / longest,
        angles="xy",
        scale_units="xy",
        scale=1,
        units="xy",
        width=WIDTH_CM * unit,
        headwidth=3.4,
        headlength=3.4,
        headaxislength=3.1,
        minshaft=1.5,
        minlength=0,
        cmap="plasma",
        clim=(0.0, 1.2),
        # A light outline, so that arrows are visible on beards and on foreheads.
        edgecolors="white",
        linewidths=0.5,
        zorder=3,
    )


def faded(image: RGBImage) -> RGBImage:
    """Return a picture as a pale grey background for arrows."""
    grey = image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    pale = 70 + 0.62 * grey
    return np.repeat(np.clip(pale, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@lru_cache(maxsize=1)
def spread_vertices() -> tuple[int, ...]:
    """Return vertices spread evenly over the face; each is the farthest from all before it."""
    vertices = mesh.canonical_vertices()[:, :2].astype(np.float64)
    chosen = [4]  # the nose's tip
    distance = np.linalg.norm(vertices - vertices[4], axis=1)
    while distance.max() > SPACING_CM:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(vertices - vertices[chosen[-1]], axis=1))
    return tuple(chosen)
