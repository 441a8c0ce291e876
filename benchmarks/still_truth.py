"""Portraits rendered by the rig at known intensities, the ground truth to fit and test still-image AUs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.report import near_neutral
from mien.au import AUTrack
from mien.au.catalog import CATALOG, RIG_NAMES, sided_names
from mien.engines.rig.engine import RigEngine
from mien.face.landmarker import crop_around, default_landmarker
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Face, Portrait
from mien.face.pose import fit_pose
from mien.io.images import read_image
from mien.types import Image

UNITS = tuple(name for name in CATALOG if name != "AU45")
"""All AUs but AU45: in a single picture, a blink is AU43 (eyes closed)."""
HELD_OUT_EVERY = 3
"""Every third of the near-neutral portraits, in their order, is used for testing only."""
_STEP = 2
"""Portraits are read at half their size: the landmark net sees 256 px of a face."""


def split(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the near-neutral portraits to fit on, and the others to test on."""
    paths = near_neutral(folder, 10_000)
    held_out = paths[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY]
    return [path for path in paths if path not in held_out], held_out


def load(path: Path) -> Portrait:
    """Read a portrait at half size."""
    return Portrait.from_image(np.ascontiguousarray(read_image(path)[::_STEP, ::_STEP, :3]))


def faces(portrait: Portrait, values: np.ndarray) -> Iterator[Face]:
    """Read the face in each rendered row of sided intensities (N, 42)."""
    track = AUTrack(RIG_NAMES, values, np.arange(len(values)) / 10)
    for frame in RigEngine().prepare(portrait).render(track):
        yield _read(frame, portrait)


def _read(frame: Image, portrait: Portrait) -> Face:
    """Read a face like `find_face`, but from the portrait's crop and with one refinement, in a third of the time."""
    net = default_landmarker()
    crop = crop_around(net.landmarks(frame, portrait.face.crop))
    landmarks = net.landmarks(frame, crop)
    xy = landmarks[:VERTEX_COUNT, :2].astype(np.float64)
    box = np.concatenate([xy.min(axis=0), xy.max(axis=0)])
    return Face(box, 1.0, landmarks, net.blendshapes(landmarks), fit_pose(landmarks), crop)


def random_rows(seed: int, pairs: int = 30) -> np.ndarray:
    """Draw sided intensities (N, 42): neutral, each unit on both sides and on one, and random pairs of units."""
    rng = np.random.default_rng(seed)
    rows = [np.zeros(len(RIG_NAMES))]
    for unit in UNITS:
        names = sided_names(unit)
        rows.append(row({name: rng.uniform(0.3, 5) for name in [unit]}))
        rows.append(row({names[rng.integers(len(names))]: rng.uniform(0.3, 5)}))
    for _ in range(pairs):
        first, second = rng.choice(len(UNITS), 2, replace=False)
        rows.append(row({UNITS[i]: rng.uniform(0.3, 4) for i in (first, second)}))
    return np.array(rows)


def row(intensities: dict[str, float]) -> np.ndarray:
    """Return the sided intensities (42,) of some AUs; a unit without a side applies to both sides."""
    values = np.zeros(len(RIG_NAMES))
    for name, intensity in intensities.items():
        for side in sided_names(name):
            values[RIG_NAMES.index(side)] = intensity
    return values
