"""Estimate how far each action unit's intensity can be trusted in each frame."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Float32

from mien.au.intensity import MAX_INTENSITY
from mien.rig.visible import VISIBLE_SHARE
from mien.scratch import by_parts, parts_of
from mien.types import Times

OF_BEST = 0.8
"""An AU is measured in a frame only if at least this share of its best view in the clip is visible, so that it is not
measured where the edge of a hand covers a part of it."""
LEAST = 0.001
"""Least confidence of a measured intensity; 0 means that it was not measured."""


def unit_confidence(
    shapes_cm: Float[np.ndarray, "units 468 2"],
    confidence: Float[np.ndarray, "frames 468"],
    residual_cm: Float[np.ndarray, " frames"],
    explained: Float[np.ndarray, " frames"],
    followed: Bool[np.ndarray, " frames"],
) -> Float32[np.ndarray, "frames units"]:
    """Return each unit's confidence in each frame, 0 to 1; 0 where it was not measured.

    The confidence is the product of three factors:

    - the mean confidence of the vertices, weighted by how much the unit moves them;
    - the share of the frame's motion that action units explain;
    - ``1 / (1 + e**2)``, where ``e`` is the error in FACS units if the unexplained motion looked like the unit. It is
      larger for units that move little skin.

    Args:
        shapes_cm: (A, 468, 2) each unit at full intensity, seen from the face's pose, canonical centimetres.
        confidence: (T, 468) of each vertex; 0 where it is covered or outside the picture.
        residual_cm: (T,) root mean square of the motion that no unit explains, canonical centimetres.
        explained: (T,) share of the frame's motion that the units explain; 1 where nothing moves.
        followed: (T,) which frames show the face.
    """
    energy = (shapes_cm.astype(np.float64) ** 2).sum(-1)
    share = energy / energy.sum(1, keepdims=True)
    frames = len(confidence)
    unit_cm = np.sqrt((share * energy).sum(1)) / MAX_INTENSITY

    def in_view(part: slice) -> np.ndarray:
        seen: np.ndarray = (confidence[part] > 0) @ share.T
        return seen

    best = np.max([in_view(part).max(0) for part in parts_of(frames)], axis=0)
    enough = np.maximum(VISIBLE_SHARE, OF_BEST * best)

    def sure(part: slice) -> np.ndarray:
        surely = confidence[part].astype(np.float64) @ share.T
        error = residual_cm[part, None] / unit_cm
        product = surely * explained[part, None] / (1 + error**2)
        measured = (in_view(part) >= enough) & followed[part, None]
        return np.where(measured, np.clip(product, LEAST, 1), 0).astype(np.float32)

    return by_parts(sure, frames)


def bridged(
    values: Float[np.ndarray, "frames units"],
    measured: Bool[np.ndarray, "frames units"],
    times_seconds: Times,
) -> Float[np.ndarray, "frames units"]:
    """Return values in which those that were not measured are interpolated linearly in time.

    Before the first and after the last measured value, that value is repeated. A unit that was never measured keeps its
    values.
    """
    result = values.copy()
    for column in np.flatnonzero(~measured.all(0) & measured.any(0)):
        known = measured[:, column]
        result[:, column] = np.interp(times_seconds, times_seconds[known], values[known, column])
    return result
