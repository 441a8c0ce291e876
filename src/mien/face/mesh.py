"""The face mesh: MediaPipe's canonical face model and the names of its vertices.

The 468 vertices carry every motion in Mien. They are numbered as the landmark net numbers its
points, so vertex 4 is the nose's tip in the canonical model and in every portrait; points 468-477
are the irises and exist only in portraits.

Left and right are the subject's own, so LEFT lies at the image's right. All curves run from the
image's left to its right, with their end points included.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Int

from mien.types import Vertices3

VERTEX_COUNT = 468
"""Number of vertices of the mesh; a portrait has ten more points, for the irises."""

# fmt: off
FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)
"""The face's edge as a closed polygon, clockwise in the image from the middle of the forehead."""

LIPS_OUTER_UPPER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
LIPS_OUTER_LOWER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
LIPS_INNER_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LIPS_INNER_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
"""The lips' borders, left to right in the image; the i-th upper vertex belongs to the i-th lower vertex."""

RIGHT_EYE_UPPER = (33, 246, 161, 160, 159, 158, 157, 173, 133)
RIGHT_EYE_LOWER = (33, 7, 163, 144, 145, 153, 154, 155, 133)
LEFT_EYE_UPPER = (362, 398, 384, 385, 386, 387, 388, 466, 263)
LEFT_EYE_LOWER = (362, 382, 381, 380, 374, 373, 390, 249, 263)
"""The lids' edges, left to right in the image; the i-th upper vertex belongs to the i-th lower vertex."""

OPENINGS = (
    (LIPS_INNER_UPPER, LIPS_INNER_LOWER),
    (RIGHT_EYE_UPPER, RIGHT_EYE_LOWER),
    (LEFT_EYE_UPPER, LEFT_EYE_LOWER),
)
"""The mouth and the eyes as upper and lower borders: the places where the skin has an edge."""

RIGHT_BROW_UPPER = (70, 63, 105, 66, 107)
RIGHT_BROW_LOWER = (46, 53, 52, 65, 55)
LEFT_BROW_UPPER = (336, 296, 334, 293, 300)
LEFT_BROW_LOWER = (285, 295, 282, 283, 276)

RIGHT_IRIS = (468, 469, 470, 471, 472)
LEFT_IRIS = (473, 474, 475, 476, 477)
"""The iris's centre, then its edge at the image's right, top, left and bottom."""

LANDMARKS_68 = (
    162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389,  # jaw
    71, 63, 105, 66, 107, 336, 296, 334, 293, 301,  # brows
    168, 197, 5, 4, 75, 97, 2, 326, 305,  # nose
    33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,  # eyes
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,  # outer lips
    78, 82, 13, 312, 308, 317, 14, 87,  # inner lips
)
"""The mesh vertex for each point of the 68-landmark (iBUG, dlib) scheme, in its order.

There is no official map. This is the correspondence in common use for reading 68 landmarks off
MediaPipe's mesh; it is symmetric, and the jaw's points are the least exact.
"""
# fmt: on


@lru_cache(maxsize=1)
def _asset() -> tuple[np.ndarray, np.ndarray]:
    with (files("mien") / "assets" / "canonical_face.npz").open("rb") as file:
        arrays = np.load(file)
        return arrays["vertices_cm"], arrays["triangles"].astype(np.int32)


def canonical_vertices() -> Vertices3:
    """Return the mesh of a neutral average face.

    Returns:
        (468, 3) float32 in canonical centimetres: x to the image right, y down, z away from the
        camera. The face is symmetric about x = 0 and 15.5 cm wide. A copy, free to change.
    """
    return _asset()[0].copy()


def triangles() -> Int[np.ndarray, "898 3"]:
    """Return the mesh's triangles.

    Returns:
        (898, 3) int32 vertex indices; the cross product of a triangle's first two edges points out
        of the face. The mesh has one border, the face oval: triangles also span the eyes and the
        slit between the lips. A copy, free to change.
    """
    return _asset()[1].copy()


def mirror_index() -> Int[np.ndarray, " 468"]:
    """Return the index of each vertex's twin on the other side of the face.

    Returns:
        (468,) int; vertices on the midline are their own twins. The canonical vertices in this order,
        with x negated, equal the canonical vertices. A copy, free to change.
    """
    return _mirror().copy()


@lru_cache(maxsize=1)
def _mirror() -> np.ndarray:
    vertices = _asset()[0]
    mirrored = vertices * np.array([-1, 1, 1], np.float32)
    distance_cm = np.linalg.norm(vertices[:, None] - mirrored[None], axis=2)
    opposite: np.ndarray = distance_cm.argmin(axis=1)
    return opposite
