"""The outputs of an AU detector: each AU on any side, and sided AUs on the left and on the right."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from jaxtyping import Int8

from mien.au.catalog import CATALOG, RIG_NAMES, sided_names
from mien.io.au_labels import ABSENT, PRESENT, UNKNOWN, AULabels

WHOLE = tuple(CATALOG)
"""AUs on any side."""

SIDED = tuple(name for name in RIG_NAMES if name not in CATALOG)
"""AUs on the left or on the right."""

COLUMNS = WHOLE + SIDED
"""The order of the columns of a detector's arrays."""

_OTHER = {"L": "R", "R": "L"}
MIRRORED = np.array(
    [COLUMNS.index(name[:-1] + _OTHER[name[-1]] if name in SIDED else name) for name in COLUMNS]
)
"""For each column the index of its column in the mirrored face: left and right are swapped."""

Targets: TypeAlias = Int8[np.ndarray, "samples columns"]
"""1 present, 0 absent, -1 unknown, in the order of :data:`COLUMNS`."""


def targets_of(labels: AULabels) -> Targets:
    """Return whether each sample has each AU of :data:`COLUMNS`.

    An AU without a side is present if it is present on at least one side, and absent if it is absent on both.
    """
    made = np.full((len(labels), len(COLUMNS)), UNKNOWN, np.int8)
    for column, name in enumerate(COLUMNS):
        states = labels.present[:, [RIG_NAMES.index(side) for side in sided_names(name)]]
        made[(states == ABSENT).all(1), column] = ABSENT
        made[(states == PRESENT).any(1), column] = PRESENT
    return made
