"""Find the motion of a rigid head, which is removed from the motion of a face."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.types import Vertices2

ITERATIONS = 8
ITERATIONS_ON = 5
"""Number of iterations if the fit starts from a motion that is close."""
SETTLED_PX = 1e-3
"""Iterations end when they change no parameter by more than this."""
_RIDGE = 1e-9 * np.eye(6)
CAUCHY_WIDTH = 1.5
"""A residual of this many robust standard deviations has half the weight, so that moving skin does not count as head
motion."""
MOST_TURNED = 1.2
"""Largest turn of a head, in radians; larger turns are reduced to this one."""


class RigidMotion:
    """The motions of a rigid head on one face, in orthographic projection.

    A motion has six parameters. The first two are a translation in x and y, in pixels. The others are in pixels for
    each canonical centimetre: growth, rotation in the picture, and the shift in x and in y of a point one centimetre
    deeper when the head turns out of the picture plane. The turn is a true rotation: points also come nearer to its
    axis, so that a head may turn by 30 degrees. For small motions, displacements are linear in all parameters.

    Args:
        face: The face in the clip's first frame.

    Attributes:
        middle_px: (2,) the mean place of the face's vertices.
        scale_px_per_cm: The face's size, pixels for each canonical centimetre.
    """

    def __init__(self, face: Face) -> None:
        points = face.landmarks[: mesh.VERTEX_COUNT, :2].astype(np.float64)
        scale = face.pose.scale_px_per_cm
        self.middle_px, self.scale_px_per_cm = points.mean(0), scale
        x, y = ((points - self.middle_px) / scale).T
        depth = face.pose.rotate_vectors(mesh.canonical_vertices().astype(np.float64))[:, 2]
        depth = depth - depth.mean()
        one, zero = np.ones_like(x), np.zeros_like(x)
        self._columns = np.stack(
            [
                np.stack([one, zero, x, -y, depth, zero], axis=1),
                np.stack([zero, one, y, x, zero, depth], axis=1),
            ]
        )
        self._products = np.einsum("cvi,cvj->vij", self._columns, self._columns).reshape(-1, 36)
        self._places = np.stack([x, y, depth, one])
        self._rotation = face.pose.rotation

    def fit(
        self,
        displacement_px: Vertices2,
        weights: np.ndarray,
        start: Float64[np.ndarray, " 6"] | None = None,
    ) -> Float64[np.ndarray, " 6"]:
        """Return the rigid motion on which most of the face agrees, by iteratively reweighted least squares.

        Args:
            displacement_px: (468, 2) displacements of the vertices, pixels.
            weights: (468,) how reliable each vertex is; vertices of weight 0 are ignored.
            start: Parameters of a motion that is close, such as that of the frame before; they save iterations.

        Returns:
            (6,) parameters; all 0 if fewer than 12 vertices have a weight.
        """
        target = displacement_px.T.astype(np.float64)
        believed = np.flatnonzero(weights > 0)
        if len(believed) < 12:
            return np.zeros(6)
        middle = len(believed) // 2
        x, y = self._columns
        parameters = np.zeros(6) if start is None else start
        robust = weights.astype(np.float64)
        for turn in range(ITERATIONS if start is None else ITERATIONS_ON):
            moved = self.matrix(parameters) @ self._places
            if turn > 0 or start is not None:
                rest_x, rest_y = target - moved
                rest = rest_x * rest_x + rest_y * rest_y
                spread = 1.4826 * np.sqrt(np.partition(rest[believed], middle)[middle]) + 1e-6
                robust = weights / (1 + rest / (CAUCHY_WIDTH * spread) ** 2)
            # The part of a large turn that is not linear in the parameters is subtracted from the target.
            wanted_x, wanted_y = robust * (target - moved + self._columns @ parameters)
            system = (robust @ self._products).reshape(6, 6) + _RIDGE
            before = parameters
            parameters = np.linalg.solve(system, wanted_x @ x + wanted_y @ y)
            if np.abs(parameters - before).max() < SETTLED_PX:
                break
        return parameters

    def displacement_px(self, parameters: Float64[np.ndarray, " 6"]) -> Vertices2:
        """Return the displacement (468, 2) of the vertices in pixels, from six parameters."""
        moved_px: Vertices2 = (self.matrix(parameters) @ self._places).T.astype(np.float32)
        return moved_px

    def matrix(self, parameters: Float64[np.ndarray, " 6"]) -> Float64[np.ndarray, "2 4"]:
        """Return the matrix that maps a place (x, y, depth, 1) on the unmoved head to its displacement in pixels.

        Places are in canonical centimetres along the picture's axes, counted from `middle_px` and the mean depth.
        """
        similarity, turn = self._turned(parameters)
        matrix = np.empty((2, 4))
        matrix[:, :3] = self.scale_px_per_cm * (similarity @ turn)
        matrix[0, 0] -= self.scale_px_per_cm
        matrix[1, 1] -= self.scale_px_per_cm
        matrix[:, 3] = parameters[:2]
        return matrix

    def places_cm(self) -> Float64[np.ndarray, "468 3"]:
        """Return each vertex's x, y and depth on the unmoved head, in the coordinates of `matrix`."""
        return self._places[:3].T

    def columns_px(self) -> Float64[np.ndarray, "468 2 6"]:
        """Return the displacement of each vertex in pixels for a value of 1 of each parameter, for small motions."""
        return np.moveaxis(self._columns, 0, 1)

    def skin(self, parameters: Float64[np.ndarray, " 6"]) -> Float64[np.ndarray, "2 2"]:
        """Return the matrix that maps a small motion of the skin on the unmoved head to that on the moved head.

        A motion ``m`` in pixels on the unmoved head becomes ``skin @ m`` on the moved head.
        """
        similarity, turn = self._turned(parameters)
        skin: np.ndarray = similarity @ turn[:, :2]
        return skin

    def depth_shift(self, parameters: Float64[np.ndarray, " 6"]) -> Float64[np.ndarray, " 2"]:
        """Return how far skin that is one centimetre deeper than assumed seems to move, canonical centimetres.

        This is the motion that the head's turn adds, as seen on the unmoved head.
        """
        _, turn = self._turned(parameters)
        moved: np.ndarray = np.linalg.solve(turn[:, :2], turn[:, 2]) @ self._rotation[:2, :2]
        return moved

    def similarity_px(
        self, parameters: Float64[np.ndarray, " 6"]
    ) -> tuple[Float64[np.ndarray, "2 2"], Float64[np.ndarray, " 2"]]:
        """Return ``linear`` and ``shift`` of the part of a motion that is the same at all depths.

        This part moves the pixel ``p`` to ``linear @ p + shift``.
        """
        linear, _ = self._turned(parameters)
        return linear, parameters[:2] + self.middle_px - linear @ self.middle_px

    def _turned(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the similarity (2, 2) in the picture, and the first two rows (2, 3) of the turn that precedes it."""
        grown, rolled, x, y = (parameters[2:] / self.scale_px_per_cm).tolist()
        angle = math.hypot(x, y)
        if angle > MOST_TURNED:  # no such head: a fit that fails must stay finite
            x, y, angle = x * MOST_TURNED / angle, y * MOST_TURNED / angle, MOST_TURNED
        inward = (1 - math.cos(angle)) / angle**2 if angle > 1e-4 else 0.5
        aside = math.sin(angle) / angle if angle > 1e-4 else 1.0
        similarity = np.array([[1 + grown, -rolled], [rolled, 1 + grown]])
        turn = [
            [1 - inward * x * x, -inward * x * y, aside * x],
            [-inward * x * y, 1 - inward * y * y, aside * y],
        ]
        return similarity, np.array(turn)
