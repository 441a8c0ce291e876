"""A folder of still frames, read as a clip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mien.errors import MienError, UnreadableImageError, UnreadableVideoError
from mien.io.clip import Clip, TimedFrame
from mien.io.frame_names import FrameNames, order_frames
from mien.io.images import read_picture
from mien.io.png_folder import SIDECAR_NAME
from mien.io.sidecar import read_sidecar


@dataclass(frozen=True)
class FrameFolder(Clip):
    """The frames of a folder, placed in time by the numbers in their names.

    Attributes:
        files: The frames in order.
        steps: The distance of each frame from the first one, in frames: 0, 1, 2, ... unless numbers are missing.
        numbers: The whole numbers in the files' names; None where a name has a decimal number.
        bits: The depth of all frames in bits, if their files have 16 bits a channel; None for other files.
    """

    files: tuple[Path, ...]
    steps: tuple[Fraction, ...]
    numbers: tuple[int | None, ...]
    bits: int | None = None

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.files)

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield each frame with its time; see :meth:`mien.io.clip.Clip.__iter__`."""
        expected = (self.height, self.width, self.channels)
        for index, (file, step) in enumerate(zip(self.files, self.steps, strict=True)):
            try:
                read = read_picture(file, self.bits)
            except UnreadableImageError as error:
                raise UnreadableVideoError(f"frame {index} cannot be read: {error}") from error
            frame = read.image
            if read.bits != self.bits:
                deep, other = (file, self.files[0]) if self.bits is None else (self.files[0], file)
                raise UnreadableVideoError(
                    f"expected all frames of {self.path} to have 8 or all to have 16 bits a channel, "
                    f"got 16 in {deep.name} and 8 in {other.name}"
                )
            if frame.shape != expected:
                raise UnreadableVideoError(
                    f"expected all frames of {self.path} to have the first one's shape {expected}, "
                    f"got {frame.shape} in {file.name}"
                )
            yield float(step / self.fps), frame


def open_frame_folder(folder: Path, fps: Fraction | None) -> FrameFolder:
    """Open a folder of frames; see :func:`mien.io.clips.open_clip`."""
    try:
        names = [file.name for file in folder.iterdir()]
    except OSError as error:
        raise UnreadableVideoError(f"cannot read the folder {folder}: {error.strerror}") from error
    found = order_frames(folder, names)
    return _opened(folder, found, _sidecar_fps(folder) if fps is None else fps)


def open_frames(folder: Path, names: Sequence[str], fps: Fraction) -> FrameFolder:
    """Open some of the pictures in a folder as a clip.

    Args:
        folder: The folder.
        names: The pictures' names, at least one.
        fps: Frames a second.

    Raises:
        UnreadableVideoError: The pictures are not one sequence, or the first one cannot be read.
    """
    return _opened(folder, order_frames(folder, names), fps)


def _opened(folder: Path, found: FrameNames, fps: Fraction) -> FrameFolder:
    files = tuple(folder / name for name in found.names)
    try:
        first = read_picture(files[0])
        if first.bits is not None:
            first = read_picture(files[0], _depth_of_all(files))
    except UnreadableImageError as error:
        raise UnreadableVideoError(f"frame 0 cannot be read: {error}") from error
    height, width, channels = first.image.shape
    return FrameFolder(
        folder,
        fps,
        width,
        height,
        channels,
        files,
        found.steps,
        tuple(None if number % 1 else int(number) for number in found.numbers),
        first.bits,
        frames_due=len(files),
        notes=(*first.notes, *_gap_notes(found)),
    )


def _depth_of_all(files: tuple[Path, ...]) -> int:
    """Return the greatest depth of any frame, in bits. A dark frame scaled from its own depth would flicker."""
    bits = 0
    for file in files:
        try:
            bits = max(bits, read_picture(file).bits or 0)
        except UnreadableImageError:
            break  # reported when this frame is read
    return bits


def _gap_notes(found: FrameNames) -> tuple[str, ...]:
    """Return a note on the numbers that are missing; empty if none is."""
    missing = found.missing
    if not missing:
        return ()
    count = sum(last - first + 1 for first, last in missing)
    # A gap between decimals has no number of its own, so a gap is named by the frame before it.
    steps = found.steps
    before = ", ".join(found.names[steps.index(Fraction(first - 1))] for first, _ in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    number = "1 frame number is" if count == 1 else f"{count} frame numbers are"
    note = f"{number} missing, after {before}{more}: the frames that follow keep the times of their numbers"
    if len(missing) == len(found.names) - 1 > 1:
        note += "; if these do not count frames, number the files 1, 2, 3, ..."
    return (note,)


def _sidecar_fps(folder: Path) -> Fraction:
    sidecar = folder / SIDECAR_NAME
    if not sidecar.is_file():
        raise UnreadableVideoError(
            f"expected a frame rate for the folder {folder}, as pictures have none: "
            "give one with --fps"
        )
    try:
        return read_sidecar(sidecar).fps
    except MienError as error:
        raise UnreadableVideoError(f"the frame rate of {folder} cannot be read: {error}") from error
