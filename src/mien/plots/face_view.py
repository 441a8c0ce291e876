"""Crop frames to the face, and find its vertices in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from mien.common.clip_motion import ClipMotion
from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.field import MotionField
from mien.motion.rigid import RigidMotion
from mien.types import Image, Vertices2

MARGIN = 0.14
"""Margin around the face's box, as a share of its height."""


@dataclass(frozen=True)
class FaceBox:
    """The part of a picture around a face.

    Attributes:
        rows: Rows of the picture; start and stop are set.
        cols: Columns of the picture; start and stop are set.
    """

    rows: slice
    cols: slice

    @classmethod
    def around(cls, face: Face, image: Image, margin_share: float = MARGIN) -> FaceBox:
        """Return the face with a margin, limited to the picture.

        Args:
            face: The face.
            image: Its picture.
            margin_share: The margin, as a share of the face's height.
        """
        height, width = image.shape[:2]
        left, top, right, bottom = face.box_px
        margin = margin_share * (bottom - top)
        return cls(
            slice(max(int(top - margin), 0), min(int(bottom + margin) + 1, height)),
            slice(max(int(left - margin), 0), min(int(right + margin) + 1, width)),
        )

    def cut(self, image: Image) -> UInt8[np.ndarray, "box_height box_width 3"]:
        """Return the part of a picture, without alpha."""
        return np.ascontiguousarray(image[self.rows, self.cols, :3])

    @property
    def aspect(self) -> float:
        """Height over width."""
        height, width = self.rows.stop - self.rows.start, self.cols.stop - self.cols.start
        return float(height / width)

    def inside(self, points_px: Float[np.ndarray, "points 2"]) -> Float[np.ndarray, "points 2"]:
        """Convert points (N, 2) from pixels of the picture to pixels of the part."""
        moved: np.ndarray = points_px - np.array([self.cols.start, self.rows.start])
        return moved


def in_picture_px(face: Face, displacement_cm: Float[np.ndarray, "468 2"]) -> Vertices2:
    """Return vectors (468, 2) in canonical centimetres as pixels of the picture."""
    forward = face.pose.scale_px_per_cm * np.linalg.inv(face.pose.rotation[:2, :2].T)
    return (displacement_cm @ forward.T).astype(np.float32)


def vertices_px(field: MotionField, index: int) -> Vertices2:
    """Return the position of the vertices (468, 2) in a frame, including head motion.

    Args:
        field: Motion since the clip's first frame.
        index: The frame.
    """
    face = field.face
    rest = face.landmarks[: mesh.VERTEX_COUNT, :2]
    head = RigidMotion(face).displacement_px(field.rigid_px[index])
    points: np.ndarray = rest + head + in_picture_px(face, field.displacement_cm[index])
    return points


def clip_title(motion: ClipMotion) -> str:
    """Return the clip's name; for a folder also its parent's name: many are called ``frames``."""
    path = motion.clip.path.resolve()
    return f"{path.parent.name}/{path.name}" if path.is_dir() else path.name


def pick(motion: ClipMotion, indices: Iterable[int]) -> dict[int, Image]:
    """Read some frames of a clip again, by their index in the part that was measured."""
    wanted = set(indices)
    return {index: frame for index, frame in enumerate(motion.frames()) if index in wanted}
