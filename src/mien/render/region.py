"""The part of a picture that may move: the face, and a margin in which the motion fades to zero.

Motion is full inside the face, decreases towards its sides, where hair and background begin, and is zero at the
region's edge. Below the chin the region includes some of the neck, since a dropping jaw moves the skin there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from mien.face import mesh
from mien.face.portrait import Face

PICTURE_EDGE_CM = (0.35, 0.75)
"""Distances from the picture's edge: nothing moves within the first, motion is full beyond the second. So a face that
the edge cuts off stays cut off, and a dark line along the edge stays in place."""
CHIN_MARGIN_CM = 3.2
"""How far the region reaches below the chin."""
CHIN_FROM_CM = 6.0
"""Canonical y (downwards) from which the margin widens, up to `CHIN_MARGIN_CM` at the chin."""
FADE_CM = 1.6
"""Distance inside the oval over which motion rises from its share at the edge to full."""


@dataclass(frozen=True)
class Reach:
    """How far motion goes at the face's sides.

    Attributes:
        edge_share: Share of its displacement that the face's oval keeps at the forehead, temples and cheeks.
        side_margin_cm: Distance beyond the oval over which motion fades to zero there.
    """

    edge_share: float = 0.0
    side_margin_cm: float = 0.5


EXPRESSION = Reach()
"""For expressions of any strength: hair and background beside the face stay."""
MEASURED = Reach(edge_share=1.0)
"""For measured micro-expressions: they are so small that the face's edge may keep its motion."""
HEAD = Reach(edge_share=1.0, side_margin_cm=3.5)
"""For motion with the head, which also moves hair and background near the face."""


def smoothstep(x: np.ndarray) -> np.ndarray:
    """Return 0 below 0, 1 above 1, and between them a cubic whose slope is 0 at both ends."""
    x = np.clip(x, 0, 1)
    eased: np.ndarray = x * x * (3 - 2 * x)
    return eased


def chin_share(y_cm: np.ndarray) -> np.ndarray:
    """Return how much a canonical height belongs to the chin: 0 at `CHIN_FROM_CM` and above, 1 at the chin's tip."""
    chin_y = mesh.canonical_vertices()[:, 1].max()
    return smoothstep((y_cm - CHIN_FROM_CM) / (chin_y - CHIN_FROM_CM))


def inside_share() -> Float64[np.ndarray, " 468"]:
    """Return how far inside the face each vertex lies: 0 on the oval, 1 at `FADE_CM` or more inside it."""
    return smoothstep(_oval_distance_cm().min(1) / FADE_CM)


def edge_fade(reach: Reach = EXPRESSION) -> Float64[np.ndarray, " 468"]:
    """Return the share of its displacement that each vertex keeps: 1 in the face and at the chin, less at the sides."""
    heights = mesh.canonical_vertices()[list(mesh.FACE_OVAL), 1].astype(np.float64)
    at_edge = chin_share(heights[_oval_distance_cm().argmin(1)])
    at_edge = reach.edge_share + (1 - reach.edge_share) * at_edge
    kept: np.ndarray = at_edge + (1 - at_edge) * inside_share()
    return kept


def _oval_distance_cm() -> Float64[np.ndarray, "468 36"]:
    canonical = mesh.canonical_vertices()[:, :2].astype(np.float64)
    distances: np.ndarray = np.linalg.norm(
        canonical[:, None] - canonical[None, list(mesh.FACE_OVAL)], axis=-1
    )
    return distances


def margins_px(face: Face, reach: Reach = EXPRESSION) -> Float64[np.ndarray, " 36"]:
    """Return how far the region reaches beyond each vertex of the face's oval, in pixels."""
    edge = mesh.canonical_vertices()[list(mesh.FACE_OVAL)].astype(np.float64)
    side = reach.side_margin_cm
    below = max(CHIN_MARGIN_CM, side)
    return face.pose.scale_px_per_cm * (side + (below - side) * chin_share(edge[:, 1]))


def picture_edge_share(
    nodes_px: np.ndarray, face: Face, height: int, width: int
) -> Float64[np.ndarray, " ..."]:
    """Return the share of its motion that a point (x, y) keeps, from its distance to the picture's edge."""
    x, y = nodes_px[..., 0], nodes_px[..., 1]
    distance = np.minimum.reduce([x + 0.5, y + 0.5, width - 0.5 - x, height - 0.5 - y])
    still, full = PICTURE_EDGE_CM
    return smoothstep((distance / face.pose.scale_px_per_cm - still) / (full - still))


def oval_px(face: Face) -> Float64[np.ndarray, "36 2"]:
    """Return the face's oval as a closed polygon in pixels."""
    return face.landmarks[list(mesh.FACE_OVAL), :2].astype(np.float64)
