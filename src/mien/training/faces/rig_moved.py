"""Make a face set of kind ``rig``: portraits moved by the rig, with exact AUs and motion."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from mien.au.intensity import MAX_INTENSITY
from mien.face.mesh import VERTEX_COUNT
from mien.face.prior_points import normalised
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.training.faces.cut import cut_face
from mien.training.faces.drawn_changes import all_levels, draw_changes
from mien.training.faces.face_motion import CELL_PX, OneFaceMotion, field_at
from mien.training.faces.face_set_writer import write_face_set
from mien.training.faces.pictures import picture_files, pictures_digest, read_rgb
from mien.training.faces.workers import OneFace, add_faces

_OVERSAMPLING = 2
"""Faces are moved at this multiple of the set's size, so that motions of half a pixel survive."""


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
    changes = draw_changes(views, rng, all_levels)
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
