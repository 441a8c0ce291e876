"""Separate motion from noise in a measured field: motion is shared by many vertices and lasts several frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from mien.au.smooth import smoothed
from mien.motion.field import MotionField

RANK = 8
"""Components kept. Four hold more than 0.99 of a micro-expression's field; camera noise is in all of them."""
SMOOTHING_SECONDS = 0.010
"""Sigma of the smoothing in time."""


@dataclass(frozen=True, eq=False)
class Components:
    """A motion field as a few shapes and their courses: ``field[t] = sum over k of courses[t, k] * shapes[k]``.

    Attributes:
        shapes: (K, 468, 2) canonical centimetres, each at its largest size in the clip.
        courses: (T, K) between -1 and 1.
    """

    shapes: Float32[np.ndarray, "k 468 2"]
    courses: Float64[np.ndarray, "frames k"]

    def field_cm(self) -> Float32[np.ndarray, "frames 468 2"]:
        """Return the field that the components add up to."""
        return np.tensordot(self.courses, self.shapes, axes=1).astype(np.float32)


def components(field: MotionField, rank: int = RANK) -> Components:
    """Smooth a field in time and keep its strongest components.

    Vertices that were not seen get the motion of their neighbours in the mesh.

    Args:
        field: The measured motion; frames after the face is lost are left out.
        rank: Largest number of components.
    """
    kept = field.kept()
    sigma = SMOOTHING_SECONDS / kept.frame_seconds
    smooth = _fill_unseen(smoothed(kept.displacement_cm, sigma), kept.seen)
    flat = smooth.reshape(len(smooth), -1)
    left, singular, right = np.linalg.svd(flat, full_matrices=False)
    count = int(min(rank, (singular > 1e-9).sum()))
    courses = left[:, :count] * singular[:count]
    largest = np.maximum(np.abs(courses).max(0), 1e-12) if count else np.ones(0)
    shapes = (right[:count] * largest[:, None]).reshape(count, smooth.shape[1], 2)
    return Components(shapes.astype(np.float32), courses / largest)


def steadied(values: np.ndarray, field: MotionField) -> Float64[np.ndarray, " frames *rest"]:
    """Values of a field's frames, smoothed in time."""
    sigma = SMOOTHING_SECONDS / field.frame_seconds
    return smoothed(values, sigma)


def _fill_unseen(field: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Fill in unseen vertices with the harmonic field between the seen ones."""
    from mien.face import mesh

    hidden, shown = np.flatnonzero(~seen), np.flatnonzero(seen)
    if not len(hidden) or not len(shown):
        return field
    canonical = mesh.canonical_vertices().astype(np.float64)
    edges = mesh.triangles()[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    weights = np.zeros((mesh.VERTEX_COUNT, mesh.VERTEX_COUNT))
    length = np.linalg.norm(canonical[edges[:, 0]] - canonical[edges[:, 1]], axis=1)
    weights[edges[:, 0], edges[:, 1]] = weights[edges[:, 1], edges[:, 0]] = 1 / length
    laplacian = np.diag(weights.sum(1)) - weights
    matrix = np.linalg.solve(
        laplacian[np.ix_(hidden, hidden)] + 1e-9 * np.eye(len(hidden)),
        -laplacian[np.ix_(hidden, shown)],
    )
    result = field.copy()
    result[:, hidden] = np.einsum("hs,tsc->thc", matrix, field[:, shown])
    return result
