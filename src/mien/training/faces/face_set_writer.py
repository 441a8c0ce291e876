"""Store a face set, face by face."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from jaxtyping import Float, Float16, UInt8

from mien.au.catalog import RIG_NAMES
from mien.errors import UsageError
from mien.io.atomic import atomic_folder
from mien.training.faces.face_motion import FaceMotion, OneFaceMotion
from mien.training.faces.face_set import (
    AUS_NAME,
    FORMAT,
    IMAGES_NAME,
    RECORD_NAME,
    WAY_BACK_NAME,
    is_own_face_set,
)


class FaceSetWriter:
    """Writes the faces of a set to disk one by one; made by `write_face_set`.

    Args:
        images: Open file to which the pixels are written.
        shape: (V, S, S, 3), the shape of one face's pictures.

    Attributes:
        aus: (V, A) FACS intensities of each face so far.
        motions: Motion of each face so far; empty if unknown.
        ways: Exact motion of the pixels of each face so far; empty if unknown.
        identities: Name of each face's person.
        skipped: Names of the pictures that could not be used. The caller adds them; `add` does not.
    """

    def __init__(self, images: BinaryIO, shape: tuple[int, ...]) -> None:
        self._images = images
        self._shape = shape
        self.aus: list[Float[np.ndarray, "views aus"]] = []
        self.motions: list[OneFaceMotion] = []
        self.ways: list[Float16[np.ndarray, "views size size 3"]] = []
        self.identities: list[str] = []
        self.skipped: list[str] = []

    def add(
        self,
        identity: str,
        images: UInt8[np.ndarray, "views size size 3"],
        aus: Float[np.ndarray, "views aus"],
        motion: OneFaceMotion | None = None,
        way_back: Float16[np.ndarray, "views size size 3"] | None = None,
    ) -> None:
        """Add a face.

        Args:
            identity: Name of the person.
            images: (V, S, S, 3) uint8 RGB pictures.
            aus: (V, A) FACS intensities in the order of `RIG_NAMES`.
            motion: Motion of the face from view 0 to each view, if it is known.
            way_back: (V, S, S, 3) exact motion of each pixel, if it is known; see `FaceSet.way_back`.

        Raises:
            UsageError: The pictures or the AUs have another shape.
        """
        if images.shape != self._shape or aus.shape != (self._shape[0], len(RIG_NAMES)):
            raise UsageError(
                f"expected {self._shape} pictures and AUs of {len(RIG_NAMES)} names, "
                f"got {images.shape} and {aus.shape}"
            )
        self._images.write(np.ascontiguousarray(images, np.uint8).tobytes())
        self.aus.append(np.asarray(aus, np.float32))
        if motion is not None:
            self.motions.append(motion)
        if way_back is not None:
            self.ways.append(way_back)
        self.identities.append(identity)


@contextmanager
def write_face_set(
    folder: Path, *, views: int, size: int, facts: Mapping[str, Any]
) -> Iterator[FaceSetWriter]:
    """Store a face set, whole or not at all.

    Args:
        folder: A missing or empty folder, or an earlier face set, which is replaced.
        views: Pictures per face.
        size: Side of the pictures, pixels.
        facts: How the set is made, as JSON values; the names of skipped pictures are added.

    Yields:
        The writer to add faces to.

    Raises:
        UsageError: No face was added.
        OutputError: The folder cannot be written, or holds other files.
    """
    shape = (views, size, size, 3)
    with atomic_folder(folder, is_own_face_set) as temporary:
        with (temporary / IMAGES_NAME).open("wb") as images:
            writer = FaceSetWriter(images, shape)
            yield writer
        if not writer.identities:
            raise UsageError("expected pictures of faces seen from the front, got none")
        np.save(temporary / AUS_NAME, np.stack(writer.aus), allow_pickle=False)
        if writer.motions:
            FaceMotion.of(writer.motions).save(temporary)
        if writer.ways:
            np.save(temporary / WAY_BACK_NAME, np.stack(writer.ways), allow_pickle=False)
        record = {
            "format": FORMAT,
            "shape": [len(writer.identities), *shape],
            "au_names": RIG_NAMES,
            **facts,
            "skipped": writer.skipped,
            "identities": writer.identities,
        }
        (temporary / RECORD_NAME).write_text(json.dumps(record, indent=1), encoding="utf-8")
