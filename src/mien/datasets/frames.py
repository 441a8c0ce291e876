"""The still frames of one folder, found by the number in their names."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

from mien.errors import DatasetError, UnreadableVideoError
from mien.io.frame_names import order_frames


@dataclass(frozen=True)
class FrameFiles:
    """The frames of one folder, ordered by number.

    Attributes:
        folder: The folder.
        numbers: The numbers in the frames' names, increasing; there may be gaps.
        files: The files, one for each number.

    Raises:
        DatasetError: No frame, or two files with the same number.
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
            DatasetError: There is no such frame.
        """
        place = bisect_left(self.numbers, number)
        if place == len(self.numbers) or self.numbers[place] != number:
            raise DatasetError(
                f"expected frame {number} in {self.folder}, got {self.numbers[0]} to "
                f"{self.numbers[-1]}"
            )
        return self.files[place]

    def between(self, first: int, last: int) -> tuple[Path, ...]:
        """Return the files from frame ``first`` to ``last``, both included.

        Raises:
            DatasetError: A frame is missing; the message names the first one.
        """
        for gap, _ in self.gaps(first, last)[:1]:
            self.file(gap)  # raises
        start = bisect_left(self.numbers, first)
        return self.files[start : start + last + 1 - first]

    def gaps(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Return the gaps between ``first`` and ``last``: spans of numbers without a file.

        Returns:
            First and last number of each gap, both included, in increasing order. There are at most
            as many gaps as files plus one, even if ``first`` and ``last`` are far apart.
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
    """List a folder's frames, ordered by number; see :func:`mien.io.frame_names.order_frames`.

    Raises:
        DatasetError: The folder cannot be read, or is not one sequence of numbered frames.
    """
    try:
        found = order_frames(folder, [entry.name for entry in folder.iterdir()])
    except OSError as error:
        raise DatasetError(f"cannot read the folder {folder}: {error.strerror}") from error
    except UnreadableVideoError as error:
        raise DatasetError(str(error)) from error
    for name, number in zip(found.names, found.numbers, strict=True):
        if number % 1:
            raise DatasetError(f"expected frames with whole numbers in {folder}, got {name}")
    numbers = tuple(int(number) for number in found.numbers)
    return FrameFiles(folder, numbers, tuple(folder / name for name in found.names))
