"""Read pictures of many formats, and write PNG."""

from __future__ import annotations

import os
import struct
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mien.errors import MissingExtraError, UnreadableImageError
from mien.install import install_command
from mien.io.atomic import atomic_file
from mien.io.picture_values import depth_of, levels_to_srgb, read_deep, to_eight_bits, to_srgb
from mien.io.plain_file import check_file
from mien.io.png import encode_png
from mien.io.readable import open_picture
from mien.types import Image
from mien.version import __version__

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
"""Suffixes of the files that are read as pictures, in lower case."""

MAX_PIXELS = 64_000_000
"""Largest picture that is read, in pixels (such as 8000x8000)."""

STRIP_PIXELS = 1_000_000
"""Pixels that are copied at once out of Pillow's picture."""

MIN_SIDE_PX = 32
"""Smallest width and height that are read; no face can be found in a smaller picture."""

_HEIC_SUFFIXES = (".heic", ".heif")
_EXIF_ORIENTATION = 274

FRAME_SUFFIXES = (*PICTURE_SUFFIXES, ".avif", *_HEIC_SUFFIXES)
"""Suffixes of the files that are read as the frames of a folder, in lower case."""

_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, RuntimeError)
"""What Pillow's decoders raise on damaged files, besides the two that `_DECODER_ERRORS` adds."""
_DECODER_ERRORS = (*_DAMAGE, struct.error, zlib.error)


@dataclass(frozen=True, eq=False)
class ReadPicture:
    """A picture that was read from a file.

    Attributes:
        image: (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, uint8 sRGB, row 0 at the top.
        bits: The depth that the values of a file with 16 bits a channel were scaled from; None for other files.
        notes: What a user must know about how the values were changed, one line each.
    """

    image: Image
    bits: int | None = None
    notes: tuple[str, ...] = ()


def read_image(path: str | os.PathLike[str]) -> Image:
    """Return the image of `read_picture`."""
    return read_picture(path).image


def read_picture(path: str | os.PathLike[str], bits: int | None = None) -> ReadPicture:
    """Read a picture, upright, as 8-bit sRGB.

    The EXIF rotation is applied. Grey, palette and CMYK become RGB, and alpha is kept if there is any. Colours are
    converted from an embedded profile. Files of 16 bits a channel often hold 10, 12 or 14 bits: they are scaled from
    the least of these depths that holds all values. The first frame of an animation is read.

    Args:
        path: A file of one of `mien.io.readable.PICTURE_FORMATS` (PNG, JPEG, WebP, AVIF, BMP, TIFF, ...); HEIC with the
            extra heic.
        bits: The depth of a file with 16 bits a channel, if it is known from other frames.

    Raises:
        MissingExtraError: HEIC without the extra.
        UnreadableImageError: The file does not exist, is not a picture, is damaged, has a side under 32 px or over 64
            million pixels, or has over 16 bits a channel.
    """
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    file = Path(path)
    _check_file(file)
    if file.suffix.lower() in _HEIC_SUFFIXES:
        _open_heic(file)
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures and of odd metadata; the size is checked below, before
            # decoding.
            warnings.simplefilter("ignore")
            with open_picture(file) as opened:
                _check_size(file, *opened.size)
                opened.load()
                return _converted(file, opened, bits)
    except UnidentifiedImageError as error:
        raise UnreadableImageError(
            f"cannot read {file}: it is not a picture, or of an unknown format; save it as PNG or JPEG"
        ) from error
    except Pillow.DecompressionBombError as error:
        raise UnreadableImageError(
            f"expected at most {MAX_PIXELS // 10**6} million pixels, got more in {file}: "
            "make it smaller"
        ) from error
    except MemoryError as error:
        raise UnreadableImageError(f"not enough memory to read {file}: make it smaller") from error
    except _DECODER_ERRORS as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableImageError(
            f"cannot read {file}: the picture is damaged ({reason}); save or copy it again"
        ) from error


