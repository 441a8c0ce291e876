"""Portraits in a set's folder: cut to squares and with their faces found, once for all workers.

A worker reads a portrait in a millisecond; finding the face again would take as long as twenty onset-apex pairs. The
set does not need the original pictures any more, so changing them changes no sample.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from mien.errors import DatasetError, UsageError
from mien.face.crop import FaceCrop
from mien.face.portrait import Face, Portrait
from mien.face.pose import Pose
from mien.io.array_file import read_npz
from mien.io.clip_hash import sha256_file
from mien.synthesis.face_flows import FaceFlows

FOLDER = "portraits"
HELD = 64
"""Portraits that a worker keeps in memory."""

_PORTRAIT = (
    *("image", "box_px", "score", "landmarks", "blendshape_names", "blendshapes"),
    *("rotation", "scale_px_per_cm", "translation_px", "crop"),
)


def square_name(number: int, size_px: int) -> str:
    """Return the file of a portrait's square, relative to the set."""
    return f"{FOLDER}/{number:06d}-{size_px}.npz"


def flows_name(number: int) -> str:
    """Return the file of the flow that each AU causes on a portrait's face, relative to the set."""
    return f"{FOLDER}/{number:06d}-flow.npz"


def write_portrait(path: Path, portrait: Portrait) -> str:
    """Write a portrait with its face; return the file's SHA-256."""
    face = portrait.face
    crop = face.crop
    return write_arrays(
        path,
        {
            "image": portrait.image,
            "box_px": face.box_px,
            "score": np.float64(face.score),
            "landmarks": face.landmarks,
            "blendshape_names": np.array(list(face.blendshapes), np.str_),
            "blendshapes": np.array(list(face.blendshapes.values()), np.float64),
            "rotation": face.pose.rotation,
            "scale_px_per_cm": np.float64(face.pose.scale_px_per_cm),
            "translation_px": face.pose.translation_px,
            "crop": np.array([crop.x_px, crop.y_px, crop.side_px, crop.roll_radians], np.float64),
        },
    )


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray | np.generic]) -> str:
    """Write an ``.npz`` and return its SHA-256; equal arrays give equal files."""
    with path.open("wb") as file:
        np.savez(file, **{name: np.asarray(array) for name, array in arrays.items()})  # type: ignore[arg-type]
    return hashlib.sha256(path.read_bytes()).hexdigest()


class StoredPortraits:
    """The portraits of a set by number, in squares of one size.

    Args:
        folder: The set.
        size_px: Width and height of the squares.
        hashes: SHA-256 of each portrait's square.
    """

    def __init__(self, folder: Path, size_px: int, hashes: tuple[str, ...]) -> None:
        self._folder, self._size_px, self._hashes = folder, size_px, hashes
        self.of = lru_cache(maxsize=HELD)(self._read)
        """Return the portrait with a number.

        Raises:
            DatasetError: Its file is missing, or is not the one that was planned.
        """

    def _read(self, number: int) -> Portrait:
        path = self._folder / square_name(number, self._size_px)
        check_stored(path, self._hashes[number])
        found = read_npz(path, _PORTRAIT, DatasetError)
        names, values = found["blendshape_names"].tolist(), found["blendshapes"].tolist()
        pose = Pose(found["rotation"], float(found["scale_px_per_cm"]), found["translation_px"])
        face = Face(
            found["box_px"],
            float(found["score"]),
            found["landmarks"],
            dict(zip(names, values, strict=True)),
            pose,
            FaceCrop(*found["crop"].tolist()),
        )
        return Portrait(found["image"], face)


def read_face_flows(folder: Path, number: int, sha256: str) -> FaceFlows:
    """Read the flow that each AU causes on a portrait's face.

    Raises:
        DatasetError: The file is missing, or is not the one that was planned.
    """
    path = folder / flows_name(number)
    check_stored(path, sha256)
    return FaceFlows(**read_npz(path, FaceFlows._fields, DatasetError))


def check_stored(path: Path, sha256: str) -> None:
    """Refuse a stored file that is missing, altered or unreadable.

    Raises:
        DatasetError: The file is missing, altered or unreadable; the message says what to do.
    """
    try:
        if not path.is_file():
            what = "missing"
        elif sha256_file(path) != sha256:
            what = "altered"
        else:
            return
    except (OSError, UsageError) as error:
        what = f"unreadable ({' '.join(str(error).split())})"
    raise DatasetError(
        f"{FOLDER}/{path.name} is {what}: restore it, then mien produce retry"
    ) from None
