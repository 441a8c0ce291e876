"""Open a video file or a folder of frames as a clip."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

from mien.errors import UnreadableVideoError
from mien.io.clip import Clip

VIDEO_SUFFIXES = (
    *(".mp4", ".mkv", ".gif", ".avi", ".mov", ".webm"),
    *(".m4v", ".mpg", ".mpeg", ".wmv"),
)
"""Suffixes of the files in a folder that are taken as clips, in lower case."""


def open_clip(path: str | os.PathLike[str], fps: Fraction | None = None) -> Clip:
    """Open a video file or a folder of frames.

    Args:
        path: A video of one of `mien.io.readable.FILM_FORMATS`, or a folder of PNG, JPEG, WebP, BMP or TIFF files,
            which are placed by the numbers in their names; see `mien.io.frame_names.order_frames`.
        fps: The frame rate. It is required for a folder, unless Mien wrote the folder, and for a video without a
            clock, such as raw H.264. For any other video it replaces the file's own clock: frame i is then at i / fps
            (for high-speed clips stored at an ordinary rate).

    Raises:
        UnreadableVideoError: The path does not exist, is not a video, or has no frames or no frame rate; or ``fps`` is
            not above 0.
    """
    place = Path(path)
    if not os.path.exists(place):  # noqa: PTH110 - False for names that no file can have
        raise UnreadableVideoError(
            f"cannot read {place}: there is no video or folder of this name; check the path"
        )
    if fps is not None and fps <= 0:
        raise UnreadableVideoError(f"expected a frame rate above 0 for {place}, got {fps}")
    if place.is_dir():
        from mien.io.frame_folder import open_frame_folder

        return open_frame_folder(place, fps)
    from mien.io.video import open_video

    return open_video(place, fps)
