"""Draw a mask, with or without a mouth on it, or a beard on a portrait."""

from __future__ import annotations

import cv2
import numpy as np

from mien.face import mesh
from mien.face.portrait import Portrait
from mien.types import Image

UNDER_EYES = (116, 50, 197, 280, 345)


def lower_face(portrait: Portrait, top: tuple[int, ...] = UNDER_EYES) -> np.ndarray:
    """Return (H, W, 1) 0 to 1: the face from a line of vertices down to below the chin, with soft edges."""
    oval = mesh.FACE_OVAL
    jaw = oval[oval.index(323) : oval.index(93) + 1]
    points = portrait.face.landmarks[[*jaw, *top], :2]
    nose = portrait.face.landmarks[4, :2]
    shape = np.rint(nose + 1.06 * (points - nose)).astype(np.int32)
    share = np.zeros(portrait.image.shape[:2], np.float32)
    cv2.fillPoly(share, [shape], 1.0)
    return cv2.GaussianBlur(share, (0, 0), 1.5)[..., None]


def with_mask(portrait: Portrait, colour: tuple[int, int, int]) -> Image:
    """Return the picture with a pleated mask."""
    share = lower_face(portrait)
    rows = np.arange(len(share))[:, None, None]
    cloth = np.array(colour) * (0.9 + 0.1 * np.sign(np.sin(rows / 4)))
    masked: Image = (share * cloth + (1 - share) * portrait.image[..., :3]).astype(np.uint8)
    return masked


def with_drawn_mouth(masked: Image, portrait: Portrait, colour: tuple[int, int, int]) -> Image:
    """Return the picture of a mask with a line drawn on it where the mouth is."""
    line = np.rint(portrait.face.landmarks[list(mesh.LIPS_INNER_UPPER), :2]).astype(np.int32)
    drawn = masked.copy()
    cv2.polylines(
        drawn, [line], False, colour, max(round(0.015 * portrait.face.width_px), 1), cv2.LINE_AA
    )
    return drawn
