"""The square crop of a face that a network sees."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mien.face.crop import FaceCrop
from mien.face.pose import Pose

SQUARE_CM = 20.0
"""Side of the square in canonical centimetres: forehead to chin, with a little margin."""

PUBLISHED_SQUARE_CM = 13.5
"""Side of the published systems' square: their two templates span 13.3 and 13.9 cm."""

FLOW_SQUARE_CM, FLOW_SQUARE_DOWN_CM = 16.5, 1.15
"""Side of the square in which the rig's exact flow is learned, and how far its centre lies below the face's, canonical
centimetres. It contains what expressions move, from the brows to below the chin."""


class SquareSize(NamedTuple):
    """Size and place of a network's square.

    Attributes:
        side_cm: Its side, canonical centimetres.
        down_cm: How far its centre lies below the face's, towards the chin, canonical centimetres.
    """

    side_cm: float = SQUARE_CM
    down_cm: float = 0.0


WHOLE_SQUARE = SquareSize()
"""The square around the whole face."""

_MIDDLE_CM = np.array([[0.0, 0.6, -4.0]])
"""The canonical face's centre, halfway between forehead and chin, at the depth of the cheeks."""


def face_square(
    pose: Pose,
    *,
    side_cm: float = SQUARE_CM,
    down_cm: float = 0.0,
    shift_cm: tuple[float, float] = (0.0, 0.0),
    turn_radians: float = 0.0,
) -> FaceCrop:
    """Return the square around a face, upright with it, whatever the head's size and tilt.

    Args:
        pose: Where the head is.
        side_cm: The square's side, canonical centimetres.
        down_cm: How far its centre lies below the face's, towards the chin, canonical centimetres.
        shift_cm: How far to move it (x right, y down, in the picture), canonical centimetres; used to
            vary crops in training.
        turn_radians: How far to turn it beyond the head's own roll, clockwise.
    """
    roll = np.radians(pose.roll_degrees)
    # "Down" is along the head's own axis, which a tilted head does not share with the picture.
    moved_cm = np.array(shift_cm) + down_cm * np.array([-np.sin(roll), np.cos(roll)])
    x_px, y_px = pose.project(_MIDDLE_CM)[0] + pose.scale_px_per_cm * moved_cm
    return FaceCrop(
        float(x_px),
        float(y_px),
        side_cm * pose.scale_px_per_cm,
        float(roll) + turn_radians,
    )
