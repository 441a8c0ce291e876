"""The people of a made data set: pictures in a folder, cut to a square around the face."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from mien.errors import DatasetError, FaceError, UnreadableImageError, UsageError
from mien.face.portrait import Portrait
from mien.face.square import face_square
from mien.io.images import PICTURE_SUFFIXES, read_image
from mien.io.sidecar import InputFile
from mien.types import RGBImage

SQUARE_CM = 24.0
"""Side of a clip, canonical centimetres: the head and a little of what is around."""

HELD = 256
"""Portraits kept in memory: 0.2 MB each at 256 pixels."""


@dataclass(frozen=True)
class PortraitFile:
    """One person.

    Attributes:
        path: the picture.
        subject: what the manifest calls the person: the file's stem.
        input_file: name and hash, for sidecars.
    """

    path: Path
    subject: str
    input_file: InputFile


def find_portraits(
    place: Path, side_px: int, skip_bad: bool = False, skipped: list[str] | None = None
) -> tuple[PortraitFile, ...]:
    """Find the people, and see that each has a face that can be used.

    Args:
        place: a folder of pictures, or a text file with one picture a line, relative to it.
        side_px: how large they will be cut.
        skip_bad: leave out pictures that cannot be used rather than raise.
        skipped: takes what was wrong with those, one line each.

    Raises:
        UsageError: no such place, or no picture.
        DatasetError: two pictures that are the same, or of the same name: nobody may be two subjects.
        FaceError: a picture without one usable face.
        UnreadableImageError: a damaged one.
    """
    found: dict[str, PortraitFile] = {}
    of_content: dict[str, Path] = {}
    for path in _listed(place):
        if place.is_file() and not path.is_file():
            line = f"expected a picture's path in each line of {place}, got {os.fspath(path)!r}"
            if not skip_bad:
                raise UsageError(f"{line} (--skip-bad leaves such lines out)")
            if skipped is not None:
                skipped.append(line)
            continue
        file = PortraitFile(path, path.stem.strip(), InputFile.of(path))
        twin = of_content.setdefault(file.input_file.sha256, path)
        if twin is not path:
            raise DatasetError(
                f"expected each person once, got {twin.name} and {path.name}, the same picture: a "
                "subject must not be in two splits"
            )
        if file.subject.casefold() in found:
            raise DatasetError(
                f"expected each name once, got {found[file.subject.casefold()].path.name} and "
                f"{path.name}: rename one"
            )
        found[file.subject.casefold()] = file
    usable = []
    for file in found.values():
        try:
            square_portrait(file, side_px)
            usable.append(file)
        except (FaceError, UnreadableImageError) as error:
            line = f"{file.path.name}: {' '.join(str(error).split())}"
            if not skip_bad:
                raise type(error)(f"{line} (--skip-bad leaves such pictures out)") from error
            if skipped is not None:
                skipped.append(line)
    if not usable:
        raise UsageError(f"expected portraits in {place}, got none that can be used")
    return tuple(usable)


def square_portrait(file: PortraitFile, side_px: int) -> Portrait:
    """Cut a picture to a square around its face, upright as it is, and find the face in that."""
    whole = Portrait.from_image(read_image(file.path))
    # The head keeps its tilt: a turned square would show the picture's corners.
    crop = replace(face_square(whole.face.pose, side_cm=SQUARE_CM), roll_radians=0.0)
    drawn = crop.sample(np.ascontiguousarray(whole.image[..., :3]), side_px)
    square: RGBImage = np.rint(drawn).clip(0, 255).astype(np.uint8)
    return Portrait.from_image(square, "largest")


class SquarePortraits:
    """Portraits by their number, as they are wanted; the last `HELD` are remembered, as movers come in any order.

    Args:
        files: the people.
        side_px: how large they are cut.
    """

    def __init__(self, files: Sequence[PortraitFile], side_px: int) -> None:
        @lru_cache(maxsize=HELD)
        def square(number: int) -> Portrait:
            return square_portrait(files[number], side_px)

        self._square = square

    def of(self, number: int) -> Portrait:
        """Return a portrait."""
        return self._square(number)


def _listed(place: Path) -> list[Path]:
    try:
        if place.is_dir():
            return sorted(
                path
                for path in place.iterdir()
                if path.suffix.lower() in PICTURE_SUFFIXES and not path.name.startswith(".")
            )
        lines = place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"expected a folder of portraits or a text file that lists some, got {place}"
        ) from error
    return [place.parent / line.strip() for line in lines if line.strip()]
