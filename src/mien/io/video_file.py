"""Open a video file with FFmpeg, and find its video stream."""

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
"""Formats that FFmpeg opens as video although they hold a single picture or text; so do all ``..._pipe`` formats."""


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a video file.

    Raises:
        UnreadableVideoError: The file cannot be opened as a video, or has no video stream.
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
    """Return the first video stream that is not a cover picture."""
    return _films(container)[0]


def file_name(path: Path) -> str:
    """Return a name that FFmpeg reads as a file. It would read the start of ``take:1.mp4`` as a protocol."""
    return os.path.abspath(path)  # noqa: PTH100 - a link keeps its own name


def _films(container: InputContainer) -> list[VideoStream]:
    from av.stream import Disposition

    return [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
