"""The rig engine: AU track to vertex displacements to warped pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.face.portrait import Portrait
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.types import Image


@dataclass(frozen=True)
class RigEngine:
    """Moves a portrait by the face rig.

    Attributes:
        shading: Whether skin brightens and darkens as its surface turns.
    """

    shading: bool = True
    name: str = "rig"

    def render(self, portrait: Portrait, track: AUTrack) -> Iterator[Image]:
        """Yield one frame for each row of the track; see `mien.engines.protocol.Engine.render`."""
        from mien.render.warp import PortraitWarper

        basis = personalise(load_basis(), portrait.face)
        warper = PortraitWarper(portrait, shading=self.shading)
        weights = track.to_sided() / np.float32(MAX_INTENSITY)
        for row in weights:
            moving = np.flatnonzero(row)
            yield warper.warp(np.tensordot(row[moving], basis.displacements_cm[moving], axes=1))
