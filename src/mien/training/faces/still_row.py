"""Read the AUs of one picture with the still-image estimator, as a row of a face set."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import RIG_NAMES, sided_names
from mien.face.portrait import Face
from mien.motion.still import still_aus, still_units


def still_row(face: Face) -> Float32[np.ndarray, " aus"]:
    """Read the AUs of a picture.

    A closed eye counts as both AU43 and AU45, which one picture cannot tell apart.

    Args:
        face: The face in the picture.

    Returns:
        (A,) FACS intensities in the order of `RIG_NAMES`; 0 for AUs that cannot be read from one picture.
    """
    row = np.zeros(len(RIG_NAMES), np.float32)
    for name, intensity in still_aus(face).intensities.items():
        row[RIG_NAMES.index(name)] = intensity
        if name.startswith("AU43"):
            row[RIG_NAMES.index(name.replace("AU43", "AU45"))] = intensity
    return row


def still_row_names() -> tuple[str, ...]:
    """Return the sided names of the AUs that `still_row` reads, in the order of `RIG_NAMES`."""
    units = still_units()
    if "AU43" in units:
        units += ("AU45",)
    read = {side for unit in units for side in sided_names(unit)}
    return tuple(name for name in RIG_NAMES if name in read)
