"""Fit the rig to one face.

The basis closes the eyes of an average face. On a face with wider eyes the same displacement would leave the eye partly
open, and on a face with narrower eyes the upper lid would pass the lower one. So the lids' shapes are scaled to the
face's own eye opening, and at full closure the lids' edges in the mesh meet.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.rig.basis import RigBasis
from mien.rig.relax import relax

CLOSING_AUS = ("AU43", "AU45")
"""Action units that close the eye at level E."""
NARROWING_AUS = ("AU7",)
"""Action units that close a share of the eye's opening."""
LID_REACH_CM = 1.6
"""Up to this distance from the lids' edges a squint is scaled to the eye's opening."""

_SIDES = {
    "L": (mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER),
    "R": (mesh.RIGHT_EYE_UPPER, mesh.RIGHT_EYE_LOWER),
}


def lid_openings_cm(face: Face, side: str) -> Float64[np.ndarray, "pairs 3"]:
    """Return the vectors from the upper lid's edge to the matching vertices of the lower lid's edge.

    They are in canonical centimetres. The picture does not show their depth, which is taken as 0.

    Args:
        face: The face.
        side: ``"L"`` or ``"R"``, the subject's own.
    """
    upper, lower = _SIDES[side]
    gap_px = face.landmarks[list(lower), :2] - face.landmarks[list(upper), :2]
    return face.pose.unproject_vectors(gap_px.astype(np.float64))


def personalise(basis: RigBasis, face: Face) -> RigBasis:
    """Fit the basis to a face: its lids meet in a full blink, and squints close the same share of the opening."""
    shapes = np.array(basis.displacements_cm)
    canonical = mesh.canonical_vertices().astype(np.float64)
    for side, (upper, lower) in _SIDES.items():
        own = lid_openings_cm(face, side)
        average = canonical[list(lower)] - canonical[list(upper)]
        ratio = float(np.clip(own[1:-1, 1].mean() / average[1:-1, 1].mean(), 0.1, 3.0))
        for au in CLOSING_AUS:
            index = basis.names.index(f"{au}{side}")
            shapes[index] = _closed(ratio * shapes[index], own, upper, lower, side)
        for au in NARROWING_AUS:
            near = lid_weight(side)[:, None]
            shapes[basis.names.index(f"{au}{side}")] *= 1 + (ratio - 1) * near
    return RigBasis(basis.names, shapes.astype(np.float32))


def _closed(
    shape: np.ndarray,
    opening_cm: np.ndarray,
    upper: tuple[int, ...],
    lower: tuple[int, ...],
    side: str,
) -> np.ndarray:
    """Return a blink's shape (468, 3) that closes the eye in place: the upper lid's edge lands on the lower one."""
    result = np.array(shape)
    result[list(upper)] = opening_cm + shape[list(lower)]
    return relax(result, side)


def lid_weight(side: str) -> Float64[np.ndarray, " 468"]:
    """Return 1 at the edges of an eye's lids, falling to 0 within `LID_REACH_CM`.

    Args:
        side: ``"L"`` or ``"R"``, the subject's own.
    """
    upper, lower = _SIDES[side]
    canonical = mesh.canonical_vertices().astype(np.float64)
    distance = np.linalg.norm(canonical[:, None] - canonical[list(upper + lower)][None], axis=-1)
    weight: np.ndarray = np.clip(1 - distance.min(1) / LID_REACH_CM, 0, 1)
    return weight
