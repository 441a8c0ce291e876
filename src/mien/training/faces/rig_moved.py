"""Portraits moved by the face rig: AU labels that are exact, and what each change looks like."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import OPENFACE_AUS, RIG_NAMES, sided_names
from mien.au.intensity import MAX_INTENSITY
from mien.face.mesh import VERTEX_COUNT
from mien.face.prior_points import normalised
from mien.render.flow import Grid
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.training.faces.cut import (
    cut_face,
    fill,
    for_each_picture,
    picture_files,
    pictures_digest,
    read_portrait_file,
)
from mien.training.faces.face_motion import CELL_PX, OneFaceMotion
from mien.training.faces.face_set import write_face_set

_OVERSAMPLING = 2
"""Faces are moved at this many times the set's size, so that half a pixel's motion is not lost."""


def sample_changes(
    views: int, rng: np.random.Generator
) -> Float32[np.ndarray, "views {len(RIG_NAMES)}"]:
    """Draw AU intensities for a face's views; view 0 has none.

    One to four of the 17 units that ULME-GAN and OpenFace know move, each on both sides or on one. Weak
    motions come most often, since micro-expressions are weak, yet level E is among them.

    Args:
        views: How many.
        rng: Where the choices come from.

    Returns:
        (V, A) FACS intensities 0 to 5 in the order of `RIG_NAMES`.
    """
    changes = np.zeros((views, len(RIG_NAMES)), np.float32)
    for row in changes[1:]:
        count = rng.choice([1, 2, 3, 4], p=[0.45, 0.3, 0.15, 0.1])
        for name in rng.choice(OPENFACE_AUS, count, replace=False):
            sides = sided_names(str(name))
            chosen = sides if rng.random() < 0.7 else (sides[rng.integers(len(sides))],)
            intensity = 5 * rng.beta(1.2, 1.6)
            for side in chosen:
                row[RIG_NAMES.index(side)] = intensity
    return changes


def build_rig_faces(
    portraits: Path,
    out: Path,
    *,
    views: int = 10,
    size: int = 128,
    seed: int = 0,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make a paired face set from a folder of portraits.

    Args:
        portraits: The folder; a picture's name without suffix is its identity.
        out: Where the set goes.
        views: Pictures of each face, at least 2: as it is, and moved.
        size: Side of the pictures, pixels.
        seed: Of crops and AU intensities.
        workers: Processes.
        progress: Called with the number of pictures done and of all.

    Raises:
        UsageError: No folder, no pictures, or not one usable face.
        OutputError: The set cannot be written there.
    """
    files = picture_files(portraits)
    work = partial(_moved, views=views, size=size, seed=seed)
    made_of = {"kind": "rig", "seed": seed, "views": views, "size": size}
    facts = made_of | {"pictures": pictures_digest(files)}
    with write_face_set(out, views=views, size=size, facts=facts) as writer:
        fill(writer, for_each_picture(work, files, workers), len(files), progress)


def _moved(
    file: Path, number: int, *, views: int, size: int, seed: int
) -> tuple[np.ndarray, np.ndarray, OneFaceMotion]:
    """(V, S, S, 3) pictures of one face, their (V, A) intensities, and how they came of view 0."""
    import cv2

    from mien.render.warp import PortraitWarper

    rng = np.random.default_rng([seed, number])
    side = _OVERSAMPLING * size
    portrait = cut_face(read_portrait_file(file), side, rng)
    changes = sample_changes(views, rng)
    basis = personalise(load_basis(), portrait.face)
    warper = PortraitWarper(portrait)
    cells = _cells_at(warper.grid, size // CELL_PX, _OVERSAMPLING * CELL_PX)
    images, moved, fields = [], [], []
    for row in changes / np.float32(MAX_INTENSITY):
        displacement_cm = np.tensordot(row, basis.displacements_cm, axes=1)
        frame = np.asarray(warper.warp(displacement_cm))
        images.append(cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA))
        moved.append(warper.displacement_px(displacement_cm))
        field = np.ascontiguousarray(warper.forward_field(moved[-1]), np.float32)
        # Beyond the grid nothing moves.
        fields.append(cv2.remap(field, *cells, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT))
    motion = OneFaceMotion(
        normalised(portrait.face.landmarks[:VERTEX_COUNT, :2], side),
        np.stack(moved) * (2 / side),
        np.stack(fields) * (2 / side),
    )
    return np.stack(images), changes, motion


def _cells_at(grid: Grid, cells: int, step_px: int) -> tuple[np.ndarray, np.ndarray]:
    """The column and row, in a grid of nodes, of the centres of a picture's cells."""
    centres = (np.arange(cells, dtype=np.float32) + 0.5) * step_px - 0.5
    first_x, first_y = grid.nodes_px[0, 0]
    x, y = (centres - first_x) / grid.step_px, (centres - first_y) / grid.step_px
    columns, rows = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    return columns, rows