def write_png(
    path: str | os.PathLike[str], image: Image, text: Mapping[str, str] | None = None
) -> None:
    """Write a picture as PNG, whole or not at all.

    Args:
        path: The file to write; missing folders are made.
        image: (H, W, 3) RGB or (H, W, 4) RGBA, uint8.
        text: Metadata, value by keyword (``tEXt``). None: the version of Mien.

    Raises:
        OutputError: The place cannot be written.
    """
    chunks = {"Software": f"Mien {__version__}"} if text is None else text
    with atomic_file(path) as temporary:
        temporary.write_bytes(encode_png(image, chunks))


def _open_heic(file: Path) -> None:
    """Register pillow-heif, so that Pillow reads HEIC.

    Raises:
        MissingExtraError: pillow-heif is not installed.
    """
    try:
        from pillow_heif import register_heif_opener
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"cannot read {file}: HEIC needs pillow-heif: {install_command('heic')}; or export the picture as JPEG or "
            "PNG"
        ) from error
    register_heif_opener()


def _check_file(file: Path) -> None:
    check_file(file, UnreadableImageError)
    try:
        with file.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        raise UnreadableImageError(f"cannot read {file}: {error.strerror}") from error
    if empty:
        raise UnreadableImageError(f"expected a picture, got the empty file {file}")


def _check_size(file: Path, width: int, height: int) -> None:
    if min(width, height) < MIN_SIDE_PX:
        raise UnreadableImageError(
            f"expected a picture of at least {MIN_SIDE_PX}x{MIN_SIDE_PX} pixels, "
            f"got {width}x{height} in {file}"
        )
    if width * height > MAX_PIXELS:
        raise UnreadableImageError(
            f"expected at most {MAX_PIXELS // 10**6} million pixels, got {width}x{height} "
            f"({width * height / 1e6:.0f} million) in {file}: make it smaller"
        )


def _converted(file: Path, image: PILImage, bits: int | None) -> ReadPicture:
    deep = read_deep(file, image)
    if deep is not None:
        depth = bits or depth_of(deep)
        levels, profile = levels_to_srgb(to_eight_bits(deep, depth), image)
        levels = _upright(levels, image)
        if levels.ndim == 2:
            levels = np.repeat(levels[:, :, None], 3, axis=2)
        notes = []
        if depth < 16:
            top = (1 << depth) - 1
            notes.append(f"its values fit into {depth} of 16 bits, and are scaled from 0 to {top}")
        if profile is not None:
            notes.append(f"its colours are converted from {profile} to sRGB")
        return ReadPicture(levels, depth, tuple(notes))
    from PIL import ImageOps

    has_alpha = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    image, profile = to_srgb(image)
    # In place, because copies of a picture of 64 million pixels would take much memory.
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode == "La":
        image = image.convert("LA")
    mode = "RGBA" if has_alpha else "RGB"
    levels = _pixels(image if image.mode == mode else image.convert(mode))
    note = f"its colours are converted from {profile} to sRGB"
    return ReadPicture(levels, None, () if profile is None else (note,))


def _pixels(image: PILImage) -> Image:
    """Return the pixels of an RGB or RGBA picture (H, W, 3 or 4), a strip at a time."""
    width, height = image.size
    pixels = np.empty((height, width, len(image.mode)), np.uint8)
    rows = max(STRIP_PIXELS // width, 1)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, width, bottom)))
    return pixels


def _upright(levels: np.ndarray, image: PILImage) -> np.ndarray:
    """Turn and mirror pixels by the EXIF orientation of their picture."""
    orientation = image.getexif().get(_EXIF_ORIENTATION, 1)
    if orientation in (5, 6, 7, 8):
        levels = levels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        levels = levels[::-1]
    if orientation in (2, 3, 6, 7):
        levels = levels[:, ::-1]
    return np.ascontiguousarray(levels)
