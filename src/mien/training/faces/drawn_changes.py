"""Draw the AU intensities with which the rig moves the views of a face."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import OPENFACE_AUS, RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY

DrawIntensity: TypeAlias = Callable[[np.random.Generator], float]
"""Draws one FACS intensity."""

_WEAK_SHARE = 0.8
"""Share of intensities within levels A to C, in `mostly_weak`."""

_WEAK, _STRONG = (0.3, 3.2), (3.0, MAX_INTENSITY)
"""FACS intensities of the weak and of the other changes, in `mostly_weak`."""


def all_levels(rng: np.random.Generator) -> float:
    """Draw a FACS intensity. Weak ones are the most frequent, as in micro-expressions; level E occurs as well."""
    return float(MAX_INTENSITY * rng.beta(1.2, 1.6))


def mostly_weak(rng: np.random.Generator) -> float:
    """Draw a FACS intensity, four times in five of levels A to C."""
    return float(rng.uniform(*(_WEAK if rng.random() < _WEAK_SHARE else _STRONG)))


def draw_changes(
    views: int, rng: np.random.Generator, intensity: DrawIntensity
) -> Float32[np.ndarray, "views names"]:
    """Draw AU intensities for the views of a face; view 0 is all zero.

    In each other view, one to four of the 17 AUs of ULME-GAN and OpenFace move, each on both sides or on one.

    Args:
        views: Number of views.
        rng: Source of the random choices.
        intensity: Draws the intensity of one AU.

    Returns:
        (V, A) FACS intensities 0 to 5 in the order of `RIG_NAMES`.
    """
    changes = np.zeros((views, len(RIG_NAMES)), np.float32)
    for row in changes[1:]:
        count = rng.choice([1, 2, 3, 4], p=[0.45, 0.3, 0.15, 0.1])
        for name in rng.choice(OPENFACE_AUS, count, replace=False):
            sides = sided_names(str(name))
            chosen = sides if rng.random() < 0.7 else (sides[rng.integers(len(sides))],)
            drawn = intensity(rng)
            for side in chosen:
                row[RIG_NAMES.index(side)] = drawn
    return changes
