"""What a plot shows of a clip: frames cut to the face, and where its vertices are in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mien.common.clip_motion import ClipMotion
from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.field import MotionField
from mien.motion.rigid import RigidMotion
from mien.types import Image, RGBImage, Vertices2

MARGIN = 0.14
"""Around the face's box, as a share of its height."""


@dataclass(frozen=True)
class FaceBox:
    """The part of a picture around a face.

    Attributes:
        rows: As a slice.
        cols: As a slice.
    """

    rows: slice
    cols: slice

    @classmethod
    def around(cls, face: Face, image: Image) -> FaceBox:
        """The face with a margin, as far as the picture goes."""
        height, width = image.shape[:2]
        left, top, right, bottom = face.box_px
        margin = MARGIN * (bottom - top)
        return cls(
            slice(max(int(top - margin), 0), min(int(bottom + margin) + 1, height)),
            slice(max(int(left - margin), 0), min(int(right + margin) + 1, width)),
        )

    def cut(self, image: Image) -> RGBImage:
        """The part, without alpha."""
        return np.ascontiguousarray(image[self.rows, self.cols, :3])

    @property
    def aspect(self) -> float:
        """Height over width."""
        return (self.rows.stop - self.rows.start) / (self.cols.stop - self.cols.start)

    def inside(self, points_px: np.ndarray) -> np.ndarray:
        """Points (N, 2) of the picture, counted in the part."""
        return points_px - np.array([self.cols.start, self.rows.start])


def in_picture_px(face: Face, displacement_cm: Vertices2) -> Vertices2:
    """Vectors (468, 2) in canonical centimetres back to the pixels they were measured in."""
    forward = face.pose.scale_px_per_cm * np.linalg.inv(face.pose.rotation[:2, :2].T)
    return (displacement_cm @ forward.T).astype(np.float32)


def vertices_px(field: MotionField, index: int) -> Vertices2:
    """Where the vertices (468, 2) are in a frame, the head's own motion included; from a field from the first frame."""
    face = field.face
    rest = face.landmarks[: mesh.VERTEX_COUNT, :2]
    head = RigidMotion(face).displacement_px(field.rigid_px[index])
    return rest + head + in_picture_px(face, field.displacement_cm[index])


def clip_title(motion: ClipMotion) -> str:
    """The clip's name; of a folder with the one it lies in, since many are called ``frames``."""
    path = motion.clip.path.resolve()
    return f"{path.parent.name}/{path.name}" if path.is_dir() else path.name


def pick(motion: ClipMotion, indices: Iterable[int]) -> dict[int, Image]:
    """Read some frames of a clip's part again."""
    wanted = set(indices)
    return {index: frame for index, frame in enumerate(motion.frames()) if index in wanted}
