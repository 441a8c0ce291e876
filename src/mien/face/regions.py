"""Parts of the face as polygons and masks in the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float32

from mien.face import mesh
from mien.types import Landmarks, Mask


def polygon(landmarks: Landmarks, indices: Sequence[int]) -> Float32[np.ndarray, "n 2"]:
    """The pixels (x, y) of some landmarks, in the order of ``indices``."""
    return np.asarray(landmarks, np.float32)[list(indices), :2]


def ring(upper: Sequence[int], lower: Sequence[int]) -> tuple[int, ...]:
    """Close an upper and a lower border, both left to right, into one polygon."""
    back = list(lower)[::-1]
    if back and upper and back[0] == upper[-1]:
        back = back[1:]
    if back and upper and back[-1] == upper[0]:
        back = back[:-1]
    return (*upper, *back)


def face_oval_polygon(landmarks: Landmarks) -> Float32[np.ndarray, "36 2"]:
    """The face's edge, clockwise in the image from the middle of the forehead."""
    return polygon(landmarks, mesh.FACE_OVAL)


def polygon_mask(points_px: Float32[np.ndarray, "n 2"], height: int, width: int) -> Mask:
    """True for pixels inside a polygon or crossed by its edge, to an eighth of a pixel."""
    import cv2

    mask = np.zeros((height, width), np.uint8)
    fixed_point = np.rint(np.asarray(points_px, np.float64) * 8).astype(np.int32)
    cv2.fillPoly(mask, [fixed_point], 1, shift=3)
    return mask.astype(bool)


def face_mask(landmarks: Landmarks, height: int, width: int) -> Mask:
    """The face, forehead to chin."""
    return polygon_mask(face_oval_polygon(landmarks), height, width)


def eye_mask(landmarks: Landmarks, height: int, width: int) -> Mask:
    """What both lids leave open."""
    right = polygon(landmarks, ring(mesh.RIGHT_EYE_UPPER, mesh.RIGHT_EYE_LOWER))
    left = polygon(landmarks, ring(mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER))
    return polygon_mask(right, height, width) | polygon_mask(left, height, width)


def mouth_mask(landmarks: Landmarks, height: int, width: int) -> Mask:
    """The lips and what lies between them."""
    outer = ring(mesh.LIPS_OUTER_UPPER, mesh.LIPS_OUTER_LOWER)
    return polygon_mask(polygon(landmarks, outer), height, width)


def mouth_opening_mask(landmarks: Landmarks, height: int, width: int) -> Mask:
    """What the lips leave open; a line of pixels where they are closed."""
    inner = ring(mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER)
    return polygon_mask(polygon(landmarks, inner), height, width)


def face_width_px(landmarks: Landmarks) -> float:
    """The width of the face between its edges at the height of the ears."""
    points = np.asarray(landmarks, np.float64)
    return float(np.linalg.norm(points[454, :2] - points[234, :2]))


def eye_distance_px(landmarks: Landmarks) -> float:
    """The distance between the eyes' outer corners."""
    points = np.asarray(landmarks, np.float64)
    return float(np.linalg.norm(points[263, :2] - points[33, :2]))


EYE_REACH_CM = 1.0
"""Vertices this near to a lid's edge make up the eye region."""


def eye_region() -> Bool[np.ndarray, "468"]:
    """The vertices of the lids and of what lies within `EYE_REACH_CM` of their edges."""
    vertices = mesh.canonical_vertices()
    edges = [v for upper, lower in mesh.OPENINGS[1:] for v in upper + lower]
    distance = np.linalg.norm(vertices[:, None] - vertices[edges][None], axis=-1).min(1)
    return distance < EYE_REACH_CM
