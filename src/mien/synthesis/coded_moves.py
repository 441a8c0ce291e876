"""Draw which AUs move and how strongly, from coded micro-expressions."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.emotions import LABEL_OF_EMOTION, LABELS, Label
from mien.au.intensity import MAX_INTENSITY
from mien.au.sampler import INTENSITY_RANGE, SHARED_WEIGHT, TRIANGLE_MODE
from mien.au.statistics import statistics_table
from mien.synthesis.flow_recipe import RigFlowRecipe


def draw_intensities(
    label: Int64[np.ndarray, " samples"], recipe: RigFlowRecipe, rng: np.random.Generator
) -> Float32[np.ndarray, "samples shapes"]:
    """Draw FACS intensities (N, S) in the order of `RIG_NAMES`.

    Combinations and sides are those of coded clips. Intensities follow the prior of
    :mod:`mien.au.sampler`; the two sides differ a little.
    """
    count, shapes = len(label), len(RIG_NAMES)
    moves = np.zeros((count, shapes), bool)
    for number, name in enumerate(LABELS):
        mine = np.flatnonzero(label == number)
        coded, share = coded_moves(recipe.datasets, name)
        moves[mine] = coded[rng.choice(len(share), len(mine), p=share)]
    units = [name.rstrip("LR") for name in RIG_NAMES]
    column = np.unique(units, return_inverse=True)[1]
    low, high = INTENSITY_RANGE
    shared = rng.triangular(0, TRIANGLE_MODE, 1, (count, 1))
    own = rng.triangular(0, TRIANGLE_MODE, 1, (count, column.max() + 1))[:, column]
    strength = low + (high - low) * (SHARED_WEIGHT * shared + (1 - SHARED_WEIGHT) * own)
    uneven = np.exp(rng.normal(0, recipe.side_spread, (count, shapes)))
    intensity = moves * strength * uneven
    cheek = rng.uniform(*recipe.cheek_with_smile, count)
    for side in "LR":
        smile, raised = RIG_NAMES.index(f"AU12{side}"), RIG_NAMES.index(f"AU6{side}")
        intensity[:, raised] = np.maximum(intensity[:, raised], cheek * intensity[:, smile])
    return np.minimum(intensity, MAX_INTENSITY).astype(np.float32)


@lru_cache(maxsize=32)
def coded_moves(
    datasets: tuple[str, ...], label: Label
) -> tuple[Bool[np.ndarray, "combinations shapes"], Float64[np.ndarray, " combinations"]]:
    """Return a class's coded combinations.

    Args:
        datasets: Names in the statistics.
        label: The class.

    Returns:
        Which of `RIG_NAMES` move in each combination, and its share of the class's clips. Both are read-only.
    """
    table = statistics_table()
    found = [
        combination
        for emotion, its_label in LABEL_OF_EMOTION.items()
        if its_label == label and emotion in table.emotions
        for name, combinations in table.select(emotion).items()
        if name in datasets
        for combination in combinations
    ]
    moves = np.zeros((len(found), len(RIG_NAMES)), bool)
    for row, combination in zip(moves, found, strict=True):
        for unit in combination.aus:
            for name in sided_names(unit):
                row[RIG_NAMES.index(name)] = True
    rows = np.array([combination.rows for combination in found], np.float64)
    share = rows / rows.sum()
    moves.flags.writeable = share.flags.writeable = False
    return moves, share
