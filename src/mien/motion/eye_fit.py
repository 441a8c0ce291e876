"""A driver's motion fitted to another face's eyes."""

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
"""Least and most that one eye's opening counts as against another's."""


def lid_scale(driver: Face, receiver: Face) -> Float64[np.ndarray, " 468"]:
    """By how much each vertex's motion is scaled for the receiver's own eye opening.

    A blink that shuts wide eyes would push the lids of narrow ones far past each other. Halfway (the square root of the
    openings' ratio) between the same centimetres and the same share of the opening: lids that meet stop there anyhow.
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
        motion: The driver's, as far as its face is seen.
        receiver: The face that receives it.
        blinks: Whether the lids' own motion counts.

    Returns:
        (T, 468, 2) canonical centimetres.
    """
    seen = components(motion if blinks else without_eyes(motion)).field_cm()
    scale = lid_scale(motion.face, receiver)[:, None]
    return by_parts(lambda part: (scale * seen[part]).astype(np.float32), len(seen))


def without_eyes(motion: MotionField) -> MotionField:
    """Return the motion with the lids' taken out; they follow the skin around them."""
    return motion.without(eye_region())
