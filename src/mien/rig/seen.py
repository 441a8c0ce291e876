"""The rig's basis as optical flow sees it.

Dense flow is smooth: it spreads a lid's motion of a millimetre into the brow, and shows only half of it. How much it
shows depends more on the flow and on the mesh than on the face: with fast flow, the mean over ten portraits has a
cosine of 0.90 to 0.99 with each portrait; with full flow, small shapes such as AU38 differ more. So it was measured
once: ``tools/build_seen_basis.py`` renders every shape on portraits and measures it with the same flow. In rendered
clips with known intensities, a fit with the true shapes gave peaks of only 0.66 (full) and 0.49 (fast) of the known
ones. The seen basis is calibrated on rendered pictures, so it may fit real skin less well.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files

import numpy as np

from mien.face.portrait import Face
from mien.rig.basis import RigBasis, load_basis
from mien.rig.personal import personalise
from mien.types import FlowScale

ASSET = "seen_basis.npz"
LIFTING = ("AU1L", "AU1R", "AU2L", "AU2R")
"""Shapes with a variant: on some faces the frontalis muscle also pulls the upper lid up."""


def fingerprint(basis: RigBasis) -> str:
    """Return a hash of the basis's shapes, which the asset stores to show what it was made from."""
    return hashlib.sha256(
        np.ascontiguousarray(basis.displacements_cm, np.float32).tobytes()
    ).hexdigest()[:16]


@lru_cache(maxsize=2)
def load_seen_basis(scale: FlowScale) -> RigBasis:
    """Return the packaged basis as flow of this scale sees it on an average face."""
    return RigBasis(load_basis().names, _read(scale))


@lru_cache(maxsize=2)
def load_lifted_lids(scale: FlowScale) -> RigBasis:
    """Return the shapes of `LIFTING` with a rising upper lid, as flow of this scale sees them."""
    return RigBasis(LIFTING, _read(f"{scale}_lifted"))


def _read(key: str) -> np.ndarray:
    with (files("mien") / "assets" / ASSET).open("rb") as file:
        asset = np.load(file)
        if str(asset["basis"]) != fingerprint(load_basis()):
            raise ValueError(
                f"{ASSET} is older than the rig's basis: run tools/build_seen_basis.py"
            )
        values: np.ndarray = asset[key].astype(np.float32)
        return values


def seen_basis(face: Face, scale: FlowScale) -> RigBasis:
    """Return the basis as flow sees it on one face: each shape's size changes by the factor of `personalise`."""
    average, own = load_basis(), personalise(load_basis(), face)
    before = np.linalg.norm(average.displacements_cm, axis=(1, 2))
    after = np.linalg.norm(own.displacements_cm, axis=(1, 2))
    shapes = load_seen_basis(scale).displacements_cm * (after / before)[:, None, None]
    return RigBasis(average.names, shapes.astype(np.float32))
