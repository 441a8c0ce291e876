"""Read a set as loaders of MPI-Sintel do: written after the published formats, with nothing of Mien."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from PIL import Image


def read_middlebury(path: Path) -> np.ndarray:
    """Read a ``.flo`` file value by value, after Middlebury's README: (H, W, 2), u to the right, v down."""
    with path.open("rb") as file:
        (tag,) = struct.unpack("<f", file.read(4))
        assert tag == 202021.25
        width, height = struct.unpack("<ii", file.read(8))
        values = struct.unpack(f"<{2 * width * height}f", file.read())
    flow = np.empty((height, width, 2))
    for index, value in enumerate(values):
        row, rest = divmod(index, 2 * width)
        flow[row, rest // 2, rest % 2] = value
    return flow


def pairs_of(root: Path, split: str) -> list[dict[str, np.ndarray]]:
    """Read the pairs of a split: consecutive pictures of each scene, its flows in the same order."""
    pairs = []
    for scene in sorted((root / split / "clean").iterdir()):
        pictures = sorted(scene.glob("*.png"))
        flows = sorted((root / split / "flow" / scene.name).glob("*.flo"))
        masks = sorted((root / split / "occlusions" / scene.name).glob("*.png"))
        assert len(flows) == len(masks) == len(pictures) - 1
        for index, flow in enumerate(flows):
            pairs.append(
                {
                    "first": np.asarray(Image.open(pictures[index])),
                    "second": np.asarray(Image.open(pictures[index + 1])),
                    "flow": read_middlebury(flow),
                    "occluded": np.asarray(Image.open(masks[index])),
                }
            )
    return pairs
