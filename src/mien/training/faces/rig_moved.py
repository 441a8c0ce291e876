"""Make a face set of kind ``rig``: portraits moved by the rig, with exact AUs and motion."""

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
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.training.faces.cut import cut_face
from mien.training.faces.face_motion import CELL_PX, OneFaceMotion, field_at
from mien.training.faces.face_set_writer import write_face_set
from mien.training.faces.pictures import picture_files, pictures_digest, read_rgb
from mien.training.faces.workers import OneFace, add_faces

_OVERSAMPLING = 2
"""Faces are moved at this multiple of the set's size, so that motions of half a pixel survive."""


def sample_changes(views: int, rng: np.random.Generator) -> Float32[np.ndarray, "views names"]:
    """Draw AU intensities for the views of a face; view 0 is all zero.

    One to four of the 17 AUs that ULME-GAN and OpenFace use move, each on both sides or on one.
    Weak motions are the most frequent, as micro-expressions are weak; level E occurs as well.

    Args:
        views: Number of views.
        rng: Source of the random choices.

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
        portraits: Folder of pictures; the name without suffix is the identity.
        out: Folder of the set.
        views: Pictures per face, at least 2: the original, then moved ones.
        size: Side of the pictures, pixels.
        seed: Seed of crops and AU intensities.
        workers: Number of processes.
        progress: Called with the number of pictures done and the total.

    Raises:
        UsageError: No folder, no pictures, or no usable face.
        OutputError: The set cannot be written.
    """
    files = picture_files(portraits)
    make = partial(_moved, views=views, size=size, seed=seed)
    made_of = {"kind": "rig", "seed": seed, "views": views, "size": size}
    facts = made_of | {"pictures": pictures_digest(files)}
    with write_face_set(out, views=views, size=size, facts=facts) as writer:
        add_faces(writer, make, files, workers, progress)


def _moved(file: Path, number: int, *, views: int, size: int, seed: int) -> OneFace:
    """Return the face of a picture, moved by the rig, with its AUs and motion."""
    import cv2

    from mien.render.warp import PortraitWarper

    rng = np.random.default_rng([seed, number])
    side = _OVERSAMPLING * size
    portrait = cut_face(read_rgb(file), side, rng)
    changes = sample_changes(views, rng)
    basis = personalise(load_basis(), portrait.face)
    warper = PortraitWarper(portrait)
    centres = (np.arange(size // CELL_PX, dtype=np.float32) + 0.5) * _OVERSAMPLING * CELL_PX - 0.5
    cells = np.stack(np.meshgrid(centres, centres), -1)
    images, moved, fields = [], [], []
    for row in changes / np.float32(MAX_INTENSITY):
        displacement_cm = np.tensordot(row, basis.displacements_cm, axes=1)
        frame = np.asarray(warper.warp(displacement_cm))
        images.append(cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA))
        moved.append(warper.displacement_px(displacement_cm))
        fields.append(field_at(warper.forward_field(moved[-1]), warper.grid, cells))
    motion = OneFaceMotion(
        normalised(portrait.face.landmarks[:VERTEX_COUNT, :2], side),
        np.stack(moved) * (2 / side),
        np.stack(fields) * (2 / side),
    )
    return OneFace(np.stack(images), changes, motion)
