"""Folders of still frames below a data set's root: found whatever their case or zero padding."""

from __future__ import annotations

import fnmatch
import os
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mien.errors import DatasetError
from mien.io.images import PICTURE_SUFFIXES

TABLE_EXTENSIONS = (".xlsx", ".xlsm", ".xls", ".csv")
"""What may be an annotation file, in lower case."""

_DIGITS = re.compile(r"[0-9]+")


def frame_number(name: str) -> int | None:
    """Return a frame's number, the last digits of its name; None where it has none.

    ``img46.jpg`` and ``reg_img46.jpg`` are 46, ``006_05562.jpg`` is 5562.
    """
    digits = _DIGITS.findall(name.rpartition(".")[0] or name)
    return int(digits[-1]) if digits else None


def folder_key(name: str) -> str:
    """Return what two spellings of a folder's name share.

    Case does not count, nor zeros in front of a number: ``spNo.1`` is ``spNO.1``, and ``s03_po_05``
    is ``s3_po_05``.
    """
    return _DIGITS.sub(lambda match: str(int(match[0])), name.casefold())


@dataclass(frozen=True)
class FrameFiles:
    """The frames of one folder in the order of their numbers.

    Attributes:
        folder: where they are.
        numbers: the numbers in their names, rising; some may be absent.
        files: the files, one a number.

    Raises:
        DatasetError: no frame, or two files with one number.
    """

    folder: Path
    numbers: tuple[int, ...] = field(repr=False)
    files: tuple[Path, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.numbers or len(self.numbers) != len(self.files):
            raise DatasetError(
                f"expected numbered frames in {self.folder}, got {len(self.files)} files with "
                f"{len(self.numbers)} numbers"
            )
        for index in range(1, len(self.numbers)):
            if self.numbers[index - 1] >= self.numbers[index]:
                raise DatasetError(
                    f"expected one file a frame number in {self.folder}, got "
                    f"{self.files[index - 1].name} and {self.files[index].name}"
                )

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.files)

    def file(self, number: int) -> Path:
        """Return the file of a frame.

        Raises:
            DatasetError: no such frame; the message names it.
        """
        place = bisect_left(self.numbers, number)
        if place == len(self.numbers) or self.numbers[place] != number:
            raise DatasetError(
                f"expected frame {number} in {self.folder}, got {self.numbers[0]} to "
                f"{self.numbers[-1]}"
            )
        return self.files[place]

    def between(self, first: int, last: int) -> tuple[Path, ...]:
        """Return the files from frame ``first`` to ``last`` inclusive.

        Raises:
            DatasetError: one of them is not there; the message names the first.
        """
        for gap, _ in self.gaps(first, last)[:1]:
            self.file(gap)  # raises
        start = bisect_left(self.numbers, first)
        return self.files[start : start + last + 1 - first]

    def gaps(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Return the spans of numbers from ``first`` to ``last`` that have no file.

        Returns:
            First and last number of each span, both inclusive, rising. Their count is bounded by the
            files', however far apart a mistyped table puts the two ends.
        """
        found = []
        expected = first
        for number in self.numbers[bisect_left(self.numbers, first) :]:
            if number > last:
                break
            if number > expected:
                found.append((expected, number - 1))
            expected = number + 1
        if expected <= last:
            found.append((expected, last))
        return tuple(found)


def list_frames(folder: Path) -> FrameFiles:
    """List a folder's frames in the order of their numbers (img2 before img10).

    Raises:
        DatasetError: it cannot be read, has no numbered frame, or two with one number.
    """
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError as error:
        raise DatasetError(f"cannot read the folder {folder}: {error.strerror}") from error
    found = sorted(
        (number, name) for name in names if (number := _number_of_frame(name)) is not None
    )
    numbers = tuple(number for number, _ in found)
    return FrameFiles(folder, numbers, tuple(folder / name for _, name in found))


class FolderTree:
    """Every folder with frames below a root, listed once, found by the end of its path."""

    def __init__(self, root: Path) -> None:
        """Walk through the root; links are followed, each folder is listed once.

        Raises:
            DatasetError: the root is no folder.
        """
        if not root.is_dir():
            raise DatasetError(f"expected the folder of a data set, got {root}: no such folder")
        self.root = root
        self.tables: list[Path] = []
        """All spreadsheets and CSV files on the way."""
        self._by_key: dict[str, list[Path]] = defaultdict(list)
        self._frames: dict[Path, FrameFiles] = {}
        seen: set[str] = set()
        for at, folders, names in os.walk(root, followlinks=True):
            real = os.path.realpath(at)
            if real in seen:  # a link that leads back up
                folders.clear()
                continue
            seen.add(real)
            folders.sort()
            here = Path(at)
            self.tables += [
                here / name
                for name in sorted(
                    name for name in names if name.lower().endswith(TABLE_EXTENSIONS)
                )
                if not name.startswith(("~", "."))
            ]
            if any(_number_of_frame(name) is not None for name in names):
                self._by_key[folder_key(here.name)].append(here)

    def find(self, *parts: str) -> list[Path]:
        """Return the folders with frames whose path ends in ``parts``, see :func:`folder_key`.

        The last part may be a shell pattern, such as ``15_0101[!0-9]*``.
        """
        keys = [folder_key(part) for part in parts]
        if "*" in keys[-1]:
            last = [f for key in fnmatch.filter(self._by_key, keys[-1]) for f in self._by_key[key]]
        else:
            last = self._by_key.get(keys[-1], [])
        above = keys[:-1]
        return [
            folder
            for folder in last
            if [folder_key(part) for part in folder.parent.parts[-len(above) :]] == above
            or not above
        ]

    def find_one(self, patterns: Sequence[Sequence[str]]) -> Path | None:
        """Return the folder that fits the first pattern that any fits; None where none does.

        Raises:
            DatasetError: several fit it, such as a raw and a cropped copy: it must be said which.
        """
        for parts in patterns:
            found = self.find(*parts)
            if len(found) > 1:
                raise DatasetError(
                    f"expected one folder of frames for {'/'.join(parts)} below {self.root}, got "
                    f"{' and '.join(str(f.relative_to(self.root)) for f in found[:3])}: "
                    "choose one of the copies with frames (--frames FOLDER)"
                )
            if found:
                return found[0]
        return None

    def frames(self, folder: Path) -> FrameFiles:
        """Return a folder's frames, listed once; see :func:`list_frames`."""
        if folder not in self._frames:
            self._frames[folder] = list_frames(folder)
        return self._frames[folder]


def _number_of_frame(name: str) -> int | None:
    if name.startswith(".") or not name.lower().endswith(PICTURE_SUFFIXES):
        return None
    return frame_number(name)
