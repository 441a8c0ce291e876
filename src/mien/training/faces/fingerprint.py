"""Hash the content of a face set, so that a run is not resumed with other faces."""

from __future__ import annotations

import hashlib

import numpy as np

from mien.training.faces.face_set import FaceSet

SAMPLED_FACES = 64
"""Largest number of faces (frames, in a set of clips) whose pixels are hashed; a set can be larger than memory."""


def face_set_fingerprint(faces: FaceSet) -> str:
    """Return a hash of a face set's content: identities, AUs, and evenly spaced pictures.

    The order of the set's AU names does not matter, as AUs go by name. Folder and facts do not matter either.

    Args:
        faces: The set, or a part of one; only its own rows count.

    Returns:
        The first 16 hexadecimal digits of a SHA-256.
    """
    digest = hashlib.sha256(repr(faces.images.shape[1:]).encode())
    for row in faces.rows:
        digest.update(f"{faces.identities[row]}\n".encode())
    if faces.starts is not None:
        digest.update(faces.view_counts[faces.rows].astype("<i8").tobytes())
    pictures = faces.picture_rows
    for column in np.argsort(faces.au_names):
        digest.update(f"{faces.au_names[column]}\n".encode())
        digest.update(faces.aus[pictures, :, column].astype("<f4").tobytes())
    sampled = np.linspace(0, len(pictures) - 1, min(SAMPLED_FACES, len(pictures)))
    for row in pictures[sampled.round().astype(int)]:
        digest.update(faces.images[row].tobytes())
    return digest.hexdigest()[:16]
