"""Names and contents of the columns of OpenFace's tables, and of the columns that Mien adds."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import CATALOG, parse_au
from mien.au.track import AUTrack

CONFIDENCE_OF = "confidence_"
"""Prefix of the column with an AU's confidence. Readers that look for ``AU12_r`` or ``AU12_c`` ignore this column."""


OPENFACE_NAMES = tuple(name for name, unit in CATALOG.items() if unit.openface_presence)


def written_columns(
    track: AUTrack, sure: Float32[np.ndarray, "rows aus"]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the columns to write, (T,) float32 by AU name: OpenFace's own, then the others.

    Args:
        track: The intensities.
        sure: (T, A) their confidence; an intensity of confidence 0 becomes NaN.

    Returns:
        The intensities, and the confidences. A unit without a side has the values of its stronger side.
    """
    columns = {name: np.zeros(len(track), np.float32) for name in OPENFACE_NAMES}
    trust = {name: np.ones(len(track), np.float32) for name in OPENFACE_NAMES}
    sided: dict[str, np.ndarray] = {}
    sided_trust: dict[str, np.ndarray] = {}
    known = np.where(sure > 0, track.values, np.float32(np.nan))
    filled: set[str] = set()
    for name, values, own in zip(track.names, known.T, sure.T, strict=True):
        unit, side = parse_au(name)
        if unit.name in filled:
            before = columns[unit.name]
            stronger = (values > before) | np.isnan(before)
            columns[unit.name] = np.where(stronger, values, before)
            trust[unit.name] = np.where(stronger, own, trust[unit.name])
        else:
            columns[unit.name], trust[unit.name] = values, own
            filled.add(unit.name)
        if side is not None:
            sided[name], sided_trust[name] = values, own
    return columns | sided, trust | sided_trust


def padded(name: str) -> str:
    """Return an AU's name as OpenFace writes it: ``AU04L`` for ``AU4L``."""
    unit, _ = parse_au(name)
    return f"AU{unit.number:02d}{name[len(unit.name) :]}"
