"""Any folder of faces, labelled by the still-image AU estimator."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from mien.au.catalog import RIG_NAMES
from mien.motion.still import still_aus
from mien.training.faces.cut import (
    cut_face,
    fill,
    for_each_picture,
    picture_files,
    pictures_digest,
    read_portrait_file,
)
from mien.training.faces.face_set import write_face_set


def build_labelled_faces(
    portraits: Path,
    out: Path,
    *,
    size: int = 128,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Make an unpaired face set: one picture a face, with the AUs that a picture shows.

    Units that the estimator cannot read from one picture are 0 throughout; a closed eye counts as
    AU43 and as AU45, since a picture cannot tell them apart.

    Args:
        portraits: The folder; a picture's name without suffix is its identity.
        out: Where the set goes.
        size: Side of the pictures, pixels.
        workers: Processes.
        progress: Called with the number of pictures done and of all.

    Raises:
        UsageError: No folder, no pictures, or not one usable face.
        OutputError: The set cannot be written there.
    """
    files = picture_files(portraits)
    facts = {"kind": "still", "size": size, "views": 1, "pictures": pictures_digest(files)}
    with write_face_set(out, views=1, size=size, facts=facts) as writer:
        results = for_each_picture(partial(_labelled, size=size), files, workers)
        fill(writer, results, len(files), progress)


def _labelled(file: Path, number: int, *, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(1, S, S, 3) the picture and its (1, A) intensities."""
    import cv2

    portrait = cut_face(read_portrait_file(file), 2 * size)
    aus = np.zeros((1, len(RIG_NAMES)), np.float32)
    for name, intensity in still_aus(portrait.face).intensities.items():
        aus[0, RIG_NAMES.index(name)] = intensity
        if name.startswith("AU43"):
            aus[0, RIG_NAMES.index(name.replace("AU43", "AU45"))] = intensity
    small = cv2.resize(np.asarray(portrait.image), (size, size), interpolation=cv2.INTER_AREA)
    return small[None], aus
