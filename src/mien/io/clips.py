"""Clips in: video files and folders of frames, one frame at a time."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from mien.errors import UnreadableVideoError
from mien.types import Image

TimedFrame: TypeAlias = tuple[float, Image]
"""Seconds since the clip's first frame, and the frame (H, W, 3 or 4) uint8 RGB(A)."""


@dataclass(frozen=True)
class Clip(ABC):
    """A clip that can be iterated, again and again, in constant memory.

    Attributes:
        path: the file or folder.
        fps: frames a second; of a clip with uneven times their mean.
        width: of the upright frames, in pixels.
        height: of the upright frames, in pixels.
        channels: 3 (RGB) or 4 (RGBA).
    """

    path: Path
    fps: Fraction
    width: int
    height: int
    channels: int

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.width, self.height

    @abstractmethod
    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield the frames in order, each with its time.

        Raises:
            UnreadableVideoError: the clip breaks off or is damaged; all good frames before were
                yielded.
        """


def open_clip(path: str | os.PathLike[str], fps: Fraction | None = None) -> Clip:
    """Open a video file or a folder of frames.

    Args:
        path: a video of any format that FFmpeg reads, or a folder of PNG, JPEG, WebP, BMP or TIFF files,
            which are taken in natural order (``img2`` before ``img10``).
        fps: the frame rate. A folder needs it, unless it is one that Mien wrote. For a video it
            replaces the file's own clock: frame i is then at i / fps (for high-speed clips stored
            at an ordinary rate).

    Raises:
        UnreadableVideoError: no such file, not a video, no frames, or a folder without a frame
            rate.
    """
    place = Path(path)
    if not place.exists():
        raise UnreadableVideoError(f"no such video or folder: {place}")
    if fps is not None and fps <= 0:
        raise UnreadableVideoError(f"expected a frame rate above 0 for {place}, got {fps}")
    if place.is_dir():
        from mien.io.frame_folder import open_frame_folder

        return open_frame_folder(place, fps)
    from mien.io.video import open_video

    return open_video(place, fps)
