"""Move a portrait's lids with the rig, before a network moves the portrait; for all engines with a network."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from jaxtyping import Float32

from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.render.region import MEASURED
from mien.render.warp import PortraitWarper
from mien.types import Image


class LidMover:
    """Moves a portrait's lids with the rig.

    A lid slides over the eye, so the motion has a step at the lid's edge. The cells of a network's motion are too
    coarse for this step: the network would stretch the iris with the lid. The rig draws the edge exactly.

    Args:
        portrait: The portrait.
    """

    def __init__(self, portrait: Portrait) -> None:
        self.portrait = portrait

    def moved(self, lids_cm: Float32[np.ndarray, "frames 468 2"]) -> Iterator[Image]:
        """Yield the portrait for each frame, with its lids moved as far as in that frame.

        Args:
            lids_cm: (T, 468, 2) motion of the lids, canonical centimetres, see `mien.motion.blinks.own_lids`.
        """
        for lids in lids_cm:
            if not lids.any():
                yield self.portrait.image
                continue
            displacement = np.zeros((VERTEX_COUNT, 3), np.float32)
            displacement[:, :2] = lids
            yield self._warper.warp(displacement)

    @cached_property
    def _warper(self) -> PortraitWarper:
        return PortraitWarper(self.portrait, shading=False, reach=MEASURED)
