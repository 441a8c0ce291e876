"""Parts of the face, as curves and sets of mesh vertices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from mien.face import mesh

EYE_REACH_CM = 1.0
"""Vertices nearer than this to a lid's edge belong to the eye region."""


def ring(upper: Sequence[int], lower: Sequence[int]) -> tuple[int, ...]:
    """Close an upper and a lower border, both left to right, into one polygon."""
    back = list(lower)[::-1]
    if back and upper and back[0] == upper[-1]:
        back = back[1:]
    if back and upper and back[-1] == upper[0]:
        back = back[:-1]
    return (*upper, *back)


def eye_region() -> Bool[np.ndarray, " 468"]:
    """Return a mask of the vertices within `EYE_REACH_CM` of the lids' edges."""
    vertices = mesh.canonical_vertices()
    edges = [v for upper, lower in mesh.OPENINGS[1:] for v in upper + lower]
    distance = np.linalg.norm(vertices[:, None] - vertices[edges][None], axis=-1).min(1)
    near: np.ndarray = distance < EYE_REACH_CM
    return near
