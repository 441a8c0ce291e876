"""Pictures in and out."""

from __future__ import annotations

import os
import struct
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mien.errors import UnreadableImageError
from mien.io.atomic import atomic_file
from mien.io.png import encode_png
from mien.types import Image

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
"""Suffixes of the files that are read as pictures, in lower case."""

MAX_PIXELS = 64_000_000
"""Largest picture that is read, in pixels (such as 8000x8000)."""

MIN_SIDE_PX = 32
"""Smallest width and height that are read; no face smaller than this can be found."""

_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError)
"""What Pillow's decoders raise on damaged files, besides the next two."""
_DECODER_ERRORS = (*_DAMAGE, struct.error, zlib.error)


def read_image(path: str | os.PathLike[str]) -> Image:
    """Read a picture, upright.

    The EXIF rotation is applied. Grey, palette and CMYK become RGB, 16-bit grey is scaled to 8
    bits, and alpha is kept where there is any. Colour profiles are ignored. Of an animation the
    first frame is read.

    Args:
        path: A file of any format that Pillow reads (PNG, JPEG, WebP, BMP, TIFF, ...).

    Returns:
        (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, uint8, row 0 at the top.

    Raises:
        UnreadableImageError: No such file, not a picture, damaged, a side under 32 px, or over 64
            million pixels.
    """
    from PIL import Image as Pillow
    from PIL import ImageOps, UnidentifiedImageError

    file = Path(path)
    _check_file(file)
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures and of odd metadata; the size is checked below, before
            # decoding.
            warnings.simplefilter("ignore")
            with Pillow.open(file) as opened:
                _check_size(file, *opened.size)
                opened.load()
                upright = ImageOps.exif_transpose(opened)
                return _to_rgb_or_rgba(file, upright)
    except UnidentifiedImageError as error:
        raise UnreadableImageError(
            f"expected a picture (PNG, JPEG, WebP, BMP or TIFF), got {file}, which is none"
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
            f"expected a whole picture, got {file}, which is damaged ({reason}): "
            "save or copy it again"
        ) from error


def write_png(
    path: str | os.PathLike[str], image: Image, text: Mapping[str, str] | None = None
) -> None:
    """Write a picture as PNG, whole or not at all.

    Args:
        path: The file to write; missing folders are made.
        image: (H, W, 3) RGB or (H, W, 4) RGBA, uint8.
        text: Metadata, value by keyword (``tEXt``).

    Raises:
        OutputError: The place cannot be written.
    """
    with atomic_file(path) as temporary:
        temporary.write_bytes(encode_png(image, text or {}))


def _check_file(file: Path) -> None:
    if file.is_dir():
        raise UnreadableImageError(f"expected a picture file, got the folder {file}")
    try:
        if not file.is_file():
            raise UnreadableImageError(f"no such picture: {file}")
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


def _to_rgb_or_rgba(file: Path, image: PILImage) -> Image:
    if image.mode == "F":
        raise UnreadableImageError(
            f"expected a picture of 8 or 16 bits a channel, got floating point in {file}: "
            "save it as PNG"
        )
    if image.mode.startswith("I"):  # 16-bit grey; 32-bit is how some Pillow versions hold it
        grey = np.asarray(image).astype(np.int64)
        if grey.min() < 0 or grey.max() > 65535:
            raise UnreadableImageError(
                f"expected a picture of 8 or 16 bits a channel, got 32 bits in {file}: "
                "save it as PNG"
            )
        eight_bit = ((grey + 128) // 257).astype(np.uint8)
        return np.repeat(eight_bit[:, :, None], 3, axis=2)
    has_alpha = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    if image.mode == "La":
        image = image.convert("LA")
    return np.array(image.convert("RGBA" if has_alpha else "RGB"))
