"""The mesh engine: a driver's whole motion field, carried to a portrait in canonical coordinates.

No action units come between, so whatever the driver's face did is there: asymmetries, a chin that trembles, a cheek
that no unit describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mien.errors import UsageError
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.face.regions import eye_region
from mien.motion.calibrate import PortraitMeter, calibrate
from mien.motion.denoise import components
from mien.motion.field import MotionField
from mien.types import Image, Vertices2

EDGE_SHARE = 1.0
"""Measured motion is small, so the face's edge may keep its own and let it die away just beyond."""


@dataclass(frozen=True)
class MeshEngine:
    """Carries a measured motion to a portrait.

    Attributes:
        strength: Multiplies the motion.
        blinks: Whether lids move too, and what gaze does to them.
        head_motion: Whether the picture also moves as the driver's head did.
        calibrated: Whether the motion is corrected until it is measured on the portrait as it was on the driver.
        name: What the command line and the sidecar call it.
    """

    strength: float = 1.0
    blinks: bool = True
    head_motion: bool = False
    calibrated: bool = True
    name: str = "mesh"

    def __post_init__(self) -> None:
        if not (np.isfinite(self.strength) and self.strength >= 0):
            raise UsageError(f"expected a strength of 0 or more, got {self.strength}")

    def transfer(self, portrait: Portrait, motion: MotionField) -> Iterator[Image]:
        """Yield one frame for each frame of the motion that has a face, of the portrait's size and channels.

        Args:
            portrait: The face that receives the motion.
            motion: The driver's motion, counted from its neutral.
        """
        from mien.render.warp import PortraitWarper

        warper = PortraitWarper(portrait, shading=False, edge_share=EDGE_SHARE)
        displacement = np.zeros((mesh.VERTEX_COUNT, 3), np.float32)

        def render(displacement_cm: Vertices2) -> Image:
            displacement[:, :2] = displacement_cm
            return warper.warp(displacement)

        kept = motion.kept()
        parts = components(kept if self.blinks else _without_eyes(kept))
        parts = replace(parts, shapes=(self.strength * parts.shapes).astype(np.float32))
        if self.calibrated:
            parts = calibrate(parts, render, PortraitMeter(portrait))
        for index, displacement_cm in enumerate(parts.field_cm()):
            frame = render(displacement_cm)
            if self.head_motion:
                frame = _move_head(frame, portrait, kept, index)
            yield frame


def _without_eyes(motion: MotionField) -> MotionField:
    """The motion with the lids' taken out; they follow the skin around them."""
    confidence = motion.confidence.copy()
    confidence[:, eye_region()] = 0
    return replace(motion, confidence=confidence)


def _move_head(frame: Image, portrait: Portrait, motion: MotionField, index: int) -> Image:
    """Shift, turn and scale a frame as the driver's head moved; the parallax of a head that turns away is left out."""
    shift_x, shift_y, growth, turn = motion.rigid_px[index, :4]
    zoom = portrait.face.pose.scale_px_per_cm / motion.face.pose.scale_px_per_cm
    per_px = 1 / motion.face.pose.scale_px_per_cm
    centre = portrait.face.landmarks[: mesh.VERTEX_COUNT, :2].mean(0).astype(np.float64)
    linear = np.array([[1 + growth * per_px, -turn * per_px], [turn * per_px, 1 + growth * per_px]])
    offset = centre + zoom * np.array([shift_x, shift_y]) - linear @ centre
    matrix = np.concatenate([linear, offset[:, None]], axis=1)
    size = (frame.shape[1], frame.shape[0])
    return cv2.warpAffine(
        frame, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
