"""The portrait's picture, read once and searched for faces once."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, TypeAlias

import numpy as np

from mien.errors import FaceError, UnreadableImageError
from mien.face.mouth_cover import mouth_is_covered
from mien.face.portrait import Portrait
from mien.io.images import read_picture
from mien.io.sidecar import InputFile
from mien.types import Image

PortraitSource: TypeAlias = str | os.PathLike[str] | Image | Portrait
"""A picture file, an image (H, W, 3 or 4) uint8 RGB(A), or a portrait: a face already found."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, its origin, and the faces that were found in it so far.

    Attributes:
        image: (H, W, 3) or (H, W, 4) uint8.
        input_file: Name and hash of the file, for the sidecar.
        path: The file; None for a picture from memory.
        notes: Notes on how the file was read, one line each.
    """

    image: Image
    input_file: InputFile
    path: Path | None = None
    notes: tuple[str, ...] = ()
    _portraits: dict[int | str | None, Portrait] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, source: PortraitSource) -> Self:
        """Read a picture, or take one from memory.

        Raises:
            UnreadableImageError: A file that is not a picture, an array that is not an image, or anything else.
        """
        if isinstance(source, Portrait):
            picture = cls._in_memory(source.image)
            picture._portraits[None] = source
            return picture
        if isinstance(source, np.ndarray):
            return cls._in_memory(source)
        if not isinstance(source, (str, os.PathLike)):
            raise UnreadableImageError(
                "expected a picture file, an array (H, W, 3 or 4) of uint8 or a mien.Portrait, "
                f"got {type(source).__name__}"
            )
        path = Path(source)
        read = read_picture(path)
        notes = tuple(f"{path.name}: {note}" for note in read.notes)
        return cls(read.image, InputFile.of(path), path, notes)

    @classmethod
    def _in_memory(cls, image: Image) -> Self:
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] not in (3, 4):
            raise UnreadableImageError(
                f"expected an image of shape (H, W, 3) or (H, W, 4) uint8, got {image.shape} "
                f"{image.dtype}"
            )
        digest = hashlib.sha256(image.tobytes()).hexdigest()
        return cls(image, InputFile("array", digest))

    def notes_on(self, portrait: Portrait) -> tuple[str, ...]:
        """Return the picture's notes, and a note if the mouth of the portrait looks covered."""
        if not mouth_is_covered(self.image, portrait.face):
            return self.notes
        name = "the portrait" if self.path is None else self.path.name
        note = (
            f"{name}: the mouth looks covered, by a mask or a scarf: the cover moves like skin, and a trace of a "
            "mouth may show on it"
        )
        return (*self.notes, note)

    def portrait(self, face: int | Literal["largest"] | str | None = None) -> Portrait:
        """Return the portrait of a face; the face is found once for each choice.

        Raises:
            FaceError: See `mien.face.portrait.find_face`.
        """
        if face not in self._portraits:
            try:
                found = Portrait.from_image(self.image, face)  # type: ignore[arg-type]
            except FaceError as error:
                if self.path is None:
                    raise
                # A command may take several pictures and clips: say which.
                raise type(error)(f"{self.path.name}: {error}") from error
            self._portraits[face] = found
        return self._portraits[face]
