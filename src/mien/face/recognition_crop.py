"""The crop in which micro-expressions are recognised: an upright face with little around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from mien.errors import FaceError
from mien.face import mesh
from mien.face.crop import FaceCrop
from mien.face.portrait import Face
from mien.types import Image, Landmarks

HEIGHT_PX = 140
"""Height of a crop: five pixels for each of a flow map's 28 rows."""


@dataclass(frozen=True)
class Framing:
    """How a face lies in its crop.

    The defaults are near the middle of the ranges of :meth:`drawn`; the mean maps of the MEGC2019 composite lie within
    these ranges.

    Attributes:
        eye_distance_share: Distance between the centres of the eyes over the crop's width.
        eye_row_share: Position of the eyes between the crop's top (0) and bottom (1).
        height_over_width: Height of the crop divided by its width.
        shift_shares: Shift of the crop's centre from the face's, right and down, over the crop's width.
    """

    eye_distance_share: float = 0.53
    eye_row_share: float = 0.24
    height_over_width: float = 1.25
    shift_shares: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if not (0 < self.eye_distance_share < 1 and 1 <= self.height_over_width <= 2):
            raise FaceError(f"expected the eyes in a crop up to twice as high as wide, got {self}")

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Framing:
        """Draw a framing at random, because data sets are cropped in different ways."""
        distance, row, form = (
            float(rng.uniform(*ends)) for ends in ((0.44, 0.60), (0.18, 0.32), (1.1, 1.4))
        )
        right, down = (float(value) for value in rng.normal(0, 0.02, 2))
        return cls(distance, row, form, (right, down))

    @property
    def width_px(self) -> int:
        """Width of the crop: 112 by default, four pixels for each of a flow map's 28 columns."""
        return 2 * round(HEIGHT_PX / self.height_over_width / 2)


def recognition_crop(face: Face, framing: Framing | None = None) -> FaceCrop:
    """Return the square that contains the crop: as high as the crop, with the same centre, and with level eyes."""
    framing = framing or Framing()
    right, left = _eye(face.landmarks, "right"), _eye(face.landmarks, "left")
    across = left - right
    distance_px = float(np.hypot(*across))
    along = across / distance_px
    down = np.array([-along[1], along[0]])
    width_px = distance_px / framing.eye_distance_share
    height_px = width_px * framing.height_over_width
    shift_right, shift_down = framing.shift_shares
    x_px, y_px = (
        (left + right) / 2
        + ((0.5 - framing.eye_row_share) * height_px + shift_down * width_px) * down
        + shift_right * width_px * along
    )
    return FaceCrop(float(x_px), float(y_px), height_px, float(np.arctan2(along[1], along[0])))


def cut_for_recognition(
    image: Image, crop: FaceCrop, framing: Framing | None = None
) -> Float32[np.ndarray, "140 crop_width 3"]:
    """Draw a crop.

    Args:
        image: (H, W, 3 or 4) uint8; alpha is ignored.
        crop: The result of `recognition_crop` for this picture or another frame of its clip.
        framing: The framing that was given to `recognition_crop`.

    Returns:
        (140, W, 3) float32, 0 to 255; W is the framing's.
    """
    width_px = (framing or Framing()).width_px
    square = crop.sample(np.ascontiguousarray(image[..., :3]), HEIGHT_PX)
    beside = (HEIGHT_PX - width_px) // 2
    return np.ascontiguousarray(square[:, beside : beside + width_px])


def _eye(landmarks: Landmarks, side: str) -> np.ndarray:
    """Return the point midway between an eye's two corners, (2,) pixels; gaze does not move it."""
    lid = mesh.RIGHT_EYE_UPPER if side == "right" else mesh.LEFT_EYE_UPPER
    middle: np.ndarray = landmarks[[lid[0], lid[-1]], :2].mean(0, dtype=np.float64)
    return middle
