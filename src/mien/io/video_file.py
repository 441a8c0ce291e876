"""Open a video file with FFmpeg, and find the film in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mien.errors import UnreadableVideoError
from mien.io.readable import open_film

if TYPE_CHECKING:
    from av import VideoStream
    from av.container import InputContainer

_STILL_FORMATS = ("image2", "tty", "ico", "webp")
"""What FFmpeg also opens as video: single pictures (with all ``..._pipe``) and text files."""


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a video file.

    Raises:
        UnreadableVideoError: It cannot be opened as a video, or holds no film.
    """
    from av.error import FFmpegError

    try:
        container = open_film(path)
    except (FFmpegError, OSError) as error:
        raise UnreadableVideoError(
            f"expected a video, got {path}, which cannot be opened as one: it holds no moving picture, "
            "is damaged, or has a format that Mien does not read"
        ) from error
    with container:
        name = container.format.name
        if name.endswith("_pipe") or name in _STILL_FORMATS or not _films(container):
            raise UnreadableVideoError(
                f"expected a video, got {path}, which holds no moving picture"
            )
        yield container


def film(container: InputContainer) -> VideoStream:
    """Return the stream with the film: the first video stream that is not a cover picture."""
    return _films(container)[0]


def file_name(path: Path) -> str:
    """Return a name that FFmpeg takes for a file: in ``take:1.mp4`` it would see the protocol ``take``."""
    return os.path.abspath(path)  # noqa: PTH100 - a link keeps its own name


def _films(container: InputContainer) -> list[VideoStream]:
    from av.stream import Disposition

    return [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
