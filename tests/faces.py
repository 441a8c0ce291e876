"""A face that no net has to find: quick to make, and known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.face.crop import FaceCrop
from mien.face.mesh import canonical_vertices
from mien.face.portrait import Face
from mien.face.pose import Pose


def canonical_face(scale_px_per_cm: float = 10.0, centre_px: float = 100.0) -> Face:
    """The average face, straight on: 15.5 cm wide, its canonical origin at one pixel (x = y)."""
    landmarks = np.zeros((478, 3))
    landmarks[:468] = scale_px_per_cm * canonical_vertices()
    landmarks[:, :2] += centre_px
    xy = landmarks[:468, :2]
    return Face(
        np.concatenate([xy.min(0), xy.max(0)]),
        1.0,
        landmarks.astype(np.float32),
        {},
        Pose(np.eye(3), scale_px_per_cm, np.full(2, centre_px)),
        FaceCrop(centre_px, centre_px, 20 * scale_px_per_cm),
    )


def turned_face(degrees: float) -> Face:
    """Return the canonical face, turned to its left."""
    angle = np.radians(degrees)
    rotation = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    face = canonical_face()
    return replace(face, pose=replace(face.pose, rotation=rotation))
