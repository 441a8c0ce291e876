"""Prior points: the points of a face whose movement a facial-prior model gets as input.

There are two choices: the 18 published points (`paper_points`), or any number of mesh vertices spread evenly
over the face (`spread_vertices`). The second exists because 18 points carry too little of a micro-expression's
motion field. Both are computed from the mesh's points. If optical flow moves the mesh's points, the prior points
therefore have subpixel precision.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int

from mien.errors import UsageError
from mien.face import mesh
from mien.face.landmarks68 import MIRRORED_LANDMARK, landmark

PAPER_LANDMARKS = (19, 24, 27, 38, 41, 43, 46, 48, 54, 55, 57, 59)
"""The published points that are landmarks themselves, in order."""

PAPER_SHIFTS: tuple[tuple[int, tuple[float, float]], ...] = (
    (31, (-0.5, 0.0)),
    (35, (0.5, 0.0)),
    (41, (0.0, 0.5)),
    (46, (0.0, 0.5)),
    (48, (-0.5, 0.0)),
    (54, (0.5, 0.0)),
)
"""The published points that are shifted landmarks, which follow in this order: a landmark, and its shift (x, y) in
distances between the inner eye corners."""

PAPER_POINT_COUNT = len(PAPER_LANDMARKS) + len(PAPER_SHIFTS)
"""Number of the published points: 18."""


def paper_points(
    mesh_points: Float[np.ndarray, "*leading vertices axes"],
) -> Float[np.ndarray, "*leading 18 2"]:
    """Return the 18 published points.

    The first twelve are `PAPER_LANDMARKS`. The last six are the landmarks 31 35 41 46 48 54, each shifted by d / 2,
    where d is the distance between the inner eye corners: 31 and 48 to the image's left, 35 and 54 to its right, 41 and
    46 down.

    Args:
        mesh_points: (..., V, D) points of the mesh, V at least 468; x to the image right, y down, in the same
            unit. Further axes are ignored.

    Returns:
        (..., 18, 2) in the unit of the input. d is x42 - x39, as published, so the head should be upright
        in the picture.
    """
    flat = mesh_points[..., :2]
    eyes = (landmark(flat, 42) - landmark(flat, 39))[..., :1]
    still = [landmark(flat, index) for index in PAPER_LANDMARKS]
    moved = [
        landmark(flat, index) + eyes * np.array(shift, flat.dtype) for index, shift in PAPER_SHIFTS
    ]
    return np.stack(still + moved, axis=-2)


@lru_cache(maxsize=16)
def spread_vertices(count: int) -> tuple[int, ...]:
    """Return vertices spread evenly over the face, from coarse to fine.

    This is farthest-point sampling on the canonical face. The first vertex is the tip of the nose. Each
    next vertex is the one that lies farthest from all before it, and its twin on the other side is added
    too. So the choice is symmetric and deterministic.

    Args:
        count: Number of vertices, 1 to 468.

    Raises:
        UsageError: The count is below 1 or above 468.
    """
    if not 1 <= count <= mesh.VERTEX_COUNT:
        raise UsageError(f"expected 1 to {mesh.VERTEX_COUNT} prior points, got {count}")
    vertices = mesh.canonical_vertices().astype(np.float64)
    twin = mesh.mirror_index()
    on_midline = twin == np.arange(mesh.VERTEX_COUNT)
    chosen: list[int] = []
    distance_cm = np.full(mesh.VERTEX_COUNT, np.inf)

    def choose(vertex: int) -> None:
        for each in dict.fromkeys((vertex, int(twin[vertex]))):
            chosen.append(each)
            np.minimum(
                distance_cm, np.linalg.norm(vertices - vertices[each], axis=1), out=distance_cm
            )

    choose(_NOSE_TIP)
    while len(chosen) < count:
        # Round, so that the last digit, which differs between machines, does not decide a tie.
        left = distance_cm.round(6)
        if count - len(chosen) == 1:
            left = np.where(on_midline, left, 0)
            if not left.any():
                # No vertex on the midline is left: a pair replaces the last chosen one.
                chosen.remove(next(v for v in reversed(chosen) if on_midline[v]))
                left = np.where(on_midline, 0, distance_cm.round(6))
        choose(int(left.argmax()))
    return tuple(chosen)


def prior_points(
    mesh_points: Float[np.ndarray, "*leading vertices axes"], count: int | None = None
) -> Float[np.ndarray, "*leading points 2"]:
    """Return the published points, or ``count`` vertices spread evenly over the face.

    Args:
        mesh_points: As for `paper_points`.
        count: Number of vertices; None for the 18 published points.

    Returns:
        (..., K, 2) in the unit of the input.

    Raises:
        UsageError: The mesh does not have this many vertices.
    """
    if count is None:
        return paper_points(mesh_points)
    return mesh_points[..., list(spread_vertices(count)), :2]


def normalised(
    points_px: Float[np.ndarray, "*leading 2"], image_px: int
) -> Float[np.ndarray, "*leading 2"]:
    """Convert pixels of a square picture to the networks' coordinates.

    Args:
        points_px: (..., 2) x, y; the centre of the top-left pixel is (0, 0).
        image_px: The picture's side.

    Returns:
        (..., 2) in [-1, 1] from edge to edge of the picture: the centre of its first pixel is at
        ``1 / image_px - 1``.
    """
    return (2 * points_px + 1) / image_px - 1


def in_pixels(
    points: Float[np.ndarray, "*leading 2"], image_px: int
) -> Float[np.ndarray, "*leading 2"]:
    """Convert the networks' coordinates to pixels: the inverse of `normalised`."""
    return ((points + 1) * image_px - 1) / 2


def paper_mirror() -> Int[np.ndarray, " 18"]:
    """Return, for each of the 18 points, the index of its twin on the other side of the face."""
    still = [PAPER_LANDMARKS.index(MIRRORED_LANDMARK[index]) for index in PAPER_LANDMARKS]
    moved = [index for index, _ in PAPER_SHIFTS]
    twins = [len(still) + moved.index(MIRRORED_LANDMARK[index]) for index in moved]
    return np.array(still + twins)


def spread_mirror(count: int) -> Int[np.ndarray, " points"]:
    """Return, for each of the spread vertices, the index of its twin among them."""
    chosen = spread_vertices(count)
    twin = mesh.mirror_index()
    return np.array([chosen.index(int(twin[vertex])) for vertex in chosen])


_NOSE_TIP = 4
