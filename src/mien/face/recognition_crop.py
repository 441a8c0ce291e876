"""The part of a picture that micro-expressions are recognised by: a level face without much around it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.face import mesh
from mien.face.crop import FaceCrop
from mien.face.portrait import Face
from mien.types import Image, Landmarks

HEIGHT_PX = 140
"""Rows of a crop: five for each of a flow map's 28."""

WIDTH_PX = 112
"""Columns of a crop: four for each of a flow map's 28."""

EYE_DISTANCE_SHARE = 0.53
"""Distance of the eyes' middles over the crop's width, as in the usual crops of CASME II, SAMM and SMIC."""

EYE_ROW_SHARE = 0.24
"""Where the eyes lie between its top and bottom, likewise."""


def recognition_crop(face: Face) -> FaceCrop:
    """Return the square that holds the crop: as high, and centred on it; its eyes lie level."""
    right, left = _eye(face.landmarks, "right"), _eye(face.landmarks, "left")
    across = left - right
    distance_px = float(np.hypot(*across))
    along = across / distance_px
    down = np.array([-along[1], along[0]])
    height_px = distance_px / EYE_DISTANCE_SHARE * HEIGHT_PX / WIDTH_PX
    x_px, y_px = (left + right) / 2 + (0.5 - EYE_ROW_SHARE) * height_px * down
    return FaceCrop(float(x_px), float(y_px), height_px, float(np.arctan2(along[1], along[0])))


def cut_for_recognition(image: Image, crop: FaceCrop) -> Float32[np.ndarray, "140 112 3"]:
    """Draw a crop.

    Args:
        image: (H, W, 3 or 4) uint8; alpha is not looked at.
        crop: what `recognition_crop` gave, of this picture or of another frame of its clip.

    Returns:
        (140, 112, 3) float32, 0 to 255.
    """
    square = crop.sample(np.ascontiguousarray(image[..., :3]), HEIGHT_PX)
    beside = (HEIGHT_PX - WIDTH_PX) // 2
    return np.ascontiguousarray(square[:, beside : beside + WIDTH_PX])


def _eye(landmarks: Landmarks, side: str) -> np.ndarray:
    """The middle between an eye's two corners, (2,) pixels; a glance does not move it."""
    lid = mesh.RIGHT_EYE_UPPER if side == "right" else mesh.LEFT_EYE_UPPER
    return landmarks[[lid[0], lid[-1]], :2].mean(0, dtype=np.float64)
