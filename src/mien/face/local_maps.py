"""The linear map around a point of a face, fitted to the motion of the mesh near the point."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float32

REACH_CM = 0.8
"""Standard deviation of the Gaussian that weights the vertices around a point, canonical centimetres. It is about half
the distance from lid to brow, so that lid and brow have separate maps."""

_RIDGE = 0.05
"""Regularisation that keeps the map near the identity at a point beside the face, with vertices on one side only."""


def local_maps(
    points: Float[np.ndarray, "points 2"],
    vertices: Float[np.ndarray, "vertices 2"],
    moved: Float[np.ndarray, "frames vertices 2"],
    reach: float,
) -> Float32[np.ndarray, "frames points 2 2"]:
    """Fit the linear map around each point by least squares with Gaussian weights.

    Args:
        points: (K, 2) points of the face at rest.
        vertices: (V, 2) vertices of the face at rest, in the same unit.
        moved: (T, V, 2) their displacement in each frame.
        reach: Standard deviation of the Gaussian, in the same unit.

    Returns:
        (T, K, 2, 2): row 0 gives the new x, row 1 the new y; the identity where all vertices move alike.
    """
    away = vertices[None] - points[:, None]
    weights = np.exp(-0.5 * (away**2).sum(-1) / reach**2)
    columns = np.concatenate([np.ones((*away.shape[:2], 1)), away], -1)
    weighted = columns * weights[..., None]
    gram = np.einsum("kvi,kvj->kij", weighted, columns)
    ridge = _RIDGE * reach**2 * weights.sum(1)[:, None, None] * np.diag([0.0, 1, 1])
    fits = np.linalg.solve(gram + ridge, weighted.transpose(0, 2, 1))[:, 1:]
    gradient = np.einsum("kjv,tvi->tkij", fits, moved.astype(np.float64))
    result: np.ndarray = (np.eye(2) + gradient).astype(np.float32)
    return result
