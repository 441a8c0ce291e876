"""Fit a driver's motion to another face's eyes."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.face.regions import eye_region
from mien.motion.denoise import components
from mien.motion.field import MotionField
from mien.rig.personal import lid_openings_cm, lid_weight
from mien.scratch import by_parts

LID_RATIO = (0.4, 1.6)
"""Limits of the receiver's eye opening divided by the driver's; a ratio outside counts as the limit."""


def lid_scale(driver: Face, receiver: Face) -> Float64[np.ndarray, " 468"]:
    """Return the factor by which each vertex's motion is scaled to fit the receiver's eye openings.

    Without scaling, a blink that shuts wide eyes would push the lids of narrow eyes far past each other. The factor at
    the lids is the square root of the ratio of the openings. This lies halfway between the same motion in centimetres
    and the same share of the opening; it is enough, because lids that meet stop in any case.

    Args:
        driver: The face whose motion is scaled.
        receiver: The face that receives it.
    """
    scale = np.ones(mesh.VERTEX_COUNT)
    for side in ("L", "R"):
        openings = [lid_openings_cm(face, side)[1:-1, 1].mean() for face in (driver, receiver)]
        if openings[0] <= 0:
            continue
        ratio = float(np.sqrt(np.clip(openings[1] / openings[0], *LID_RATIO)))
        scale *= 1 + (ratio - 1) * lid_weight(side)
    return scale


def fitted_field_cm(
    motion: MotionField, receiver: Face, *, blinks: bool = True
) -> Float32[np.ndarray, "frames 468 2"]:
    """Return a driver's motion for a receiver's own eyes; see `lid_scale`.

    Args:
        motion: The driver's motion, before the face is lost.
        receiver: The face that receives it.
        blinks: Whether to keep the motion of the eye region; otherwise it follows the skin around it.

    Returns:
        (T, 468, 2) canonical centimetres.
    """
    seen = components(motion if blinks else without_eyes(motion)).field_cm()
    scale = lid_scale(motion.face, receiver)[:, None]
    return by_parts(lambda part: (scale * seen[part]).astype(np.float32), len(seen))


def without_eyes(motion: MotionField) -> MotionField:
    """Return the motion without confidence in the eye region, whose vertices then follow the skin around them."""
    return motion.without(eye_region())
