"""Flow maps to recognise: smooth noise with a weak motion of brows or mouth corners.

The motion is so weak that recognisers make errors: perfect figures would not show a difference.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

MOTIONS = (
    ((6, 9, 6, 12, 0.3, 1.0), (6, 9, 16, 22, -0.3, 1.0)),  # negative: brows down
    ((18, 22, 7, 11, -0.8, -0.8), (18, 22, 17, 21, 0.8, -0.8)),  # positive: corners up and out
    ((5, 9, 5, 12, 0.0, -1.0), (5, 9, 16, 23, 0.0, -1.0)),  # surprise: brows up
)
"""For each class, the places (first and last row, first and last column) and their motion to the right and down."""


def write_maps(file: Path, people: str, count: int, seed: int) -> None:
    """Write labelled maps of some people of two data sets, six clips each, as ``.npz``."""
    rng = np.random.default_rng(seed)
    label = np.tile(np.arange(6) % 3, count)
    number = np.repeat(np.arange(count), 6)
    np.savez(
        file,
        flow=np.stack([_map(int(name), rng) for name in label]),
        label=label,
        subject=np.array([f"{people}{n}" for n in number]),
        dataset=np.array([("casme2", "samm")[n % 2] for n in number]),
        clip=np.array([f"clip{n}" for n in range(len(number))]),
    )


def _map(label: int, rng: np.random.Generator) -> np.ndarray:
    flow = _blurred(rng.normal(size=(28, 28, 2)), 4)
    flow /= flow.std()
    strength = rng.uniform(0.2, 1.6)
    for first, last, left, right, along, down in MOTIONS[label]:
        flow[first:last, left:right] += strength * np.array([along, down])
    flow = _blurred(flow, 1)
    slopes = np.stack(np.gradient(flow, axis=(0, 1)))
    strain = np.sqrt((slopes**2).sum((0, -1)))[..., None]
    maps = np.concatenate([flow, strain], axis=-1)
    low, high = maps.min((0, 1)), maps.max((0, 1))
    stretched: np.ndarray = np.rint(255 * (maps - low) / (high - low)).astype(np.uint8)
    return stretched


def _blurred(maps: np.ndarray, times: int) -> np.ndarray:
    """Return means over three by three pixels, repeated ``times`` times, with periodic edges."""
    for _ in range(times):
        for axis in (0, 1):
            maps = (np.roll(maps, 1, axis) + maps + np.roll(maps, -1, axis)) / 3
    return maps
