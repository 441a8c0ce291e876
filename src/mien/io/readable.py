"""Open pictures and films of known formats. All pictures and films of users are opened here.

Pillow and FFmpeg know many more formats. For some, they start other programs (Pillow runs Ghostscript for PostScript,
whatever the file is called). For others, such as playlists, they read further files or send requests. Files of all
these formats are refused.
"""

from __future__ import annotations

import os
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL.ImageFile import ImageFile

from mien.errors import UnreadableImageError, UnreadableVideoError
from mien.io.plain_file import check_file

if TYPE_CHECKING:
    from av.container import InputContainer

PICTURE_FORMATS = {
    "PNG": "Png",
    "JPEG": "Jpeg",
    "MPO": "Mpo",
    "WEBP": "WebP",
    "AVIF": "Avif",
    "BMP": "Bmp",
    "TIFF": "Tiff",
    "GIF": "Gif",
    "PPM": "Ppm",
    "JPEG2000": "Jpeg2K",
    "TGA": "Tga",
}
"""Pillow's names of the formats of pictures that are read, each with the start of its plug-in's name."""

HEIC_FORMAT = "HEIF"
"""Pillow's name of HEIC, which is read only after pillow-heif was registered."""

FILM_FORMATS = (
    *("mov", "matroska", "avi", "gif", "apng", "mpeg", "mpegts", "mpegvideo", "asf", "flv", "ogg"),
    *("mxf", "nut", "dv", "ivf", "obu", "av1", "h263", "h264", "hevc", "vvc", "m4v", "vc1"),
    *("mjpeg", "mjpeg_2000", "yuv4mpegpipe", "cine"),
)
"""Names that FFmpeg gives to the formats of films that are read."""


def open_picture(source: Path | BytesIO) -> ImageFile:
    """Open a picture with Pillow; its pixels are not decoded yet.

    Args:
        source: The file, or its content.

    Raises:
        UnreadableImageError: The path is not a file that can be read.
        PIL.UnidentifiedImageError: The file has none of `PICTURE_FORMATS`.
    """
    from PIL import Image as Pillow

    if isinstance(source, Path):
        check_file(source, UnreadableImageError)
    for name, plugin in PICTURE_FORMATS.items():
        if name not in Pillow.OPEN:  # Pillow.init() would import all plug-ins, which is slow
            import_module(f"PIL.{plugin}ImagePlugin")
    return Pillow.open(
        source, formats=[n for n in (*PICTURE_FORMATS, HEIC_FORMAT) if n in Pillow.OPEN]
    )


def open_film(path: Path) -> InputContainer:
    """Open a film with FFmpeg, which reads this file and nothing else.

    Args:
        path: The file. A name such as ``take:1.mp4`` or ``http:/a.mp4`` is never read as a protocol.

    Raises:
        UnreadableVideoError: The path is not a file that can be read.
        av.error.FFmpegError: The file has none of `FILM_FORMATS`.
    """
    import av

    check_file(path, UnreadableVideoError)
    return av.open(
        f"file:{os.path.abspath(path)}",  # noqa: PTH100 - a link keeps its own name
        "r",
        options={"protocol_whitelist": "file", "format_whitelist": ",".join(FILM_FORMATS)},
        metadata_errors="replace",
    )
