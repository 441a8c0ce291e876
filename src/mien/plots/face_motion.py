"""What an expression moves on one face: regions of action units, and arrows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from mien.au.catalog import CATALOG, RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion.eye_fit import fitted_field_cm
from mien.motion.field import MotionField
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.types import Times

REGION_SHARE = 1 / 3
"""An action unit's region is where it moves skin by at least this share of its largest motion."""

_SIMPLIFIED_NODES = 0.5
"""Corners of a region's outline nearer than this to a straight line are left out."""

Polygon = list[list[float]]
"""Corners (x, y) in the picture's pixels."""


def au_regions(portrait: Portrait) -> dict[str, list[Polygon]]:
    """Outline where each action unit moves the skin of a face.

    Returns:
        Polygons in the portrait's pixels by AU name: every name of the rig, and for sided units the
        plain name with the polygons of both sides.
    """
    import cv2

    from mien.render import flow

    grid = flow.face_grid(portrait.face)
    operator = flow.node_weights(portrait.face, grid, portrait.image.shape[:2])
    basis = personalise(load_basis(), portrait.face)
    regions: dict[str, list[Polygon]] = {}
    for name in RIG_NAMES:
        moved = flow.vertices_px(portrait.face, basis.shape(name))
        field = flow.smooth((operator @ moved).reshape(grid.rows, grid.cols, 2).astype(np.float32))
        size = np.linalg.norm(field, axis=-1)
        inside = (size >= max(REGION_SHARE * float(size.max()), 1e-6)).astype(np.uint8)
        outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        corners = (cv2.approxPolyDP(line, _SIMPLIFIED_NODES, True)[:, 0] for line in outlines)
        first, step = grid.nodes_px[0, 0], grid.step_px
        regions[name] = [
            np.round(first + step * line, 1).tolist() for line in corners if len(line) >= 3
        ]
    for name, unit in CATALOG.items():
        if unit.sided:
            regions[name] = [polygon for side in sided_names(name) for polygon in regions[side]]
    return regions


@dataclass(frozen=True, eq=False)
class Arrows:
    """Where an expression, or a motion that was measured, moves points of a face.

    Attributes:
        times_seconds: (T,) seconds since the clip's start.
        points_px: (P, 2) the points at rest, pixels (x, y) of the portrait.
        displacement_px: (T, P, 2) how far each is moved.
        magnification: the round factor that makes the longest arrow easy to see.
    """

    times_seconds: Times
    points_px: Float64[np.ndarray, "points 2"]
    displacement_px: Float32[np.ndarray, "frames points 2"]
    magnification: int

    @property
    def largest_px(self) -> float:
        """The longest displacement."""
        return float(np.linalg.norm(self.displacement_px, axis=-1).max(initial=0.0))


def expression_arrows(portrait: Portrait, track: AUTrack) -> Arrows:
    """Where the rig moves points spread over a face, in every row of a track."""
    from mien.plots.arrows import spread_vertices

    basis = personalise(load_basis(), portrait.face)
    shapes = basis.displacements_cm[:, list(spread_vertices())].astype(np.float64)
    weights = track.to_sided() / MAX_INTENSITY
    return _arrows(portrait, np.tensordot(weights, shapes, axes=1), track.times_seconds)


def field_arrows(
    portrait: Portrait, motion: MotionField, strength: float = 1.0, *, blinks: bool = True
) -> Arrows:
    """Where a driver's motion, carried onto a portrait, moves points spread over its face.

    Args:
        portrait: The face that receives the motion.
        motion: The driver's, counted from its neutral.
        strength: Multiplies it.
        blinks: Whether the lids' own motion counts.
    """
    from mien.plots.arrows import spread_vertices

    kept = motion.kept()
    carried = fitted_field_cm(kept, portrait.face, blinks=blinks)
    moved = strength * carried[:, list(spread_vertices())]
    flat = np.concatenate([moved, np.zeros_like(moved[..., :1])], -1)
    return _arrows(portrait, flat, kept.times_seconds)


def _arrows(
    portrait: Portrait, moved_cm: Float64[np.ndarray, "frames points 3"], times_seconds: Times
) -> Arrows:
    from mien.plots.arrows import magnification, spread_vertices

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
