"""The square of a picture that a network gets to see of a face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from mien.face.crop import FaceCrop
from mien.face.pose import Pose

SQUARE_CM = 20.0
"""Side of the square in canonical centimetres: forehead to chin, with a little of what is around."""

_MIDDLE_CM = np.array([[0.0, 0.6, -4.0]])
"""The canonical face's middle, halfway between forehead and chin, at the cheeks' depth."""

CropName: TypeAlias = Literal["whole", "tight"]
"""Name of the square that a network sees; see `CROPS`."""


@dataclass(frozen=True)
class CropShape:
    """Size and place of a square, in canonical centimetres of the head.

    Attributes:
        side_cm: Its side.
        down_cm: How far its middle lies below the face's, towards the chin.
    """

    side_cm: float
    down_cm: float


WHOLE: CropName = "whole"
"""The square of a network or a face set that names none."""

CROPS: dict[CropName, CropShape] = {
    WHOLE: CropShape(SQUARE_CM, 0.0),
    "tight": CropShape(16.5, 1.15),
}
"""The squares by name: the whole face with a margin, or what expressions move, from the brows to below the chin."""


def named_square(
    pose: Pose,
    crop: CropName,
    *,
    scale: float = 1.0,
    shift_cm: tuple[float, float] = (0.0, 0.0),
    turn_radians: float = 0.0,
) -> FaceCrop:
    """Return a square of `CROPS` on a face.

    Args:
        pose: Where the head is.
        crop: Its name.
        scale: Factor of its side.
        shift_cm: How far to move it (x right, y down, in the picture), beyond its own place.
        turn_radians: How far to turn it beyond the head's own roll, clockwise.
    """
    shape = CROPS[crop]
    roll = np.radians(pose.roll_degrees)
    # The head's own down, which a rolled head does not share with the picture.
    x_cm, y_cm = shape.down_cm * np.array([-np.sin(roll), np.cos(roll)]) + np.array(shift_cm)
    return face_square(
        pose,
        side_cm=scale * shape.side_cm,
        shift_cm=(float(x_cm), float(y_cm)),
        turn_radians=turn_radians,
    )


def face_square(
    pose: Pose,
    *,
    side_cm: float = SQUARE_CM,
    shift_cm: tuple[float, float] = (0.0, 0.0),
    turn_radians: float = 0.0,
) -> FaceCrop:
    """Return the square around a face, upright with it, whatever the head's size and tilt.

    Args:
        pose: Where the head is.
        side_cm: The square's side, canonical centimetres.
        shift_cm: How far to move it (x right, y down, in the picture), for training on crops that
            are never quite the same.
        turn_radians: How far to turn it beyond the head's own roll, clockwise.
    """
    x_px, y_px = pose.project(_MIDDLE_CM)[0] + pose.scale_px_per_cm * np.array(shift_cm)
    return FaceCrop(
        float(x_px),
        float(y_px),
        side_cm * pose.scale_px_per_cm,
        float(np.radians(pose.roll_degrees)) + turn_radians,
    )
