"""Compute motion arrows on a face, for an expression or a measured clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion.eye_fit import fitted_field_cm
from mien.motion.field import MotionField
from mien.plots.arrows import magnification, spread_vertices
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.types import Times


@dataclass(frozen=True, eq=False)
class Arrows:
    """How an expression, or a measured motion, moves points of a face.

    Attributes:
        times_seconds: (T,) seconds since the clip's start.
        points_px: (P, 2) the points at rest, pixels (x, y) of the portrait.
        displacement_px: (T, P, 2) displacement of each point.
        magnification: A factor that makes the longest arrow easy to see.
    """

    times_seconds: Times
    points_px: Float64[np.ndarray, "points 2"]
    displacement_px: Float32[np.ndarray, "frames points 2"]
    magnification: int

    @property
    def largest_px(self) -> float:
        """Length of the longest displacement."""
        return float(np.linalg.norm(self.displacement_px, axis=-1).max(initial=0.0))


def expression_arrows(portrait: Portrait, track: AUTrack) -> Arrows:
    """Return how the rig moves points spread over a face, for every row of a track."""
    basis = personalise(load_basis(), portrait.face)
    shapes = basis.displacements_cm[:, list(spread_vertices())].astype(np.float64)
    weights = track.to_sided() / MAX_INTENSITY
    return _arrows(portrait, np.tensordot(weights, shapes, axes=1), track.times_seconds)


def field_arrows(
    portrait: Portrait, motion: MotionField, strength: float = 1.0, *, blinks: bool = True
) -> Arrows:
    """Return how a driver's motion, transferred to a portrait, moves points spread over its face.

    Args:
        portrait: The face that receives the motion.
        motion: The driver's motion, counted from its neutral frame.
        strength: Factor by which the motion is multiplied.
        blinks: Whether the lids move too.
    """
    kept = motion.kept()
    carried = fitted_field_cm(kept, portrait.face, blinks=blinks)
    moved = strength * carried[:, list(spread_vertices())]
    flat = np.concatenate([moved, np.zeros_like(moved[..., :1])], -1)
    return _arrows(portrait, flat, kept.times_seconds)


def _arrows(
    portrait: Portrait, moved_cm: Float[np.ndarray, "frames points 3"], times_seconds: Times
) -> Arrows:
    chosen = list(spread_vertices())
    strongest = int(np.linalg.norm(moved_cm, axis=-1).sum(1).argmax())
    whole = np.zeros((mesh.VERTEX_COUNT, 2), np.float32)
    whole[chosen] = moved_cm[strongest, :, :2]
    return Arrows(
        times_seconds,
        portrait.face.landmarks[chosen, :2].astype(np.float64),
        portrait.face.pose.project_vectors(moved_cm).astype(np.float32),
        magnification(whole),
    )
