"""Measure how a face's skin moves from a micro-expression's onset to its apex: dense flow on the aligned crop."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from jaxtyping import Float32

from mien.errors import UsageError
from mien.face.portrait import Face, find_face
from mien.face.recognition_crop import Framing, cut_for_recognition, recognition_crop
from mien.motion.dense_flow import dense_flow
from mien.motion.field import MotionField
from mien.motion.flow_method import FlowMethod
from mien.types import Image

CropFlow: TypeAlias = Float32[np.ndarray, "140 crop_width 2"]
"""How far each pixel of the onset's crop moved, to the right and down, in pixels of the crop."""

ATTACHMENT = 0.15 * 255
"""Weight of the pictures against the flow's smoothness in TV-L1: OpenCV's 0.15 for grey levels up to 255, with which
the flow of published recognisers was computed. scikit-image's default (15) smooths more than twice as much."""


def onset_apex_flow(
    onset: Image,
    apex: Image,
    method: FlowMethod = "tvl1",
    face: Face | None = None,
    framing: Framing | None = None,
) -> CropFlow:
    """Measure the flow from onset to apex.

    Both frames are cut with the onset's crop, so the flow contains the head's own motion, as does the input of the
    published recognisers.

    Args:
        onset: (H, W, 3 or 4) uint8.
        apex: The same size.
        method: See `FlowMethod`.
        face: The onset's face, if it is already known; otherwise the largest face in the picture is used.
        framing: How the face lies in the crop.

    Returns:
        (140, W, 2), the input of :func:`mien.motion.flow_maps.flow_maps`. W is 112 for the default framing.

    Raises:
        FaceError: No usable face at the onset.
        UsageError: The frames differ in size, or the method is unknown.
        MissingExtraError: scikit-image, which has TV-L1, is not installed.
    """
    if onset.shape[:2] != apex.shape[:2]:
        raise UsageError(
            f"expected onset and apex of one size, got {onset.shape[1]}x{onset.shape[0]} and "
            f"{apex.shape[1]}x{apex.shape[0]}"
        )
    crop = recognition_crop(face or find_face(onset, "largest"), framing)
    first, second = (_grey(cut_for_recognition(frame, crop, framing)) for frame in (onset, apex))
    return dense_flow(first, second, method, ATTACHMENT)


def most_moved(field: MotionField) -> int:
    """Return the index of the frame in which the face has moved most (RMS over its seen vertices)."""
    kept = field.kept()
    seen = kept.displacement_cm[:, kept.seen].astype(np.float64)
    return int((seen**2).sum(-1).mean(1).argmax()) if seen.size else 0


def _grey(crop: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
