"""The rig engine: AU track to vertex displacements to warped pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.face.portrait import Portrait
from mien.rig.basis import RigBasis, load_basis
from mien.rig.personal import personalise
from mien.types import Image

if TYPE_CHECKING:
    from mien.render.warp import PortraitWarper


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What takes a while and is the same for all clips of a portrait."""

    portrait: Portrait
    basis: RigBasis
    warper: PortraitWarper


@dataclass(frozen=True)
class RigEngine:
    """Moves a portrait by the face rig.

    An engine remembers what it prepared for the last portrait, so that further clips of the same
    object begin sooner. Make a new `Portrait` rather than write into the image of one.

    Attributes:
        shading: Whether skin brightens and darkens as its surface turns.
    """

    shading: bool = True
    name: str = "rig"
    # A frozen engine's one changing part: empty, or the last portrait's preparation.
    _last: list[_Prepared] = field(default_factory=list, init=False, repr=False, compare=False)

    def render(self, portrait: Portrait, track: AUTrack) -> Iterator[Image]:
        """Yield one frame for each row of the track; see `mien.engines.base.Engine.render`."""
        prepared = self._prepare(portrait)
        basis, warper = prepared.basis, prepared.warper
        weights = track.to_sided() / np.float32(MAX_INTENSITY)
        for row in weights:
            moving = np.flatnonzero(row)
            yield warper.warp(np.tensordot(row[moving], basis.displacements_cm[moving], axes=1))

    def _prepare(self, portrait: Portrait) -> _Prepared:
        from mien.render.warp import PortraitWarper

        last = next(iter(self._last), None)
        if last is not None and last.portrait is portrait:
            return last
        prepared = _Prepared(
            portrait,
            personalise(load_basis(), portrait.face),
            PortraitWarper(portrait, shading=self.shading),
        )
        self._last[:] = [prepared]
        return prepared
