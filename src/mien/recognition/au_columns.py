"""What an AU detector tells: each AU on either side, and each side apart."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from jaxtyping import Int8

from mien.au.catalog import CATALOG, RIG_NAMES, sided_names
from mien.io.au_labels import ABSENT, PRESENT, UNKNOWN, AULabels

WHOLE = tuple(CATALOG)
"""AUs on either side."""

SIDED = tuple(name for name in RIG_NAMES if name not in CATALOG)
"""AUs on the left, and on the right."""

COLUMNS = WHOLE + SIDED
"""What is told, in the order of all arrays here."""

_OTHER = {"L": "R", "R": "L"}
MIRRORED = np.array(
    [COLUMNS.index(name[:-1] + _OTHER[name[-1]] if name in SIDED else name) for name in COLUMNS]
)
"""For each column the one that tells the same in the mirrored face."""

Targets: TypeAlias = Int8[np.ndarray, "samples columns"]
"""1 present, 0 absent, -1 unknown, in the order of :data:`COLUMNS`."""


def targets_of(labels: AULabels) -> Targets:
    """Return which AUs each sample has.

    An AU is present if it is on one side at least, and absent if it is on neither.
    """
    made = np.full((len(labels), len(COLUMNS)), UNKNOWN, np.int8)
    for column, name in enumerate(COLUMNS):
        states = labels.present[:, [RIG_NAMES.index(side) for side in sided_names(name)]]
        made[(states == ABSENT).all(1), column] = ABSENT
        made[(states == PRESENT).any(1), column] = PRESENT
    return made
