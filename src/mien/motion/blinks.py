"""Find blinks in a measured field, and replace them by clean blinks of the receiving face.

Where a lid slides over an eyeball, optical flow mixes the motion of both, moves the lower lid too, and jumps. If this
field were transferred to another face as measured, it would distort the eye. Only the timing of the lid's motion and
its approximate extent are reliable. Therefore the motion of a closing lid is removed from the field, and the receiver's
own lids, which meet exactly, close by the same share. The skin around the lids moves as measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.denoise import steadied
from mien.motion.field import MotionField
from mien.rig.basis import RigBasis, load_basis
from mien.rig.personal import lid_openings_cm, lid_weight, personalise
from mien.rig.seen import seen_basis
from mien.scratch import by_parts

SHUT_SHARE = 0.65
"""An eye blinks if flow measures, for its upper lid, at least this share of what flow measures in a full blink. With
full flow this is a third of the eye's opening. A smaller motion is a squint, or a lid that follows the gaze; flow
measures both well."""
EDGE_WEIGHT = 0.97
"""From this `lid_weight` on (half a millimetre from the edge) a vertex belongs to the lid."""
DIP_SECONDS = 0.12
"""A shut lid that seems to open for less than this time counts as shut: eyes do not reopen that fast, so flow has lost
the lid."""
LOST = 0.05
"""Flow has lost a lid in frames where filling a dip (see `DIP_SECONDS`) raises its closure by more than this."""
_UPPER = {"L": mesh.LEFT_EYE_UPPER, "R": mesh.RIGHT_EYE_UPPER}


def closure(motion: MotionField, side: str) -> Float64[np.ndarray, " frames"] | None:
    """Return how far an eye's upper lid is closed in each frame, 0 (as at first) to 1 (shut), smoothed in time.

    Flow shows only about half of the distance that a shutting lid moves over the eyeball. The measured motion is
    therefore divided by what the same flow measures in a full blink (`mien.rig.seen`).

    Args:
        motion: The motion, before the face is lost.
        side: ``"L"`` or ``"R"``, the subject's own.

    Returns:
        (T,) the closure; None if the eye does not blink.
    """
    if lid_openings_cm(motion.face, side)[1:-1, 1].mean() <= 0:
        return None
    upper = list(_UPPER[side][1:-1])
    shut_cm = float(seen_basis(motion.face, motion.flow).shape(f"AU45{side}")[upper, 1].mean())
    down_cm = by_parts(lambda part: motion.displacement_cm[part][:, upper, 1].mean(1), len(motion))
    share = np.clip(steadied(down_cm / shut_cm, motion), 0, 1)
    return share if share.max() >= SHUT_SHARE else None


def closures(motion: MotionField) -> dict[str, Float64[np.ndarray, " frames"]]:
    """Return the closure of each eye that blinks, by side, without the dips where flow lost a shut lid.

    A dip is filled up to the lower of the two peaks beside it, if the lid is shut at both. If both eyes blink, their
    lids shut together, so a lid that flow lost gets the closure of the other one if that is larger.

    Args:
        motion: The motion, before the face is lost.
    """
    seen = {side: closure(motion, side) for side in "LR"}
    seconds = motion.frame_seconds
    filled = {s: _without_dips(each, seconds) for s, each in seen.items() if each is not None}
    result = {}
    for side, share in filled.items():
        lost = share - seen[side] > LOST
        result[side] = np.where(lost, np.max(list(filled.values()), axis=0), share)
    return result


def _without_dips(
    share: Float64[np.ndarray, " frames"], frame_seconds: float
) -> Float64[np.ndarray, " frames"]:
    """Fill dips between shut lids that are shorter than `DIP_SECONDS`; see `closures`."""
    from scipy.ndimage import grey_closing

    frames = int(DIP_SECONDS / frame_seconds)
    filled = grey_closing(share, max(frames, 1), mode="constant")
    shut: np.ndarray = np.where(filled >= SHUT_SHARE, np.maximum(filled, share), share)
    return shut


def own_blinks(
    blinks: dict[str, Float64[np.ndarray, " frames"]], receiver: Face
) -> Float32[np.ndarray, "frames 468 2"]:
    """Return the receiver's own blinks, in-plane canonical centimetres.

    Args:
        blinks: The closure of each side that blinks; at least one side.
        receiver: The face that receives the blinks.
    """
    return _blinks(blinks, personalise(load_basis(), receiver))


def own_lids(
    blinks: Mapping[str, Float64[np.ndarray, " frames"]],
    raised: Mapping[str, Float64[np.ndarray, " frames"]],
    receiver: Face,
) -> Float32[np.ndarray, "frames 468 2"]:
    """Return the motion (T, 468, 2) of a face's own lids that close and rise, canonical centimetres.

    Args:
        blinks: (T,) the closure by side, 0 to 1.
        raised: (T,) by side, how far the upper lid rises: 1 is AU5 at level E.
        receiver: The face.
    """
    basis = personalise(load_basis(), receiver)
    moved: np.ndarray = _blinks(blinks, basis) + _blinks(raised, basis, "AU5")
    return moved


def _blinks(
    blinks: Mapping[str, Float64[np.ndarray, " frames"]], basis: RigBasis, au: str = "AU45"
) -> Float32[np.ndarray, "frames 468 2"]:
    """Return the motion (T, 468, 2) of blinks with these closures and a basis's shapes, canonical centimetres."""

    def field_cm(part: slice) -> np.ndarray:
        sides = [
            share[part, None, None] * basis.shape(f"{au}{side}")[None, :, :2]
            for side, share in blinks.items()
        ]
        moved: np.ndarray = np.sum(sides, axis=0).astype(np.float32)
        return moved

    return by_parts(field_cm, len(next(iter(blinks.values()))))


def away_from_lids(sides: tuple[str, ...]) -> Float32[np.ndarray, "468 1"]:
    """Return weights of the measured motion: 0 at the edges of the lids that blink, and 1 elsewhere."""
    near = np.max([np.zeros(mesh.VERTEX_COUNT), *(lid_weight(side) for side in sides)], axis=0)
    away: np.ndarray = (near < EDGE_WEIGHT)[:, None].astype(np.float32)
    return away


class Blinks(NamedTuple):
    """A receiver's own blinks, in place of a driver's.

    Attributes:
        lids_cm: (T, 468, 2) motion of the receiver's lids, canonical centimetres.
        away: (468, 1) weights of the measured motion, see `away_from_lids`.
        seen_cm: (T, 468, 2) the driver's blink as flow sees it, canonical centimetres.
    """

    lids_cm: Float32[np.ndarray, "frames 468 2"]
    away: Float32[np.ndarray, "468 1"]
    seen_cm: Float32[np.ndarray, "frames 468 2"]


def blinks_of(motion: MotionField, receiver: Face, strength: float = 1.0) -> Blinks | None:
    """Return the receiver's own blinks where the driver blinks; None if the driver does not blink.

    Args:
        motion: The driver's motion, before the face is lost.
        receiver: The face that receives it.
        strength: Factor of the closure; the closure is limited to 1, so that the lids never pass each other.
    """
    found = closures(motion)
    if not found:
        return None
    shares = {side: np.minimum(strength * share, 1) for side, share in found.items()}
    # What flow sees does not include the closure that was filled in where flow had lost a lid.
    seen = {side: share for side in found if (share := closure(motion, side)) is not None}
    seen_cm = _blinks(seen, seen_basis(motion.face, motion.flow))
    return Blinks(own_blinks(shares, receiver), away_from_lids(tuple(found)), seen_cm)
