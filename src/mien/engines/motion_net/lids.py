"""Close a portrait's lids with the rig, before a network moves the portrait."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float32

from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.render.region import MEASURED
from mien.render.warp import PortraitWarper
from mien.types import Image


def with_shut_lids(
    portrait: Portrait, lids_cm: Float32[np.ndarray, "frames 468 2"]
) -> Iterator[Image]:
    """Yield the portrait for each frame, with its lids closed as far as in that frame.

    A closing lid slides over the eye: the motion has a step at the lid's edge, finer than the cells of a network's
    motion. The rig draws this edge exactly.

    Args:
        portrait: The portrait.
        lids_cm: (T, 468, 2) motion of the lids, canonical centimetres, see `mien.motion.blinks.Blinks`.
    """
    warper = PortraitWarper(portrait, shading=False, reach=MEASURED)
    for lids in lids_cm:
        if not lids.any():
            yield portrait.image
            continue
        displacement = np.zeros((VERTEX_COUNT, 3), np.float32)
        displacement[:, :2] = lids
        yield warper.warp(displacement)
