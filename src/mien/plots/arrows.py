"""Motion arrows on a face."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from mien.face import mesh
from mien.face.portrait import Face
from mien.plots.face_view import FaceBox, in_picture_px
from mien.types import RGBImage, Vertices2

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SPACING_CM = 0.95
"""Arrows are no nearer to each other than this."""
LONGEST_CM = 2.6
"""The longest arrow's length on the face, after magnification."""
NOT_WORTH = 0.16
"""Arrows below this share of the longest are left out."""
WIDTH_CM = 0.19
MAGNIFICATIONS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 80, 100)


def magnification(displacement_cm: Vertices2) -> int:
    """The round factor that makes the longest of the arrows nearly `LONGEST_CM`."""
    longest = float(np.linalg.norm(displacement_cm[list(spread_vertices())], axis=1).max())
    fitting = [factor for factor in MAGNIFICATIONS if factor * longest <= LONGEST_CM]
    return fitting[-1] if fitting else 1


def draw_arrows(
    axes: Axes,
    face: Face,
    box: FaceBox,
    displacement_cm: Vertices2,
    seen: np.ndarray,
    factor: int,
    limit_cm: float | None = None,
) -> None:
    """Draw where the skin went, magnified, over a picture that is there already.

    Args:
        axes: With the picture of the part.
        face: The clip's first face.
        box: The part.
        displacement_cm: (468, 2) canonical centimetres.
        seen: (468,) which vertices were followed.
        factor: How many times too long the arrows are.
        limit_cm: The displacement of the brightest colour; that of the longest arrow if not given.
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
        # A light rim: arrows must show on beards and on foreheads.
        edgecolors="white",
        linewidths=0.5,
        zorder=3,
    )


def faded(image: RGBImage) -> RGBImage:
    """A picture as a pale grey ground for arrows."""
    grey = image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    pale = 70 + 0.62 * grey
    return np.repeat(np.clip(pale, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@lru_cache(maxsize=1)
def spread_vertices() -> tuple[int, ...]:
    """Vertices spread evenly over the face, each the farthest from all before."""
    vertices = mesh.canonical_vertices()[:, :2].astype(np.float64)
    chosen = [4]  # the nose's tip
    distance = np.linalg.norm(vertices - vertices[4], axis=1)
    while distance.max() > SPACING_CM:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(vertices - vertices[chosen[-1]], axis=1))
    return tuple(chosen)
