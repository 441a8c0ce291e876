"""Blinks of a portrait, and the fold of a motion where a lid slides over the eye.

A dense motion on coarse cells cannot jump. Where an upper lid goes down over an eye, the cells between lid and eye
would squeeze the eyeball into a strip and leave the eye open by it. So each pixel between the two takes the motion of
one side, mostly the upper one's, and the strip is covered.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32

from mien.face.portrait import Face
from mien.motion.blinks import Blinks, away_from_lids, closure, own_blinks
from mien.motion.field import MotionField

FINER = 8
"""How many times finer a motion is made before it is folded."""

REACH_CM = 0.39
"""How far above and below a pixel the motions on both sides of a fold are looked for, canonical centimetres."""

LOWER_SHARE = 0.25
"""Share of the step between the two sides, from the lower one on, that takes the lower side's motion: the upper lid
lies over the eye."""

FOLD_CM = (0.25, 0.5)
"""Height of the content that vanishes between these two, canonical centimetres, from which a motion begins to fold,
and from which it does so wholly. Skin is squeezed less."""


def blinks_of_both(motion: MotionField, receiver: Face, strength: float = 1.0) -> Blinks | None:
    """Return the receiver's own blinks when a driver blinks; None if it does not.

    Lids that blink together are as far shut as the one that is seen to be further: flow loses a lid that shuts
    completely, more often on one side than on both.

    Args:
        motion: The driver's motion, before the face is lost.
        receiver: The face that receives it.
        strength: Factor of the closure; the lids never pass each other.
    """
    found = {side: closure(motion, side) for side in "LR"}
    shares = {side: share for side, share in found.items() if share is not None}
    if not shares:
        return None
    together = np.minimum(strength * np.maximum.reduce(list(shares.values())), 1)
    closing = dict.fromkeys(shares, together)
    return Blinks(own_blinks(closing, receiver), away_from_lids(tuple(closing)))


def folded(
    displacement: Float32[np.ndarray, "h w 2"], side_cm: float
) -> Float32[np.ndarray, "height width 2"] | None:
    """Make a backward motion `FINER` times finer, folded where lids shut; None if it folds nowhere.

    Args:
        displacement: For each cell where its content comes from, relative and normalised (2 is the square's side).
        side_cm: Side of the square, canonical centimetres.
    """
    per_cm = 2 / side_cm
    low, high = (per_cm * cm for cm in FOLD_CM)
    coarse = np.ascontiguousarray(displacement, np.float32)
    cells = max(1, round(REACH_CM / side_cm * len(coarse)))
    if _vanished(coarse[..., 1], cells + 1).max() <= low:
        return None
    fine = cv2.resize(coarse, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_CUBIC)
    # A cubic goes through its nodes with kinks in its curvature; they must not show as blocks.
    fine = np.asarray(cv2.GaussianBlur(fine, (0, 0), 0.5 * FINER))
    reach = max(1, round(REACH_CM / side_cm * len(fine)))
    gone = np.clip((_vanished(fine[..., 1], reach) - low) / (high - low), 0, 1)
    share = (gone * gone * (3 - 2 * gone))[..., None]
    above, below = _shifted(fine, reach), _shifted(fine, -reach)
    column = np.ones((2 * reach + 1, 1), np.uint8)
    least, most = cv2.erode(fine[..., 1], column), cv2.dilate(fine[..., 1], column)
    is_lower = most - fine[..., 1] < LOWER_SHARE * (most - least)
    sides = np.where(is_lower[..., None], below, above)
    sides[..., 1] = np.where(is_lower, most, least)
    result: np.ndarray = fine + share * (sides - fine)
    return result.astype(np.float32)


def _shifted(field: np.ndarray, rows: int) -> np.ndarray:
    """Return what lies a number of rows above each pixel (below: negative); the border is repeated."""
    at = np.clip(np.arange(len(field)) - rows, 0, len(field) - 1)
    moved: np.ndarray = field[at]
    return moved


def _vanished(down: Float32[np.ndarray, "h w"], reach: int) -> Float32[np.ndarray, "h w"]:
    """Return the height of the content that vanishes within a reach above and below each pixel, normalised."""
    gone: np.ndarray = _shifted(down, -reach) - _shifted(down, reach)
    return gone
