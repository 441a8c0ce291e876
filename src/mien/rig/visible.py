"""Which action units can be seen where a part of the face lies outside the picture."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool

from mien.rig.basis import load_basis

VISIBLE_SHARE = 0.5
"""An AU is visible if at least this share of its squared motion lies at vertices inside the picture."""


def unseen_aus(inside: Bool[np.ndarray, " 468"]) -> tuple[str, ...]:
    """Return the sided names of the AUs whose motion lies mostly outside the picture.

    Args:
        inside: Which vertices lie inside.
    """
    basis = load_basis()
    energy = (basis.displacements_cm.astype(np.float64) ** 2).sum(-1)
    share = energy[:, inside].sum(1) / energy.sum(1)
    return tuple(
        name for name, seen in zip(basis.names, share, strict=True) if seen < VISIBLE_SHARE
    )
