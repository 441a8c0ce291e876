"""Two pictures of a face and the exact motion between them."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64

from mien.face.portrait import Face
from mien.render.film import Film, filmed
from mien.render.warp import PortraitWarper
from mien.render.way_there import way_there
from mien.types import Image, Vertices3

_ONSET_AND_APEX = np.array([0.0, 1.0])


@dataclass(frozen=True, eq=False)
class FlowPair:
    """Two pictures of a face and the exact motion between them.

    Attributes:
        onset: (H, W, 3) the face at rest.
        apex: (H, W, 3) the face moved.
        flow_px: (H, W, 2) displacement (x right, y down), pixels: what the onset shows at p, the apex shows at
            ``p + flow_px[p]``, unless ``hidden[p]``.
        hidden: (H, W) pixels of the onset whose content the apex does not show.
        uncovered: (H, W) pixels of the apex whose content the onset does not show.
    """

    onset: Image = field(repr=False)
    apex: Image = field(repr=False)
    flow_px: Float32[np.ndarray, "height width 2"] = field(repr=False)
    hidden: Bool[np.ndarray, "height width"] = field(repr=False)
    uncovered: Bool[np.ndarray, "height width"] = field(repr=False)


def render_pair(
    warper: PortraitWarper, displacement_cm: Vertices3, film: Film | None = None
) -> FlowPair:
    """Render a portrait at rest and moved, and compute the motion of each pixel.

    Args:
        warper: The portrait.
        displacement_cm: (468, 3) canonical centimetres from the portrait's own expression to the apex.
        film: How the two pictures are filmed; None for a still head, no noise and no flicker.
    """
    portrait = warper.portrait
    pictures = (np.ascontiguousarray(portrait.image[..., :3]), warper.warp(displacement_cm))
    onset, apex = pictures[0], np.ascontiguousarray(pictures[1][..., :3])
    back = warper.way_back(displacement_cm)
    there_px = warper.way_there(displacement_cm, back).flow_px
    back_px, drawn = back.flow_px, back.drawn
    if film is not None:
        onset, apex = filmed((onset, apex), _ONSET_AND_APEX, 0.0, 1.0, portrait.face, film)
        placed = _placings(portrait.face, film)
        there_px = _filmed_flow(there_px, *placed)
        drawn = _at(drawn, placed[1])
        back_px = _filmed_flow(back_px, *placed[::-1])
    there = way_there(there_px, back_px, drawn)
    uncovered = way_there(back_px, there_px, np.zeros_like(drawn)).hidden | (drawn > 0.5)
    return FlowPair(onset, apex, there.flow_px, there.hidden, uncovered)


def _placings(
    face: Face, film: Film
) -> tuple[Float64[np.ndarray, "2 3"], Float64[np.ndarray, "2 3"]]:
    """Return the affine maps from the unfilmed to the filmed pixels of onset and apex."""
    return film.placing(face, 0.0), film.placing(face, 1.0)


def _filmed_flow(
    flow_px: Float32[np.ndarray, "height width 2"],
    first: Float64[np.ndarray, "2 3"],
    second: Float64[np.ndarray, "2 3"],
) -> Float32[np.ndarray, "height width 2"]:
    """Return the flow (H, W, 2) between two filmed pictures from the flow between the unfilmed ones.

    Args:
        flow_px: (H, W, 2) displacement (x, y) from the first to the second unfilmed picture, pixels.
        first: (2, 3) affine map from the pixels of the first unfilmed picture to those of the filmed one.
        second: (2, 3) affine map of the second picture.
    """
    height, width = flow_px.shape[:2]
    pixels = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float64)
    unfilmed = _mapped(cv2.invertAffineTransform(first), pixels)
    moved = _mapped(second, unfilmed + _at(flow_px, first))
    return (moved - pixels).astype(np.float32)


def _mapped(
    affine: Float64[np.ndarray, "2 3"], points: Float64[np.ndarray, "*points 2"]
) -> Float64[np.ndarray, "*points 2"]:
    mapped: Float64[np.ndarray, "*points 2"] = points @ affine[:, :2].T + affine[:, 2]
    return mapped


def _at(
    values: Float32[np.ndarray, "height width *rest"], placing: Float64[np.ndarray, "2 3"]
) -> Float32[np.ndarray, "height width *rest"]:
    """Return an array over an unfilmed picture, resampled to the pixels of the filmed picture."""
    size = values.shape[1], values.shape[0]
    return cv2.warpAffine(
        values, placing, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
