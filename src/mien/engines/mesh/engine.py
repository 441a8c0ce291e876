"""The mesh engine: a driver's whole motion field, carried to a portrait in canonical coordinates.

No action units are involved, so the result shows everything that the driver's face did: asymmetries, a trembling chin,
a cheek movement that no action unit describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from mien.engines.base import Driver, Frames
from mien.engines.checks import check_strength
from mien.engines.mesh.settings import NAME, MeshSettings
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion.ahead import mapped_ahead
from mien.motion.blinks import blinks_of
from mien.motion.calibrate import PortraitMeter, calibrate
from mien.motion.denoise import Components, components, steadied
from mien.motion.eye_fit import lid_scale, without_eyes
from mien.motion.field import MotionField
from mien.motion.rigid import RigidMotion
from mien.scratch import parts_of
from mien.types import Image, Vertices2


class MeshEngine:
    """Carries a measured motion to a portrait.

    Args:
        settings: See `MeshSettings`; None for the defaults.
    """

    name = NAME

    def __init__(self, settings: MeshSettings | None = None) -> None:
        self.settings = settings or MeshSettings()

    def prepare(self, portrait: Portrait) -> MeshSession:
        """Compute the grid that moves the portrait's pixels."""
        return MeshSession(portrait, self.settings)

    def record(self) -> dict[str, Any]:
        """Return nothing: the mesh has no weights."""
        return {}


class MeshSession:
    """A portrait with the grid that moves its pixels."""

    def __init__(self, portrait: Portrait, settings: MeshSettings) -> None:
        from mien.render.region import HEAD, MEASURED
        from mien.render.warp import PortraitWarper

        self.portrait, self.settings = portrait, settings
        reach = HEAD if settings.head_motion else MEASURED
        self._warper = PortraitWarper(portrait, shading=False, reach=reach)

    def transfer(self, driver: Driver, *, strength: float = 1.0, blinks: bool = True) -> Frames:
        """Make one frame for each frame of the driver's motion that has a face.

        See `mien.engines.base.MotionSession.transfer`.
        """
        check_strength(strength)
        return Frames(self._images(driver.motion, strength, blinks))

    def _images(self, motion: MotionField, strength: float, blinks: bool) -> Iterator[Image]:
        portrait, settings = self.portrait, self.settings

        def render(
            displacement_cm: Vertices2,
            head_px: Vertices2 | None = None,
            gaze_cm: np.ndarray | None = None,
        ) -> Image:
            displacement = np.zeros((mesh.VERTEX_COUNT, 3), np.float32)
            displacement[:, :2] = displacement_cm
            return self._warper.warp(displacement, head_px, gaze_cm)

        kept = motion.kept()
        own = blinks_of(kept, portrait.face, strength) if blinks else None
        size = strength * lid_scale(kept.face, portrait.face)[:, None]
        if own is None:
            parts = components(kept if blinks else without_eyes(kept))
        else:
            # The portrait's own lids close, so the lid motion that flow measured on the driver is removed.
            rest = np.asarray(kept.displacement_cm) - own.seen_cm
            parts = components(replace(kept, displacement_cm=rest))
            size = size * own.away
        parts = replace(parts, shapes=(size * parts.shapes).astype(np.float32))
        if settings.calibrate:
            parts = calibrate(parts, render, PortraitMeter(portrait))
        lids = None if own is None else own.lids_cm
        head = _head_px(portrait, kept) if settings.head_motion else [None] * len(kept)
        gaze = strength * steadied(kept.gaze_cm, kept) if settings.gaze else [None] * len(kept)
        moved = zip(_displacements(parts, lids), head, gaze, strict=True)
        yield from mapped_ahead(lambda each: render(*each), moved)


def _displacements(parts: Components, lids: np.ndarray | None) -> Iterator[Vertices2]:
    """Yield the vertices' displacement (468, 2) in each frame, canonical centimetres: components plus lids."""
    field_cm = parts.field_cm()
    for part in parts_of(len(field_cm)):
        yield from field_cm[part] if lids is None else field_cm[part] + lids[part]


def _head_px(portrait: Portrait, motion: MotionField) -> Iterator[Vertices2]:
    """Yield the driver's rigid motion as displacements (468, 2) of the portrait's vertices, one for each frame."""
    zoom = portrait.face.pose.scale_px_per_cm / motion.face.pose.scale_px_per_cm
    rigid = RigidMotion(portrait.face)
    return (rigid.displacement_px(zoom * parameters) for parameters in motion.rigid_px)
