"""Where the head is and how it is turned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float, Float64

from mien.errors import FaceError
from mien.face.mesh import VERTEX_COUNT, canonical_vertices

_DEPTH_WEIGHT = 0.1
"""Weight of the landmarks' depth, relative to their x and y, in the second fit."""

_ITERATIONS = 4


@dataclass(frozen=True, eq=False)
class Pose:
    """A scaled orthographic camera: ``xy_px = scale * (rotation @ point_cm)[:2] + translation``.

    The rotation is ``Rz(roll) @ Ry(yaw) @ Rx(pitch)``, roll last, so that turning the picture in
    its plane changes the roll alone.

    Attributes:
        rotation: (3, 3), from canonical axes to the image's (x right, y down, z away).
        scale_px_per_cm: Pixels for one canonical centimetre, above 0.
        translation_px: (2,) the pixel (x, y) of the canonical origin, which lies inside the head
            between the eyes.
    """

    rotation: Float64[np.ndarray, "3 3"]
    scale_px_per_cm: float
    translation_px: Float64[np.ndarray, " 2"]

    def __post_init__(self) -> None:
        rotation = np.array(self.rotation, np.float64)
        translation = np.array(self.translation_px, np.float64)
        if rotation.shape != (3, 3) or translation.shape != (2,):
            raise FaceError(
                "a pose needs a (3, 3) rotation and a (2,) translation, "
                f"got {rotation.shape} and {translation.shape}"
            )
        if not (
            np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-5) and np.linalg.det(rotation) > 0
        ):
            raise FaceError("a pose needs a proper rotation (orthonormal, determinant 1)")
        if not (np.isfinite(self.scale_px_per_cm) and self.scale_px_per_cm > 0):
            raise FaceError(f"a pose needs a scale above 0, got {self.scale_px_per_cm}")
        if not np.isfinite(translation).all():
            raise FaceError(f"a pose needs a finite translation, got {translation}")
        rotation.setflags(write=False)
        translation.setflags(write=False)
        object.__setattr__(self, "rotation", rotation)
        object.__setattr__(self, "translation_px", translation)

    @property
    def yaw_degrees(self) -> float:
        """Turn to the side, -90 to 90; above 0 to the subject's own left, the image's right."""
        away = float(self.rotation[2, 0])
        return float(np.degrees(np.arctan2(away, np.hypot(*self.rotation[:2, 0]))))

    @property
    def pitch_degrees(self) -> float:
        """Nod; above 0 the face points up."""
        return float(np.degrees(-np.arctan2(self.rotation[2, 1], self.rotation[2, 2])))

    @property
    def roll_degrees(self) -> float:
        """Tilt in the image's plane; above 0 clockwise, the crown moving to the image's right."""
        return float(np.degrees(np.arctan2(self.rotation[1, 0], self.rotation[0, 0])))

    def project(self, points_cm: Float[np.ndarray, "*n 3"]) -> Float64[np.ndarray, "*n 2"]:
        """Return the pixels (x, y) of canonical points."""
        points_px: np.ndarray = self.project_vectors(points_cm) + self.translation_px
        return points_px

    def project_vectors(self, vectors_cm: Float[np.ndarray, "*n 3"]) -> Float64[np.ndarray, "*n 2"]:
        """Return the pixel displacements (x, y) of canonical displacements."""
        return np.asarray(vectors_cm, np.float64) @ (self.scale_px_per_cm * self.rotation[:2]).T

    def rotate_vectors(self, vectors_cm: Float[np.ndarray, "*n 3"]) -> Float64[np.ndarray, "*n 3"]:
        """Return canonical vectors in the image's axes (z away from the camera), still in centimetres."""
        turned_cm: np.ndarray = np.asarray(vectors_cm, np.float64) @ self.rotation.T
        return turned_cm

    def unproject_vectors(
        self,
        vectors_px: Float[np.ndarray, "*n 2"],
        depth_px: Float[np.ndarray, " *n"] | float = 0.0,
    ) -> Float64[np.ndarray, "*n 3"]:
        """Return the canonical displacements (cm) of pixel displacements; ``depth_px`` is their part along z."""
        vectors_px = np.asarray(vectors_px, np.float64)
        depth = np.broadcast_to(np.asarray(depth_px, np.float64), vectors_px.shape[:-1])
        vectors = np.concatenate([vectors_px, depth[..., None]], axis=-1)
        vectors_cm: np.ndarray = vectors @ self.rotation / self.scale_px_per_cm
        return vectors_cm


