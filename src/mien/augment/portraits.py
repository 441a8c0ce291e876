"""Find the portraits of a made data set, and cut them to a square around the face."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from mien.errors import DatasetError, FaceError, MienError, UnreadableImageError, UsageError
from mien.face.portrait import Portrait
from mien.face.square import face_square
from mien.io.images import PICTURE_SUFFIXES, read_image
from mien.io.plain_file import read_file
from mien.io.sidecar import InputFile
from mien.types import RGBImage

SQUARE_CM = 24.0
"""Side of the square, canonical centimetres: the head and some background."""

HELD = 256
"""Number of portraits kept in memory: 0.2 MB each at 256 pixels."""


@dataclass(frozen=True)
class PortraitFile:
    """The picture of one person.

    Attributes:
        path: The picture.
        subject: The person's name in the manifest: the file's stem.
        input_file: Name and hash, for sidecars.
    """

    path: Path
    subject: str
    input_file: InputFile


def find_portraits(
    place: Path,
    side_px: int,
    skip_bad: bool = False,
    skipped: list[str] | None = None,
    use: Callable[[PortraitFile, Portrait], None] = lambda file, square: None,
) -> tuple[PortraitFile, ...]:
    """Find the portraits, and check that each has a usable face.

    Args:
        place: A folder of pictures, or a text file with one path on each line, relative to the text file's folder.
        side_px: Width and height of the squares that are cut from the pictures.
        skip_bad: Leave out pictures that cannot be used, instead of raising an error.
        skipped: List to which the reasons are added, one line for each picture that is left out.
        use: Called with each picture and its square. A picture for which it raises a FaceError or an
            UnreadableImageError counts as one that cannot be used.

    Raises:
        UsageError: The place cannot be read, or has no picture that can be used.
        DatasetError: Two pictures with the same name; without ``skip_bad`` also two with the same content. One person
            must not be two subjects.
        FaceError: Without ``skip_bad``, a picture without exactly one usable face.
        UnreadableImageError: Without ``skip_bad``, a damaged picture.
    """
    found: dict[str, PortraitFile] = {}
    of_content: dict[str, Path] = {}
    for path in _listed(place):
        if place.is_file() and not path.is_file():
            line = f"expected a picture's path in each line of {place}, got {os.fspath(path)!r}"
            _leave_out(UsageError, line, skip_bad, skipped)
            continue
        file = PortraitFile(path, path.stem.strip(), InputFile.of(path))
        twin = of_content.setdefault(file.input_file.sha256, path)
        if twin is not path:
            line = f"expected each person once, got {twin.name} and {path.name}, the same picture"
            _leave_out(DatasetError, line, skip_bad, skipped, "leaves out the second")
            continue
        if file.subject.casefold() in found:
            raise DatasetError(
                f"expected each name once, got {found[file.subject.casefold()].path.name} and "
                f"{path.name}: rename one"
            )
        found[file.subject.casefold()] = file
    usable = []
    for file in found.values():
        try:
            use(file, square_portrait(file, side_px))
            usable.append(file)
        except (FaceError, UnreadableImageError) as error:
            line = f"{file.path.name}: {' '.join(str(error).split())}"
            _leave_out(type(error), line, skip_bad, skipped)
    if not usable:
        raise UsageError(f"expected portraits in {place}, got none that can be used")
    return tuple(usable)


def _leave_out(
    kind: type[MienError],
    reason: str,
    skip_bad: bool,
    skipped: list[str] | None,
    hint: str = "leaves it out",
) -> None:
    """Add the reason to ``skipped``; without ``skip_bad`` raise an error of this kind that names ``--skip-bad``."""
    if not skip_bad:
        raise kind(f"{reason} (--skip-bad {hint})")
    if skipped is not None:
        skipped.append(reason)


def square_portrait(file: PortraitFile, side_px: int) -> Portrait:
    """Cut a picture to a square around its face, and find the face in the square.

    Args:
        file: The picture.
        side_px: Width and height of the square.

    Raises:
        FaceError: The picture or the square has no usable face.
        UnreadableImageError: The picture is damaged.
    """
    whole = Portrait.from_image(read_image(file.path))
    # The square is not turned with the head, because it would then show the picture's corners.
    crop = replace(face_square(whole.face.pose, side_cm=SQUARE_CM), roll_radians=0.0)
    drawn = crop.sample(np.ascontiguousarray(whole.image[..., :3]), side_px)
    square: RGBImage = np.rint(drawn).clip(0, 255).astype(np.uint8)
    return Portrait.from_image(square, "largest")


class SquarePortraits:
    """Cut portraits by number when they are needed, and keep the last `HELD` in memory.

    Args:
        files: The pictures.
        side_px: Width and height of the squares.
    """

    def __init__(self, files: Sequence[PortraitFile], side_px: int) -> None:
        @lru_cache(maxsize=HELD)
        def square(number: int) -> Portrait:
            return square_portrait(files[number], side_px)

        self._square = square

    def of(self, number: int) -> Portrait:
        """Return the portrait with a number."""
        return self._square(number)


def _listed(place: Path) -> list[Path]:
    try:
        if place.is_dir():
            return sorted(
                path
                for path in place.iterdir()
                if path.suffix.lower() in PICTURE_SUFFIXES and not path.name.startswith(".")
            )
        lines = read_file(place, UsageError).decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError, UsageError) as error:
        raise UsageError(
            f"expected a folder of portraits or a text file that lists some, got {place}"
        ) from error
    return [place.parent / line.strip() for line in lines if line.strip()]
