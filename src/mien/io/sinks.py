"""Open the sink that an output path asks for."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias

from mien.errors import OutputError
from mien.io.formats import SinkOptions
from mien.io.sink import FrameSink

OutputKind: TypeAlias = Literal["mp4", "mkv", "gif", "png"]
"""A format of clips; ``png`` is a folder of numbered PNGs."""

EXTENSIONS: dict[str, OutputKind] = {".mp4": "mp4", ".mkv": "mkv", ".gif": "gif"}
"""The format that each extension picks; no extension picks ``png``."""


def output_kind(path: str | os.PathLike[str]) -> OutputKind:
    """Return the format that a path asks for.

    Args:
        path: ``smile.mp4``, ``smile.mkv``, ``smile.gif``, or a folder, which has no extension or ends with a slash.

    Raises:
        OutputError: Another extension.
    """
    text = os.fspath(path)
    suffix = Path(text).suffix.lower()
    if text.endswith(("/", os.sep)) or not suffix:
        return "png"
    if suffix not in EXTENSIONS:
        raise OutputError(
            "expected an output ending in .mp4, .mkv (lossless) or .gif, or a folder for PNGs "
            f"(no extension), got {Path(text).name}"
        )
    return EXTENSIONS[suffix]


def open_sink(
    path: str | os.PathLike[str],
    fps: Fraction,
    *,
    width: int,
    height: int,
    channels: int = 3,
    options: SinkOptions | None = None,
) -> FrameSink:
    """Make the sink that a path's extension asks for.

    Nothing is opened until its ``with`` block is entered.

    Args:
        path: See :func:`output_kind`.
        fps: Frames a second, exact.
        width: Width of the frames, in pixels; odd sizes work.
        height: Height of the frames, in pixels.
        channels: 3 for RGB, 4 for RGBA.
        options: How to encode; None for the defaults.

    Raises:
        UsageError: A number of channels other than 3 and 4, or a frame rate that no format can hold.
        OutputError: An unknown extension, or a size or frame rate that the format cannot hold.

    Example:
        >>> with open_sink("smile.mp4", Fraction(200), width=512, height=512) as sink:  # doctest: +SKIP
        ...     for frame in frames:
        ...         sink.write(frame)
    """
    from mien.io.gif_sink import GifSink
    from mien.io.mkv_sink import MkvSink
    from mien.io.mp4_sink import Mp4Sink
    from mien.io.png_folder import PngFolderSink

    kinds: dict[OutputKind, type[FrameSink]] = {
        "mp4": Mp4Sink,
        "mkv": MkvSink,
        "gif": GifSink,
        "png": PngFolderSink,
    }
    return kinds[output_kind(path)](
        Path(path),
        fps,
        width=width,
        height=height,
        channels=channels,
        options=options or SinkOptions(),
    )
