"""The rig's basis: how far each mesh vertex moves for each action unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import RIG_NAMES
from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.errors import UnknownAUError
from mien.types import Displacements, Vertices3


@dataclass(frozen=True, eq=False)
class RigBasis:
    """Vertex displacements at FACS level E (intensity 5), one shape for each action unit and side.

    Attributes:
        names: Names of the K shapes, `RIG_NAMES`: sided units as ``AU12L`` and ``AU12R``, midline units as ``AU26``.
        displacements_cm: (K, 468, 3) canonical centimetres.
    """

    names: tuple[str, ...]
    displacements_cm: Float32[np.ndarray, "shapes 468 3"]

    def __post_init__(self) -> None:
        shape = (len(self.names), 468, 3)
        if self.displacements_cm.shape != shape:
            raise ValueError(
                f"expected displacements of shape {shape}, got {self.displacements_cm.shape}"
            )
        self.displacements_cm.setflags(write=False)

    def shape(self, name: str) -> Vertices3:
        """Return the displacement (468, 3) in centimetres of one shape at intensity 5.

        Raises:
            UnknownAUError: The basis has no such shape.
        """
        if name not in self.names:
            raise UnknownAUError(f"expected one of {', '.join(self.names)}, got {name!r}")
        shape: Vertices3 = self.displacements_cm[self.names.index(name)]
        return shape

    def displace(self, track: AUTrack) -> Displacements:
        """Return the vertex displacements (T, 468, 3) of a track's frames, in canonical centimetres."""
        values = track.to_sided() / MAX_INTENSITY
        return np.tensordot(values, self.displacements_cm, axes=1).astype(np.float32)

    def __repr__(self) -> str:
        return f"RigBasis({len(self.names)} shapes x 468 vertices)"


@lru_cache(maxsize=1)
def load_basis() -> RigBasis:
    """Return the packaged basis, made by ``tools/build_rig.py``."""
    with (files("mien") / "assets" / "rig_basis.npz").open("rb") as file:
        asset = np.load(file)
        names = tuple(str(name) for name in asset["names"])
        basis = RigBasis(names, asset["displacements_cm"].astype(np.float32))
    if names != RIG_NAMES:
        raise ValueError("the rig's asset is older than the AU catalogue: run tools/build_rig.py")
    return basis
