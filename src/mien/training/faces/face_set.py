"""A face set: square pictures of faces, with the AUs that each picture shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float16, Float32, Int64, UInt8

from mien.au.catalog import RIG_NAMES
from mien.datasets.splits import check_disjoint
from mien.errors import UsageError
from mien.io.array_file import read_npy
from mien.io.json_file import parse_json
from mien.io.plain_file import read_file
from mien.training.faces.face_motion import CELL_PX, FaceMotion, motion_file
from mien.training.faces.held_out import held_out_people

RECORD_NAME = "faces.json"
IMAGES_NAME = "images.uint8"
AUS_NAME = "aus.npy"
WAY_BACK_NAME = "way_back.npy"
FORMAT = "mien face set 1"
CLIPS_FORMAT = "mien face set of clips 1"
"""Format of a set in which faces have different numbers of views: the frames of a clip each."""


def is_own_face_set(folder: Path) -> bool:
    """Return whether a folder holds a face set and nothing else, so that it may be deleted."""
    names = [path.name for path in folder.iterdir()]
    own = {RECORD_NAME, IMAGES_NAME, AUS_NAME, WAY_BACK_NAME}
    own |= {motion_file(part.name) for part in fields(FaceMotion)}
    return RECORD_NAME in names and own.issuperset(names)


@dataclass(frozen=True, eq=False)
class FaceSet:
    """Square pictures of faces, with several views per face if it moved.

    Attributes:
        images: (F, V, S, S, 3) uint8 RGB; view 0 is the original picture. It may be memory-mapped:
            a set can be larger than memory. In a set of clips (P, 1, S, S, 3), the P frames of all
            clips after one another.
        aus: (F, V, A) or (P, 1, A) FACS intensities 0 to 5. In a set of kind ``rig`` they are
            relative to the original picture, so view 0 is all zero; in a set of kind ``still`` they
            are measured in the picture; in a set of clips they are the chosen labels.
        au_names: A sided names (``AU12L``, ``AU26``).
        identities: F names of persons, equal for faces of the same person.
        facts: How the set was made: JSON values by name.
        rows: Indices of the faces that belong to this part of the set; all by default.
        motion: Motion of each face from view 0 to each view, if it is known.
        starts: (F + 1,) in a set of clips: the index of each face's first picture, and P at the end.
            Each face has two views or more. None if all faces have V views.
        way_back: (P, V, S, S, 3) exact motion of each pixel of a view, if it is known: the displacement (x, y) in
            pixels to the place of its content in view 0, and the share of the pixel that view 0 does not show.
    """

    images: UInt8[np.ndarray, "pictures views size size 3"]
    aus: Float32[np.ndarray, "pictures views aus"]
    au_names: tuple[str, ...]
    identities: tuple[str, ...]
    facts: Mapping[str, Any]
    rows: Int64[np.ndarray, " chosen"] = field(default=None)  # type: ignore[arg-type]
    motion: FaceMotion | None = None
    starts: Int64[np.ndarray, " ends"] | None = None
    way_back: Float16[np.ndarray, "pictures views size size 3"] | None = None

    def __post_init__(self) -> None:
        pictures, views = self.images.shape[:2] if self.images.ndim == 5 else (0, 0)
        faces = len(self.identities) if self.starts is not None else pictures
        if (
            not pictures
            or self.images.shape[2] != self.images.shape[3]
            or self.images.shape[4] != 3
        ):
            raise UsageError(
                "expected pictures of shape (faces, views, size, size, 3), at least one, "
                f"got {self.images.shape}"
            )
        if self.aus.shape != (pictures, views, len(self.au_names)) or len(self.identities) != faces:
            raise UsageError(
                f"expected AUs of shape ({pictures}, {views}, {len(self.au_names)}) and {faces} "
                f"identities, got {self.aus.shape} and {len(self.identities)}"
            )
        if set(self.au_names) - set(RIG_NAMES):
            raise UsageError(f"expected sided AU names, got {' '.join(self.au_names)}")
        if not np.isfinite(self.aus).all() or self.aus.min() < 0 or self.aus.max() > 5:
            raise UsageError("expected AU intensities from 0 to 5")
        self._check_starts()
        wanted = (faces, pictures, views, self.size // CELL_PX)
        motion = self.motion
        if motion is not None and (len(motion.points), *motion.field.shape[:3]) != wanted:
            raise UsageError(
                f"expected motion of {wanted} faces, pictures, views and cells, "
                f"got {len(motion.points)} faces and {motion.field.shape}"
            )
        if self.way_back is not None and self.way_back.shape != self.images.shape:
            raise UsageError(
                f"expected way_back of shape {self.images.shape}, got {self.way_back.shape}"
            )
        rows = np.arange(faces) if self.rows is None else np.array(self.rows, np.int64)
        if not len(rows) or rows.min() < 0 or rows.max() >= faces:
            raise UsageError(f"expected rows of the {faces} faces, got {rows}")
        object.__setattr__(self, "rows", rows)

    def _check_starts(self) -> None:
        """Refuse clips that do not cover the pictures, or that have fewer than two frames."""
        if self.starts is None:
            return
        ends = (int(self.starts[0]), int(self.starts[-1]), len(self.starts), self.images.shape[1])
        wanted = (0, len(self.images), len(self.identities) + 1, 1)
        if ends != wanted or np.diff(self.starts).min() < 2:
            raise UsageError(
                f"expected clips of two frames or more that make up the {len(self.images)} pictures, "
                f"got starts {self.starts}"
            )

    def __len__(self) -> int:
        """Return the number of faces in this part."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Return the shape of the set, not its pixels."""
        views = self.images.shape[1] if self.starts is None else "several"
        return f"FaceSet({len(self)} faces, {views} views of {self.size} px)"

    @property
    def size(self) -> int:
        """Side of the pictures, pixels."""
        return int(self.images.shape[2])

    @property
    def is_paired(self) -> bool:
        """Whether each face has several views, so that pictures of it with other AUs are known."""
        return self.starts is not None or int(self.images.shape[1]) > 1

    @property
    def view_counts(self) -> Int64[np.ndarray, " faces"]:
        """Number of views of each face of the whole set."""
        if self.starts is None:
            return np.full(len(self.identities), self.images.shape[1])
        return np.diff(self.starts)

    @property
    def picture_rows(self) -> Int64[np.ndarray, " pictures"]:
        """Indices, along the first axis of `images` and `aus`, of this part's pictures."""
        if self.starts is None:
            return self.rows
        return np.concatenate([np.arange(self.starts[f], self.starts[f + 1]) for f in self.rows])

    def place(self, face: int, view: int) -> tuple[int, int]:
        """Return the first two indices of a face's view in `images`, `aus` and the motion."""
        return (face, view) if self.starts is None else (int(self.starts[face]) + view, 0)

    def as_single_pictures(self) -> FaceSet:
        """Return a set of clips as single pictures, of kind ``frames``; any other set unchanged."""
        if self.starts is None:
            return self
        people = np.repeat(np.array(self.identities, object), self.view_counts)
        return replace(
            self,
            identities=tuple(people),
            facts={**self.facts, "kind": "frames"},
            rows=self.picture_rows,
            motion=None,
            starts=None,
            way_back=None,
        )

    def check_size(self, image_px: int, field: str) -> None:
        """Refuse a set whose pictures a network cannot take.

        Args:
            image_px: Side of the network's pictures, pixels.
            field: Name of the network in its recipe.

        Raises:
            UsageError: The pictures have another size.
        """
        if self.size != image_px:
            raise UsageError(
                f"expected faces of {image_px} px, got {self.size}: "
                f"make the set again with --size {image_px}, or set {field}.image_px"
            )

    def split(self, validation: float = 0.1) -> tuple[FaceSet, FaceSet]:
        """Split by identity: a name is on the same side in every set.

        Args:
            validation: Share of the identities to hold out, in (0, 1).

        Returns:
            The faces to train on, and the held-out faces.

        Raises:
            UsageError: See `held_out_people`.
        """
        people = [self.identities[row] for row in self.rows]
        held_out = held_out_people(people, validation)
        check_disjoint(
            training=(p for p, out in zip(people, held_out, strict=True) if not out),
            validation=(p for p, out in zip(people, held_out, strict=True) if out),
        )
        return (
            replace(self, rows=self.rows[~held_out]),
            replace(self, rows=self.rows[held_out]),
        )

    @classmethod
    def open(cls, folder: Path) -> FaceSet:
        """Open a stored set; its pictures stay on disk until they are used.

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
            way_back = folder / WAY_BACK_NAME
            facts = parse_json(read_file(record, UsageError))
            made_of = facts.pop("format")
            if made_of not in (FORMAT, CLIPS_FORMAT):
                raise ValueError("another format")
            frames = facts.pop("frames") if made_of == CLIPS_FORMAT else None
            shape = tuple(int(side) for side in facts.pop("shape"))
            if (folder / IMAGES_NAME).stat().st_size != math.prod(shape):
                raise ValueError(f"expected {IMAGES_NAME} to hold pictures of shape {shape}")
            return cls(
                np.memmap(folder / IMAGES_NAME, np.uint8, "r", shape=shape),
                np.array(read_npy(folder / AUS_NAME, UsageError)),
                tuple(facts.pop("au_names")),
                tuple(facts.pop("identities")),
                facts,
                motion=FaceMotion.open(folder),
                starts=None if frames is None else np.cumsum([0, *frames]),
                way_back=read_npy(way_back, UsageError) if way_back.is_file() else None,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise UsageError(
                f"the face set {folder} is damaged ({error}): make it again"
            ) from error
