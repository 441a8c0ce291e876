"""A folder of still frames, read as a clip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mien.errors import MienError, UnreadableImageError, UnreadableVideoError
from mien.io.clip import Clip, TimedFrame
from mien.io.images import PICTURE_SUFFIXES, read_image
from mien.io.png_folder import SIDECAR_NAME
from mien.io.sidecar import read_sidecar


@dataclass(frozen=True)
class FrameFolder(Clip):
    """The frames of a folder, frame i at i / fps.

    Attributes:
        files: The frames in order.
    """

    files: tuple[Path, ...]

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.files)

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield each frame with its time; see :meth:`mien.io.clip.Clip.__iter__`."""
        expected = (self.height, self.width, self.channels)
        for index, file in enumerate(self.files):
            try:
                frame = read_image(file)
            except UnreadableImageError as error:
                raise UnreadableVideoError(f"frame {index} cannot be read: {error}") from error
            if frame.shape != expected:
                raise UnreadableVideoError(
                    f"expected all frames of {self.path} to have the first one's shape {expected}, "
                    f"got {frame.shape} in {file.name}"
                )
            yield index * self.fps.denominator / self.fps.numerator, frame


def open_frame_folder(folder: Path, fps: Fraction | None) -> FrameFolder:
    """Open a folder of frames; see :func:`mien.io.clips.open_clip`."""
    files = [
        file
        for file in folder.iterdir()
        if file.suffix.lower() in PICTURE_SUFFIXES and not file.name.startswith(".")
    ]
    files.sort(key=lambda file: natural_key(file.name))
    if not files:
        raise UnreadableVideoError(
            f"expected frames ({', '.join(PICTURE_SUFFIXES)}) in the folder {folder}, got none"
        )
    return frames_clip(folder, tuple(files), _sidecar_fps(folder) if fps is None else fps)


def frames_clip(folder: Path, files: tuple[Path, ...], fps: Fraction) -> FrameFolder:
    """Read some pictures of a folder, at least one, as a clip.

    Args:
        folder: The folder.
        files: Its pictures in order.
        fps: Frames a second.

    Raises:
        UnreadableVideoError: The first picture cannot be read.
    """
    try:
        height, width, channels = read_image(files[0]).shape
    except UnreadableImageError as error:
        raise UnreadableVideoError(f"frame 0 cannot be read: {error}") from error
    return FrameFolder(folder, fps, width, height, channels, files)


def natural_key(name: str) -> list[tuple[bool, int, str]]:
    """Return a sorting key that counts digits as numbers: ``img2`` comes before ``img10``."""
    parts = re.split(r"([0-9]+)", name.lower())
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


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
