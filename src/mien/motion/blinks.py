"""Blinks in a measured field, and a face's own clean blink in their stead.

Where a lid slides over an eyeball flow sees half of each, drags the lower lid along and jumps: carried to another face
as it is measured, that tears the eye. What is sure is when the lid went and about how far. So a lid that shuts is
taken out of the field, and the receiver's own lids, which meet exactly, close as far. The skin around them moves as it
was measured.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float32, Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.denoise import steadied
from mien.motion.field import MotionField
from mien.rig.basis import load_basis
from mien.rig.personal import lid_openings_cm, lid_weight, personalise
from mien.types import Vertices2

SHUT_SHARE = 0.4
"""An upper lid that goes down by this share of the eye's opening blinks; less is a lid that narrows or follows the
gaze, which flow sees well."""
EDGE_WEIGHT = 0.97
"""Weight of `lid_weight` (half a millimetre from a lid's edge) from which a vertex is the lid's own."""
MOST = 1.5
"""The most by which a closure is made larger to be measured as large as the driver's."""
_UPPER = {"L": mesh.LEFT_EYE_UPPER, "R": mesh.RIGHT_EYE_UPPER}


def closure(motion: MotionField, side: str) -> Float64[np.ndarray, " frames"] | None:
    """By what share of its opening an eye's upper lid has gone down, 0 to 1, steadied in time; None without a blink.

    Args:
        motion: The motion, before the face is lost.
        side: ``"L"`` or ``"R"``, the subject's own.
    """
    opening_cm = float(lid_openings_cm(motion.face, side)[1:-1, 1].mean())
    if opening_cm <= 0:
        return None
    down_cm = motion.displacement_cm[:, list(_UPPER[side][1:-1]), 1].mean(1)
    share = np.clip(steadied(down_cm / opening_cm, motion), 0, 1)
    return share if share.max() >= SHUT_SHARE else None


def own_blinks(
    blinks: dict[str, Float64[np.ndarray, " frames"]], receiver: Face
) -> Float32[np.ndarray, "frames 468 2"]:
    """Return the receiver's own blinks, in-plane canonical centimetres.

    Args:
        blinks: The closure of each side that blinks; one at least.
        receiver: The face that receives them.
    """
    basis = personalise(load_basis(), receiver)
    sides = [
        share[:, None, None] * basis.shape(f"AU45{side}")[None, :, :2]
        for side, share in blinks.items()
    ]
    field_cm: np.ndarray = np.sum(sides, axis=0).astype(np.float32)
    return field_cm


def away_from_lids(sides: tuple[str, ...]) -> Float32[np.ndarray, "468 1"]:
    """0 at the edges of these sides' lids and 1 elsewhere: the skin around them moves as it was measured."""
    near = np.max([np.zeros(mesh.VERTEX_COUNT), *(lid_weight(side) for side in sides)], axis=0)
    away: np.ndarray = (near < EDGE_WEIGHT)[:, None].astype(np.float32)
    return away


def measured_as_far(
    blinks: dict[str, Float64[np.ndarray, " frames"]],
    wanted_cm: Float32[np.ndarray, "frames 468 2"],
    receiver: Face,
    measure: Callable[[Vertices2], Vertices2],
) -> dict[str, Float64[np.ndarray, " frames"]]:
    """Close the receiver's eyes until the upper lids are measured to go as far as the driver's did.

    Args:
        blinks: The closure of each side that blinks.
        wanted_cm: The driver's motion, to the receiver's scale.
        receiver: The face that receives it.
        measure: Moves the receiver by a displacement, and measures what that moved.
    """
    result = {}
    for side, share in blinks.items():
        apex, upper = int(share.argmax()), list(_UPPER[side][1:-1])
        seen = measure(own_blinks({side: share[apex : apex + 1]}, receiver)[0])[upper, 1].mean()
        wanted = wanted_cm[apex, upper, 1].mean()
        more = float(np.clip(wanted / max(float(seen), 1e-6), 1, MOST))
        result[side] = np.clip(more * share, 0, 1)
    return result
