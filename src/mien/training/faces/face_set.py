"""Faces to train on, with the AUs each of their pictures shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from jaxtyping import Bool, Float32, Int64, UInt8

from mien.au.catalog import RIG_NAMES
from mien.errors import UsageError
from mien.io.atomic import atomic_folder
from mien.training.faces.face_motion import CELL_PX, FaceMotion, OneFaceMotion

RECORD_NAME = "faces.json"
IMAGES_NAME = "images.uint8"
AUS_NAME = "aus.npy"
FORMAT = "mien face set 1"


@dataclass(frozen=True, eq=False)
class FaceSet:
    """Square pictures of faces; several of one face where a rig moved it.

    Attributes:
        images: (F, V, S, S, 3) uint8 RGB; view 0 is the picture as it was found. It may be
            memory-mapped: a set can be larger than memory.
        aus: (F, V, A) FACS intensities 0 to 5. Of a set the rig made they count from the picture
            as it was found, so that view 0 has none; of labelled pictures they are the picture's.
        au_names: A sided names (``AU12L``, ``AU26``).
        identities: F names, the same for pictures of the same person.
        facts: How it was made: JSON values by name.
        rows: Which of the F faces belong to this part of the set; all where not given.
        motion: How the views came of view 0, where a rig moved them.
    """

    images: UInt8[np.ndarray, "faces views size size 3"]
    aus: Float32[np.ndarray, "faces views aus"]
    au_names: tuple[str, ...]
    identities: tuple[str, ...]
    facts: Mapping[str, Any]
    rows: Int64[np.ndarray, " chosen"] = field(default=None)  # type: ignore[arg-type]
    motion: FaceMotion | None = None

    def __post_init__(self) -> None:
        faces, views = self.images.shape[:2] if self.images.ndim == 5 else (0, 0)
        if not faces or self.images.shape[2] != self.images.shape[3] or self.images.shape[4] != 3:
            raise UsageError(
                "expected pictures of shape (faces, views, size, size, 3), at least one, "
                f"got {self.images.shape}"
            )
        if self.aus.shape != (faces, views, len(self.au_names)) or len(self.identities) != faces:
            raise UsageError(
                f"expected AUs of shape ({faces}, {views}, {len(self.au_names)}) and {faces} "
                f"identities, got {self.aus.shape} and {len(self.identities)}"
            )
        if set(self.au_names) - set(RIG_NAMES):
            raise UsageError(f"expected sided AU names, got {' '.join(self.au_names)}")
        if not np.isfinite(self.aus).all() or self.aus.min() < 0 or self.aus.max() > 5:
            raise UsageError("expected AU intensities from 0 to 5")
        wanted = (faces, views, self.size // CELL_PX)
        if self.motion is not None and self.motion.field.shape[:3] != wanted:
            raise UsageError(
                f"expected motion of {wanted} faces, views and cells, got {self.motion.field.shape}"
            )
        rows = np.arange(faces) if self.rows is None else np.array(self.rows, np.int64)
        if not len(rows) or rows.min() < 0 or rows.max() >= faces:
            raise UsageError(f"expected rows of the {faces} faces, got {rows}")
        object.__setattr__(self, "rows", rows)

    def __len__(self) -> int:
        """Return the number of faces in this part."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Say what is in it, not the pixels."""
        return f"FaceSet({len(self)} faces, {self.images.shape[1]} views of {self.size} px)"

    @property
    def size(self) -> int:
        """Side of the pictures, pixels."""
        return self.images.shape[2]

    @property
    def is_paired(self) -> bool:
        """Whether a face has several views, so that what it looks like with other AUs is known."""
        return self.images.shape[1] > 1

    def split(self, validation: float = 0.1) -> tuple[FaceSet, FaceSet]:
        """Part it by identity: the same name is always on the same side, in any set.

        Args:
            validation: Share of the identities that is held out, in (0, 1).

        Returns:
            The faces to train on, and those held out.

        Raises:
            UsageError: See `held_out_people`.
        """
        held_out = held_out_people([self.identities[row] for row in self.rows], validation)
        return (
            replace(self, rows=self.rows[~held_out]),
            replace(self, rows=self.rows[held_out]),
        )

    @classmethod
    def open(cls, folder: Path) -> FaceSet:
        """Open a stored set; its pictures stay on disk until they are looked at.

        Raises:
            UsageError: The folder holds no face set, or a damaged one.
        """
        record = folder / RECORD_NAME
        if not record.is_file():
            raise UsageError(
                f"expected a folder with a face set, got {folder} without {RECORD_NAME}: "
                "make one with 'mien train faces'"
            )
        try:
            facts = json.loads(record.read_text(encoding="utf-8"))
            if facts.pop("format") != FORMAT:
                raise ValueError("another format")
            shape = tuple(int(side) for side in facts.pop("shape"))
            if (folder / IMAGES_NAME).stat().st_size != np.prod(shape):
                raise ValueError(f"expected {IMAGES_NAME} to hold pictures of shape {shape}")
            return cls(
                np.memmap(folder / IMAGES_NAME, np.uint8, "r", shape=shape),
                np.load(folder / AUS_NAME, allow_pickle=False),
                tuple(facts.pop("au_names")),
                tuple(facts.pop("identities")),
                facts,
                motion=FaceMotion.open(folder),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(f"the face set {folder} is damaged ({error}): make it anew") from error


class FaceSetWriter:
    """Collects faces on disk; see `write_face_set`."""

    def __init__(self, images: BinaryIO, shape: tuple[int, ...]) -> None:
        self._images = images
        self._shape = shape
        self.aus: list[np.ndarray] = []
        self.motions: list[OneFaceMotion] = []
        self.identities: list[str] = []
        self.skipped: list[str] = []

    def add(
        self,
        identity: str,
        images: np.ndarray,
        aus: np.ndarray,
        motion: OneFaceMotion | None = None,
    ) -> None:
        """Add a face: (V, S, S, 3) uint8 pictures, (V, A) intensities, and how it moved, where that is known."""
        if images.shape != self._shape or aus.shape != (self._shape[0], len(RIG_NAMES)):
            raise UsageError(
                f"expected {self._shape} pictures and AUs of {len(RIG_NAMES)} names, "
                f"got {images.shape} and {aus.shape}"
            )
        self._images.write(np.ascontiguousarray(images, np.uint8).tobytes())
        self.aus.append(np.asarray(aus, np.float32))
        if motion is not None:
            self.motions.append(motion)
        self.identities.append(identity)


@contextmanager
def write_face_set(
    folder: Path, *, views: int, size: int, facts: Mapping[str, Any]
) -> Iterator[FaceSetWriter]:
    """Store a set, whole or not at all.

    Args:
        folder: Where; an empty or missing folder, or an earlier face set, which is replaced.
        views: Pictures a face.
        size: Side of the pictures, pixels.
        facts: How it is made; the names of skipped pictures are added.

    Yields:
        What takes the faces.

    Raises:
        UsageError: Not one face was added.
        OutputError: It cannot be written, or other files are in the way.
    """
    shape = (views, size, size, 3)
    with atomic_folder(folder, lambda place: (place / RECORD_NAME).is_file()) as temporary:
        with (temporary / IMAGES_NAME).open("wb") as images:
            writer = FaceSetWriter(images, shape)
            yield writer
        if not writer.identities:
            raise UsageError("expected pictures with a face from the front, got none that has one")
        np.save(temporary / AUS_NAME, np.stack(writer.aus), allow_pickle=False)
        if writer.motions:
            FaceMotion.of(writer.motions).save(temporary)
        record = {
            "format": FORMAT,
            "shape": [len(writer.identities), *shape],
            "au_names": RIG_NAMES,
            **facts,
            "skipped": writer.skipped,
            "identities": writer.identities,
        }
        (temporary / RECORD_NAME).write_text(json.dumps(record, indent=1), encoding="utf-8")


def held_out_people(identities: Sequence[str], share: float = 0.1) -> Bool[np.ndarray, " faces"]:
    """Which of some people's faces are kept for validation.

    Args:
        identities: The faces' names.
        share: Of the people that is held out, in (0, 1).

    Raises:
        UsageError: All of them, or none.
    """
    held_out = np.array([is_held_out(identity, share) for identity in identities])
    if held_out.all() or not held_out.any():
        raise UsageError(
            f"expected enough people that {share:.0%} of them, drawn by their names, can be held "
            f"out, got {len(set(identities))}: {round(5 / share)} nearly always do"
        )
    return held_out


def is_held_out(identity: str, share: float) -> bool:
    """Whether a person is kept for validation: by a hash of the name, the same in every set."""
    digest = hashlib.sha256(identity.encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
