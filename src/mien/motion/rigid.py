"""Remove the head's own motion from the motion of a face."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.types import Vertices2

ITERATIONS = 8
CAUCHY_WIDTH = 1.5
"""A residual of this many robust standard deviations counts half, so that moving skin is not taken for head motion."""


class RigidMotion:
    """The small motions of a rigid head, seen from the front, on one face.

    Six parameters: translation in x and y, change of size, rotation in the picture, and the parallax in x and y of
    points of different depth when the head turns out of the picture plane.

    Args:
        face: The clip's first face.
    """

    def __init__(self, face: Face) -> None:
        points = face.landmarks[: mesh.VERTEX_COUNT, :2].astype(np.float64)
        scale = face.pose.scale_px_per_cm
        self._middle_px, self._scale = points.mean(0), scale
        x, y = ((points - self._middle_px) / scale).T
        depth = face.pose.rotate_vectors(mesh.canonical_vertices().astype(np.float64))[:, 2]
        depth = depth - depth.mean()
        one, zero = np.ones_like(x), np.zeros_like(x)
        self._design = np.concatenate(
            [
                np.stack([one, zero, x, -y, depth, zero], axis=1),
                np.stack([zero, one, y, x, zero, depth], axis=1),
            ]
        )

    def fit(self, displacement_px: Vertices2, weights: np.ndarray) -> Float64[np.ndarray, " 6"]:
        """Return the rigid motion that most of the face agrees on, by iteratively reweighted least squares.

        Args:
            displacement_px: (468, 2).
            weights: (468,) how reliable each vertex is; vertices of weight 0 are ignored.
        """
        target = np.concatenate([displacement_px[:, 0], displacement_px[:, 1]]).astype(np.float64)
        believed = weights > 0
        if believed.sum() < 12:
            return np.zeros(6)
        robust = np.ones(len(weights))
        parameters = np.zeros(6)
        for _ in range(ITERATIONS):
            row_weights = np.tile(weights * robust, 2)
            weighted = self._design * row_weights[:, None]
            system = weighted.T @ self._design + 1e-9 * np.eye(6)
            parameters = np.linalg.solve(system, weighted.T @ target)
            rest = np.linalg.norm((target - self._design @ parameters).reshape(2, -1), axis=0)
            spread = 1.4826 * np.median(rest[believed]) + 1e-6
            robust = 1 / (1 + (rest / (CAUCHY_WIDTH * spread)) ** 2)
        return parameters

    def displacement_px(self, parameters: Float64[np.ndarray, " 6"]) -> Vertices2:
        """Return the displacement (468, 2) in pixels that six parameters stand for."""
        moved_px: Vertices2 = (self._design @ parameters).reshape(2, -1).T.astype(np.float32)
        return moved_px

    def similarity_px(
        self, parameters: Float64[np.ndarray, " 6"]
    ) -> tuple[Float64[np.ndarray, "2 2"], Float64[np.ndarray, " 2"]]:
        """Return ``linear`` and ``shift``, which all depths share: pixels ``p`` go to ``linear @ p + shift``."""
        grown, turned = parameters[2:4] / self._scale
        linear = np.array([[1 + grown, -turned], [turned, 1 + grown]])
        return linear, parameters[:2] + self._middle_px - linear @ self._middle_px
