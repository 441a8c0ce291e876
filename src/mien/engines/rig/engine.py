"""The rig engine: turns an AU track into vertex displacements, and these into warped pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.engines.base import Frames, KnownAUs
from mien.engines.rig.settings import NAME, RigSettings
from mien.face.portrait import Portrait
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.types import Image


class RigEngine:
    """Moves a portrait by the face rig.

    Args:
        settings: See `RigSettings`; None for the defaults.
    """

    name = NAME
    known_aus: KnownAUs = None

    def __init__(self, settings: RigSettings | None = None) -> None:
        self.settings = settings or RigSettings()

    def prepare(self, portrait: Portrait) -> RigSession:
        """Fit the rig's shapes to the face, and compute the grid that moves the portrait's pixels."""
        return RigSession(portrait, self.settings)

    def record(self) -> dict[str, Any]:
        """Return nothing: the rig has no weights."""
        return {}


class RigSession:
    """A portrait with the rig's shapes fitted to its face."""

    def __init__(self, portrait: Portrait, settings: RigSettings) -> None:
        from mien.render.warp import PortraitWarper

        self.portrait = portrait
        self._basis = personalise(load_basis(), portrait.face)
        self._warper = PortraitWarper(portrait, shading=settings.shading)

    def render(self, track: AUTrack) -> Frames:
        """Make one frame for each row of the track; see `mien.engines.base.TrackSession.render`."""
        return Frames(self._images(track), track)

    def _images(self, track: AUTrack) -> Iterator[Image]:
        for row in track.to_sided() / np.float32(MAX_INTENSITY):
            moving = np.flatnonzero(row)
            shape = np.tensordot(row[moving], self._basis.displacements_cm[moving], axes=1)
            yield self._warper.warp(shape)
