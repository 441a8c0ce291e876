"""Read the order and the numbers of a folder's frames from the names of the files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path

from mien.errors import UnreadableVideoError
from mien.io.images import FRAME_SUFFIXES

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class FrameNames:
    """The frames of a folder in order.

    Attributes:
        names: The files' names, ordered by number.
        numbers: The number of each frame, rising; there may be gaps. ``img046.png`` is 46, ``0.05.png`` is 0.05.
    """

    names: tuple[str, ...]
    numbers: tuple[Fraction, ...]

    @property
    def steps(self) -> tuple[Fraction, ...]:
        """The distance of each frame from the first one, in frames.

        Whole numbers count frames, so a missing number leaves a gap in time. Decimals are usually rounded times: each
        rise counts as the nearest whole number of usual (median) rises, at least one.
        """
        if all(number % 1 == 0 for number in self.numbers):
            return tuple(number - self.numbers[0] for number in self.numbers)
        rises = [after - before for before, after in pairwise(self.numbers)]
        usual = sorted(rises)[len(rises) // 2] if rises else Fraction(1)
        return tuple(
            accumulate((Fraction(round(rise / usual) or 1) for rise in rises), initial=Fraction(0))
        )

    @property
    def missing(self) -> tuple[tuple[int, int], ...]:
        """First and last frame of each gap, both included, counted from the first frame."""
        steps = [int(step) for step in self.steps]
        return tuple((a + 1, b - 1) for a, b in pairwise(steps) if b > a + 1)


def is_frame(name: str) -> bool:
    """Return whether a file may be a frame: a picture that is not hidden."""
    return name.lower().endswith(FRAME_SUFFIXES) and not name.startswith(".")


def order_frames(folder: Path, names: Sequence[str]) -> FrameNames:
    """Order the frames of a folder by their numbers.

    All names must be the same apart from their numbers. If several numbers differ, as in ``take2_0017.png``, the last
    one counts. A number that is the same in all names, such as a size, is ignored.

    Args:
        folder: The folder, for messages.
        names: The names of its files. Hidden ones and those that are not pictures are left out.

    Raises:
        UnreadableVideoError: No frame, frames of several formats, a picture whose name is unlike the others' or has no
            number, two frames with one number, or numbers after a point that may be decimals or not.
    """
    frames = sorted(name for name in names if is_frame(name))
    if not frames:
        raise UnreadableVideoError(
            f"expected frames ({', '.join(FRAME_SUFFIXES)}) in the folder {folder}, got none"
        )
    _check_formats(folder, frames)
    stems = [Path(name).stem for name in frames]
    shapes = [_NUMBER.sub("#", stem.lower()) for stem in stems]
    usual = Counter(shapes).most_common(1)[0][0]
    for name, shape in zip(frames, shapes, strict=True):
        if "#" not in shape:
            raise UnreadableVideoError(
                f"expected frames with a number in their names in {folder}, got {name}: "
                "rename it or move it elsewhere"
            )
        if shape != usual:
            other = frames[shapes.index(usual)]
            raise UnreadableVideoError(
                f"expected one sequence of frames in {folder}, got {other} and {name}: "
                "move the others elsewhere"
            )
    columns = list(zip(*(_NUMBER.findall(stem) for stem in stems), strict=True))
    differing = [column for column in columns if len(set(column)) > 1]
    texts = (differing or columns)[-1]
    _check_decimals(folder, frames, texts)
    numbers = [Fraction(text) for text in texts]
    ordered = sorted(zip(numbers, frames, strict=True))
    for (number, name), (following, other) in pairwise(ordered):
        if number == following:
            raise UnreadableVideoError(
                f"expected one frame of each number in {folder}, got {name} and {other}"
            )
    return FrameNames(tuple(name for _, name in ordered), tuple(number for number, _ in ordered))


def _check_decimals(folder: Path, frames: list[str], texts: Sequence[str]) -> None:
    """Refuse ``take1.9.png`` beside ``take1.10.png``: 1.10 is less than 1.9, but the frame numbers may be 9 and 10."""
    places = [len(text.partition(".")[2]) for text in texts]
    for name, text, digits in zip(frames, texts, places, strict=True):
        if text.endswith("0") and digits > max(1, min(places)):
            raise UnreadableVideoError(
                f"cannot tell whether {name} in {folder} has the number {text} or "
                f"{text.partition('.')[2]}: rename the frames, such as frame_010.png"
            )


def _check_formats(folder: Path, frames: list[str]) -> None:
    first = Path(frames[0])
    for name in frames[1:]:
        if Path(name).suffix.lower() != first.suffix.lower():
            raise UnreadableVideoError(
                f"expected frames of one format in {folder}, got {first} and {name}: "
                "move the others elsewhere"
            )