def fit_pose(landmarks: Float[np.ndarray, "points 3"]) -> Pose:
    """Find the pose that puts the canonical face on a portrait's landmarks.

    This is a weighted orthogonal Procrustes fit in 3-D, then a least-squares fit to the picture. The
    net's depths show in which direction the head is turned, but underestimate the angle by 3 to 8 degrees
    at a yaw of 30. So in the second fit x and y count most. Vertices on bone (forehead, temples, bridge of
    the nose, cheekbones) have most of the weight, and the mouth, jaw, lids and brows hardly any, so that
    an expression does not turn the head.

    Args:
        landmarks: (478, 3) or (468, 3) pixels.

    Raises:
        FaceError: The landmarks have another shape, are not finite or lie all in one line.
    """
    points = np.asarray(landmarks, np.float64)
    if points.ndim != 2 or points.shape[0] < VERTEX_COUNT or points.shape[1] != 3:
        raise FaceError(f"a pose needs (478, 3) landmarks, got shape {points.shape}")
    points = points[:VERTEX_COUNT]
    if not np.isfinite(points).all():
        raise FaceError("a pose needs finite landmarks, got NaN or infinity")
    if np.ptp(points[:, :2], axis=0).min() <= 0:
        raise FaceError("a pose needs landmarks spread over the picture, got all in one line")
    weights = rigidity()[:, None]
    model = canonical_vertices().astype(np.float64)
    model_centre, points_centre = (weights * model).sum(0), (weights * points).sum(0)
    model, points = model - model_centre, points - points_centre
    rotation, scale = _fit_in_space(model, points, weights)
    rotation, scale, shift = _fit_to_picture(model, points, weights, rotation, scale)
    translation = points_centre[:2] + shift - scale * rotation[:2] @ model_centre
    return Pose(rotation, scale, translation)


def _fit_in_space(
    model: np.ndarray, points: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return the rotation and scale between two centred point sets (orthogonal Procrustes)."""
    left, sizes, right = np.linalg.svd((weights * points).T @ model)
    proper = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    scale = (sizes * proper).sum() / (weights * model**2).sum()
    return left @ (proper[:, None] * right), float(scale)


def _fit_to_picture(
    model: np.ndarray, points: np.ndarray, weights: np.ndarray, rotation: np.ndarray, scale: float
) -> tuple[np.ndarray, float, np.ndarray]:
    """Refine rotation, scale and shift by Gauss-Newton, with little weight on depth."""
    axis_weights = np.sqrt(weights * np.array([1.0, 1.0, _DEPTH_WEIGHT]))
    shift = np.zeros(3)
    for _ in range(_ITERATIONS):
        turned = scale * model @ rotation.T
        missing = axis_weights * (points - turned - shift)
        columns = [np.cross(axis, turned) for axis in np.eye(3)]  # small turns about x, y, z
        columns += [turned, *(np.broadcast_to(axis, turned.shape) for axis in np.eye(3))]
        jacobian = np.stack([(axis_weights * column).reshape(-1) for column in columns], axis=1)
        step = np.linalg.lstsq(jacobian, missing.reshape(-1), rcond=None)[0]
        rotation = _turn(step[:3]) @ rotation
        scale *= float(np.exp(step[3]))
        shift = shift + step[4:]
    return rotation, scale, shift[:2]


def _turn(rotation_vector: np.ndarray) -> np.ndarray:
    """Return the rotation by a vector's length in radians about its direction (Rodrigues)."""
    angle = float(np.linalg.norm(rotation_vector))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = rotation_vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    rotation: np.ndarray = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return rotation


@lru_cache(maxsize=1)
def rigidity() -> Float64[np.ndarray, " 468"]:
    """Return how firmly each vertex sits on bone, as weights that sum to 1.

    The weights vary smoothly over the canonical face: low near the mouth and jaw, the lids and the
    brows, high elsewhere.
    """
    vertices = canonical_vertices().astype(np.float64)
    x, y = np.abs(vertices[:, 0]), vertices[:, 1]
    mouth_and_jaw = 1 / (1 + np.exp(-(y - 0.5) / 0.5))  # below the nose's tip everything moves
    lids = np.exp(-(((x - 3.2) / 2.0) ** 2) - ((y + 2.6) / 1.0) ** 2)
    brows = np.exp(-(((x - 3.3) / 2.8) ** 2) - ((y + 4.6) / 1.3) ** 2)
    weights = np.clip(1 - mouth_and_jaw - lids - brows, 0.03, 1)
    weights /= weights.sum()
    weights.setflags(write=False)
    return weights
