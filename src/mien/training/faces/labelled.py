"""Make a face set of kind ``still``: pictures labelled by the still-image AU estimator."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from mien.training.faces.cut import cut_face
from mien.training.faces.face_set_writer import write_face_set
from mien.training.faces.pictures import picture_files, pictures_digest, read_rgb
from mien.training.faces.still_row import still_row
from mien.training.faces.workers import OneFace, add_faces


def build_labelled_faces(
    portraits: Path,
    out: Path,
    *,
    size: int = 128,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make an unpaired face set: one picture per face, with the AUs measured in it.

    AUs that the estimator cannot read from one picture are 0. A closed eye counts as both AU43 and
    AU45, which one picture cannot tell apart.

    Args:
        portraits: Folder of pictures; the name without suffix is the identity.
        out: Folder of the set.
        size: Side of the pictures, pixels.
        workers: Number of processes.
        progress: Called with the number of pictures done and the total.

    Raises:
        UsageError: No folder, no pictures, or no usable face.
        OutputError: The set cannot be written.
    """
    files = picture_files(portraits)
    facts = {"kind": "still", "size": size, "views": 1, "pictures": pictures_digest(files)}
    with write_face_set(out, views=1, size=size, facts=facts) as writer:
        add_faces(writer, partial(_labelled, size=size), files, workers, progress)


def _labelled(file: Path, number: int, *, size: int) -> OneFace:
    """Return the face of a picture with its measured AUs."""
    import cv2

    portrait = cut_face(read_rgb(file), 2 * size)
    small = cv2.resize(np.asarray(portrait.image), (size, size), interpolation=cv2.INTER_AREA)
    return OneFace(small[None], still_row(portrait.face)[None])
