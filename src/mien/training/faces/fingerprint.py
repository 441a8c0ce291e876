"""Tell whether two face sets are the same, so that a run is not resumed with other faces."""

from __future__ import annotations

import hashlib

import numpy as np

from mien.training.faces.face_set import FaceSet

SAMPLED_FACES = 64
"""Number of faces whose pixels enter the fingerprint; a set can be larger than memory."""


def face_set_fingerprint(faces: FaceSet) -> str:
    """Return a hash of a face set's content: identities, AUs, and the pictures of evenly spaced faces.

    The order of the set's AU names does not matter, as AUs go by name. Folder and facts do not matter either.

    Args:
        faces: The set, or a part of one; only its own rows count.

    Returns:
        The first 16 hexadecimal digits of a SHA-256.
    """
    digest = hashlib.sha256(repr(faces.images.shape[1:]).encode())
    for row in faces.rows:
        digest.update(f"{faces.identities[row]}\n".encode())
    for column in np.argsort(faces.au_names):
        digest.update(f"{faces.au_names[column]}\n".encode())
        digest.update(faces.aus[faces.rows, :, column].astype("<f4").tobytes())
    sampled = np.linspace(0, len(faces) - 1, min(SAMPLED_FACES, len(faces))).round().astype(int)
    for row in faces.rows[sampled]:
        digest.update(faces.images[row].tobytes())
    return digest.hexdigest()[:16]
