"""Spread the motion of the brow and of the lid evenly over the skin between them.

This strip of skin is one centimetre high and folded, and it unfolds when the brow rises or the lid falls. If a field
stretches some rows of the strip more than others, the picture shows a bent crease. So the strip's vertices follow the
harmonic field between its borders, which is the smoothest one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float, Float64, Int

from mien.face import mesh

_STRIPS = {
    "L": (mesh.LEFT_BROW_LOWER, mesh.LEFT_EYE_UPPER),
    "R": (mesh.RIGHT_BROW_LOWER, mesh.RIGHT_EYE_UPPER),
}
BESIDE_CM = 0.35
"""How far the strip extends beyond the eye's corners."""


@lru_cache(maxsize=2)
def strip(side: str) -> Int[np.ndarray, " n"]:
    """Return the vertices between the lower edge of a brow and the upper lid's edge, borders not included.

    Args:
        side: ``"L"`` or ``"R"``, the subject's own.
    """
    brow, lid = _STRIPS[side]
    canonical = mesh.canonical_vertices()
    x, y = canonical[:, 0], canonical[:, 1]
    low, high = canonical[list(lid), 0].min() - BESIDE_CM, canonical[list(lid), 0].max() + BESIDE_CM
    brow_line, lid_line = (canonical[sorted(line, key=lambda v: x[v])] for line in (brow, lid))
    below_brow = y > np.interp(x, brow_line[:, 0], brow_line[:, 1]) + 1e-3
    above_lid = y < np.interp(x, lid_line[:, 0], lid_line[:, 1]) - 1e-3
    chosen = (x > low) & (x < high) & below_brow & above_lid
    chosen[list(brow + lid)] = False
    return np.flatnonzero(chosen)


def relax(shape: Float[np.ndarray, "468 k"], side: str) -> Float64[np.ndarray, "468 k"]:
    """Replace displacements on the strip above an eye by the harmonic field between the strip's borders."""
    matrix = _relaxation(side)
    result = np.array(shape, np.float64)
    result[strip(side)] = matrix @ result
    return result


@lru_cache(maxsize=2)
def _relaxation(side: str) -> Float64[np.ndarray, "n 468"]:
    canonical = mesh.canonical_vertices().astype(np.float64)
    edges = mesh.triangles()[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    weights = np.zeros((468, 468))
    length = np.linalg.norm(canonical[edges[:, 0]] - canonical[edges[:, 1]], axis=1)
    weights[edges[:, 0], edges[:, 1]] = weights[edges[:, 1], edges[:, 0]] = 1 / length
    free = strip(side)
    rest = np.setdiff1d(np.arange(468), free)
    laplacian = np.diag(weights.sum(1)) - weights
    matrix = np.zeros((len(free), 468))
    matrix[:, rest] = np.linalg.solve(laplacian[np.ix_(free, free)], -laplacian[np.ix_(free, rest)])
    return matrix
