"""Array types that the recognisers share."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from jaxtyping import Float64, Int64, UInt8

LabelledMaps: TypeAlias = tuple[
    UInt8[np.ndarray, "labelled 28 28 3"], Int64[np.ndarray, " labelled"]
]
"""Flow maps (labelled, 28, 28, 3) uint8 and their classes (labelled,) int64."""

Folds: TypeAlias = Int64[np.ndarray, " samples"]
"""The fold, from 0, that tests each sample."""

Scores: TypeAlias = Float64[np.ndarray, "samples 3"]
"""A score for each class; the largest one is the prediction."""
