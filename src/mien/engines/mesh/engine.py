"""The mesh engine: a driver's whole motion field, carried to a portrait in canonical coordinates.

No action units come between, so whatever the driver's face did is there: asymmetries, a chin that trembles, a cheek
that no unit describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32, Float64

from mien.errors import UsageError
from mien.face import mesh
from mien.face.portrait import Face, Portrait
from mien.face.regions import eye_region
from mien.motion.blinks import away_from_lids, closure, measured_as_far, own_blinks
from mien.motion.calibrate import Held, PortraitMeter, calibrate
from mien.motion.denoise import components, steadied
from mien.motion.field import MotionField
from mien.motion.rigid import RigidMotion
from mien.rig.personal import lid_openings_cm, lid_weight
from mien.types import Image, Vertices2

LID_RATIO = (0.4, 1.6)
"""Least and most that one eye's opening counts as against another's."""


@dataclass(frozen=True)
class MeshEngine:
    """Carries a measured motion to a portrait.

    Attributes:
        strength: Multiplies the motion.
        blinks: Whether lids move too.
        gaze: Whether the irises move too.
        head_motion: Whether the picture also moves as the driver's head did.
        calibrated: Whether the motion is corrected until it is measured on the portrait as it was on the driver.
        name: What the command line and the sidecar call it.
    """

    strength: float = 1.0
    blinks: bool = True
    gaze: bool = False
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
        from mien.render.region import HEAD, MEASURED
        from mien.render.warp import PortraitWarper

        reach = HEAD if self.head_motion else MEASURED
        warper = PortraitWarper(portrait, shading=False, reach=reach)
        displacement = np.zeros((mesh.VERTEX_COUNT, 3), np.float32)

        def render(
            displacement_cm: Vertices2,
            head_px: Vertices2 | None = None,
            gaze_cm: np.ndarray | None = None,
        ) -> Image:
            displacement[:, :2] = displacement_cm
            return warper.warp(displacement, head_px, gaze_cm)

        kept = motion.kept()
        parts = components(kept if self.blinks else without_eyes(kept))
        size = self.strength * lid_scale(kept.face, portrait.face)[:, None]
        shut = {side: closure(kept, side) for side in "LR"} if self.blinks else {}
        blinks = {
            side: np.minimum(self.strength * share, 1)
            for side, share in shut.items()
            if share is not None
        }
        parts = replace(parts, shapes=(size * parts.shapes).astype(np.float32))
        meter = PortraitMeter(portrait) if self.calibrated else None
        lids = np.zeros((len(kept), mesh.VERTEX_COUNT, 2), np.float32)
        held = None
        if blinks:
            if meter is not None:
                blinks = measured_as_far(
                    blinks, parts.field_cm(), portrait.face, lambda u: meter.measure(render(u))
                )
            lids = own_blinks(blinks, portrait.face)
            held = Held(lids, away_from_lids(tuple(blinks)))
        if meter is not None:
            parts = calibrate(parts, render, meter, held)
        elif held is not None:
            parts = replace(parts, shapes=held.free * parts.shapes)
        head = _head_px(portrait, kept) if self.head_motion else [None] * len(kept)
        gaze = self.strength * steadied(kept.gaze_cm, kept) if self.gaze else [None] * len(kept)
        moved = zip(parts.field_cm(), lids, head, gaze, strict=True)
        for displacement_cm, lids_cm, head_px, gaze_cm in moved:
            yield render(displacement_cm + lids_cm, head_px, gaze_cm)


def lid_scale(driver: Face, receiver: Face) -> Float64[np.ndarray, "468"]:
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
    """A driver's motion for a receiver's own eyes; see `lid_scale`.

    Args:
        motion: The driver's, as far as its face is seen.
        receiver: The face that receives it.
        blinks: Whether the lids' own motion counts.

    Returns:
        (T, 468, 2) canonical centimetres.
    """
    seen = components(motion if blinks else without_eyes(motion)).field_cm()
    return (lid_scale(motion.face, receiver)[:, None] * seen).astype(np.float32)


def _head_px(portrait: Portrait, motion: MotionField) -> list[Vertices2]:
    """The driver's rigid motion as displacements (468, 2) of the portrait's vertices, one for each frame."""
    zoom = portrait.face.pose.scale_px_per_cm / motion.face.pose.scale_px_per_cm
    rigid = RigidMotion(portrait.face)
    return [zoom * rigid.displacement_px(parameters) for parameters in motion.rigid_px]


def without_eyes(motion: MotionField) -> MotionField:
    """The motion with the lids' taken out; they follow the skin around them."""
    confidence = motion.confidence.copy()
    confidence[:, eye_region()] = 0
    return replace(motion, confidence=confidence)
