"""Flow maps that are easy to recognise, for tests."""

from __future__ import annotations

import numpy as np

from mien.io.flow_sets import FlowSet


def maps(people: str, count: int, seed: int, dataset: str = "smic", odd: int = 0) -> FlowSet:
    """Make subjects of six clips each; a class is a bright square at one of three places in noise.

    The first ``odd`` clips of the first subject show another class's square.
    """
    rng = np.random.default_rng(seed)
    label, subject = np.tile(np.arange(6) % 3, count), np.repeat(np.arange(count), 6)
    shown = np.where(np.arange(6 * count) < odd, (label + 1) % 3, label)
    flow = rng.integers(90, 150, (6 * count, 28, 28, 3), dtype=np.uint8)
    for sample, name in zip(flow, shown, strict=True):
        sample[4 + 8 * name : 8 + 8 * name, 12:16] = 250
    names = np.array([f"{people}{number}" for number in subject])
    clips = np.array([f"clip{number}" for number in range(len(names))])
    return FlowSet(flow, label, names, np.full(len(names), dataset), clips)
