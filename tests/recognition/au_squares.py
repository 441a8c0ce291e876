"""Flow maps whose AUs are easy to see, for tests: a bright square where an AU moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.io.au_labels import AULabels
from mien.io.flow_sets import FlowSet

PLACES = {"AU4": (5, 14), "AU17": (24, 14), "AU12L": (18, 20), "AU12R": (18, 8)}
"""Row and column of each AU's square; the subject's left is the picture's right."""


def au_maps(
    people: str, count: int, seed: int, dataset: str = "smic", noise: float = 0.0
) -> FlowSet:
    """Make subjects of eight clips each; each AU is there in three clips of ten."""
    rng = np.random.default_rng(seed)
    total = 8 * count
    flow = rng.integers(100, 140, (total, 28, 28, 3), dtype=np.uint8)
    moved = rng.random((total, len(PLACES))) < 0.3
    for column, (row, place) in enumerate(PLACES.values()):
        flow[moved[:, column], row - 2 : row + 2, place - 2 : place + 2, 1:] = 250
    grain = rng.integers(0, 256, flow.shape)
    flow = ((1 - noise) * flow + noise * grain).astype(np.uint8)
    labels = AULabels.of_peaks(
        [dict.fromkeys(np.array(list(PLACES))[row].tolist(), 2.0) for row in moved]
    )
    who = np.array([f"{people}{number}" for number in np.repeat(np.arange(count), 8)])
    made = FlowSet(
        flow,
        np.arange(total) % 3,
        who,
        np.full(total, dataset),
        np.array([f"clip{number}" for number in range(total)]),
    )
    return replace(made, aus=labels)
