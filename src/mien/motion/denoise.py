"""Separate motion from noise in a measured field: motion is shared by many vertices and lasts several frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Float64

from mien.au.smooth import smoothed, smoothed_part
from mien.face import mesh
from mien.motion.field import MotionField
from mien.scratch import by_parts, parts_of

RANK = 8
"""Number of components kept. Four hold more than 0.99 of a micro-expression's field; camera noise is in all of them."""
WHOLE_FRAMES = 2 * mesh.VERTEX_COUNT
"""A field of up to this many frames, the number of its columns, is decomposed as a whole."""
LEAST_SIZE = 1e-9
"""A component of a smaller size, in canonical centimetres, is rounding error."""
SMOOTHING_SECONDS = 0.010
"""Sigma of the smoothing in time."""


@dataclass(frozen=True, eq=False)
class Components:
    """A motion field as a few shapes and their courses: ``field[t] = sum over k of courses[t, k] * shapes[k]``.

    Attributes:
        shapes: (K, 468, 2) canonical centimetres, each at its largest size in the clip.
        courses: (T, K) strength of each shape in each frame, -1 to 1.
    """

    shapes: Float32[np.ndarray, "k 468 2"]
    courses: Float64[np.ndarray, "frames k"]

    def field_cm(self) -> Float32[np.ndarray, "frames 468 2"]:
        """Return the sum of the components, (T, 468, 2) canonical centimetres."""
        return by_parts(
            lambda part: np.tensordot(self.courses[part], self.shapes, axes=1).astype(np.float32),
            len(self.courses),
        )


def components(field: MotionField, rank: int = RANK) -> Components:
    """Smooth a field in time and keep its strongest components.

    Vertices that were not seen get a motion that is interpolated from their neighbours in the mesh.

    Args:
        field: The measured motion; frames after the face is lost are left out.
        rank: Largest number of components.
    """
    kept = field.kept()
    sigma = SMOOTHING_SECONDS / kept.frame_seconds
    fill = _filling(kept.seen)

    def smooth(part: slice) -> np.ndarray:
        field_cm = fill(smoothed_part(kept.displacement_cm, sigma, part))
        return field_cm.reshape(len(field_cm), -1)

    courses, right = _strongest(smooth, len(kept), rank)
    largest = np.maximum(np.abs(courses).max(0), 1e-12) if len(right) else np.ones(0)
    shapes = (right * largest[:, None]).reshape(len(right), mesh.VERTEX_COUNT, 2)
    return Components(shapes.astype(np.float32), courses / largest)


def _strongest(
    rows: Callable[[slice], np.ndarray], frames: int, rank: int
) -> tuple[Float64[np.ndarray, "frames k"], Float64[np.ndarray, "k columns"]]:
    """Return the courses and the directions of the strongest components of a matrix that is read in parts.

    A short clip has fewer frames than a field has columns, and is decomposed as a whole. For a longer one, the products
    of the columns have the same directions, and do not need the whole clip in memory.
    """
    if frames <= WHOLE_FRAMES:
        left, singular, right = np.linalg.svd(rows(slice(0, frames)), full_matrices=False)
        count = int(min(rank, (singular > LEAST_SIZE).sum()))
        return left[:, :count] * singular[:count], right[:count]
    products = np.zeros((2 * mesh.VERTEX_COUNT, 2 * mesh.VERTEX_COUNT))
    for part in parts_of(frames):
        own = rows(part)
        products += own.T @ own
    energies, directions = np.linalg.eigh(products)
    strongest = directions[:, ::-1][:, :rank].T
    courses = by_parts(lambda part: rows(part) @ strongest.T, frames)
    # Rounding errors have an energy of about 1e-16 of the largest one, and are not motion.
    real = energies[::-1][:rank] > max(LEAST_SIZE**2, 1e-14 * energies[-1])
    return courses[:, real], strongest[real]


def steadied(values: np.ndarray, field: MotionField) -> Float64[np.ndarray, " frames *rest"]:
    """Return values of a field's frames, smoothed in time.

    Args:
        values: (T, ...).
        field: The field, which gives the time between frames.
    """
    sigma = SMOOTHING_SECONDS / field.frame_seconds
    return smoothed(values, sigma)


def _filling(seen: Bool[np.ndarray, " 468"]) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function that fills in the unseen vertices of a field (T, 468, 2) harmonically from the seen ones."""
    hidden, shown = np.flatnonzero(~seen), np.flatnonzero(seen)
    if not len(hidden) or not len(shown):
        return lambda field: field
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

    def fill(field: np.ndarray) -> np.ndarray:
        field[:, hidden] = np.einsum("hs,tsc->thc", matrix, field[:, shown])
        return field

    return fill
