"""Find a face's eyes, and move a picture so that they are at a wanted place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float64, UInt8

from mien.face.mesh import LEFT_EYE_UPPER, RIGHT_EYE_UPPER
from mien.face.portrait import Face
from mien.types import Image

Shown: TypeAlias = UInt8[np.ndarray, "shown_height shown_width channels"]
"""A frame as it is shown, RGB or RGBA; its size need not be the picture's."""

Placing: TypeAlias = Float64[np.ndarray, "2 3"]
"""Affine map from a pixel of the portrait to its place in the frame: rotation, scale and shift."""


@dataclass(frozen=True)
class Eyes:
    """The eyes of a face in a picture.

    Attributes:
        middle_px: (x, y) of the point midway between the eyes.
        distance_px: Distance between the centres of the eyes.
        roll_radians: Rotation of the line from the subject's right eye to the left, clockwise in the picture.
    """

    middle_px: tuple[float, float]
    distance_px: float
    roll_radians: float = 0.0

    @classmethod
    def of(cls, face: Face) -> Eyes:
        """Return a face's eyes: each is midway between its corners, which do not move with blinks and gaze."""
        right, left = (
            np.asarray(face.landmarks)[[lid[0], lid[-1]], :2].astype(float).mean(axis=0)
            for lid in (RIGHT_EYE_UPPER, LEFT_EYE_UPPER)
        )
        across = left - right
        middle = (left + right) / 2
        return cls(
            (float(middle[0]), float(middle[1])),
            float(np.hypot(*across)),
            float(np.arctan2(across[1], across[0])),
        )


def wanted_eyes(
    size_px: tuple[int, int], distance_px: float | None, height_px: float | None
) -> Eyes:
    """Return where the eyes are in frames of a size.

    Args:
        size_px: (width, height).
        distance_px: Distance between the eyes; a quarter of the width if None.
        height_px: Distance of the eyes from the upper edge; 0.42 of the height if None.
    """
    width, height = size_px
    return Eyes(
        ((width - 1) / 2, 0.42 * height if height_px is None else height_px),
        width / 4 if distance_px is None else distance_px,
    )


def placing(eyes: Eyes, wanted: Eyes) -> Placing:
    """Return the affine map (2, 3) that moves a face's eyes to the wanted place."""
    scale = wanted.distance_px / eyes.distance_px
    turn = wanted.roll_radians - eyes.roll_radians
    linear = scale * np.array(
        [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]], dtype=np.float64
    )
    shift = np.asarray(wanted.middle_px) - linear @ np.asarray(eyes.middle_px)
    return np.concatenate([linear, shift[:, None]], axis=1)


def placed(image: Image, to_frame: Placing, size_px: tuple[int, int], grey: int) -> Shown:
    """Return a picture moved into a frame; what lies beyond the picture is grey.

    Args:
        image: (H, W, 3) or (H, W, 4) uint8.
        to_frame: The result of `placing`.
        size_px: (width, height) of the frame.
        grey: Grey level, 0 to 255. With an alpha channel, this grey is opaque.
    """
    import cv2

    scale = float(np.hypot(*to_frame[:, 0]))
    if scale < 0.5:  # otherwise interpolation would skip pixels
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.5 / scale), np.uint8)
    channels = image.shape[2]
    border = (grey, grey, grey, 255)[:channels]
    moved = cv2.warpAffine(
        image,
        to_frame,
        size_px,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=border,
    )
    return np.asarray(moved, np.uint8)
