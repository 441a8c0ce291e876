"""The files of a set of pairs, in the layout of MPI-Sintel, which loaders of optical-flow data read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Bool, UInt8

from mien.flow_pairs.pair import FlowPair
from mien.io.flo import flo_bytes
from mien.io.png import encode_grey_png, encode_png

RECORD_NAME = "flow_pairs.json"
"""How the set was made; written last."""

SAMPLES_NAME = "samples.jsonl"
"""One line of JSON for each pair."""

SPLITS = ("training", "validation")

PLACES = {
    "onset": "{split}/clean/{name}/frame_0001.png",
    "apex": "{split}/clean/{name}/frame_0002.png",
    "flow": "{split}/flow/{name}/frame_0001.flo",
    "hidden": "{split}/occlusions/{name}/frame_0001.png",
    "uncovered": "{split}/disocclusions/{name}/frame_0002.png",
}
"""Where each file of a pair is, relative to the set."""


def write_pair(
    folder: Path, split: str, name: str, pair: FlowPair, text: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Write the five files of a pair.

    Args:
        folder: The folder of the set.
        split: One of `SPLITS`.
        name: The pair's name.
        pair: Pictures, flow and occlusions.
        text: Metadata of the pictures, value by keyword.

    Returns:
        ``path`` (relative to the set) and ``sha256`` of each file, by the keys of `PLACES`.
    """
    contents = {
        "onset": encode_png(pair.onset, text),
        "apex": encode_png(pair.apex, text),
        "flow": flo_bytes(pair.flow_px),
        "hidden": encode_grey_png(_as_mask(pair.hidden), text),
        "uncovered": encode_grey_png(_as_mask(pair.uncovered), text),
    }
    files = {}
    for key, data in contents.items():
        path = PLACES[key].format(split=split, name=name)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        files[key] = {"path": path, "sha256": hashlib.sha256(data).hexdigest()}
    return files


def _as_mask(
    covered: Bool[np.ndarray, "height width"],
) -> UInt8[np.ndarray, "height width"]:
    """Return a mask as grey levels: 255 where it is true."""
    return covered.astype(np.uint8) * np.uint8(255)
