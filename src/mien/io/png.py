"""Encode pictures as PNG, with text metadata."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import numpy as np
from jaxtyping import UInt8

from mien.errors import OutputError
from mien.io.xmp import PNG_KEYWORD
from mien.types import Image

_IHDR_END = 33
"""End of the header chunk, which must come first: 8 bytes of signature and 25 of the chunk."""


def encode_png(image: Image, text: Mapping[str, str], compression: int = 3) -> bytes:
    """Return a picture as the bytes of a PNG file.

    Args:
        image: (H, W, 3) RGB or (H, W, 4) RGBA, uint8.
        text: Metadata, value by keyword. It is written as ``tEXt`` in Latin-1; other characters become ``?``. XMP,
            whose keyword is `mien.io.xmp.PNG_KEYWORD`, is written as ``iTXt``.
        compression: Level of zlib, 1 (fast) to 9 (small).

    Raises:
        OutputError: The picture cannot be encoded.
    """
    return encode_bgr_png(as_bgr(image), text, compression)


def as_bgr(image: Image) -> Image:
    """Return a copy of an RGB(A) picture with the colours in the order blue, green, red (and alpha)."""
    import cv2

    return cv2.cvtColor(image, cv2.COLOR_RGB2BGR if image.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)


def encode_bgr_png(image: Image, text: Mapping[str, str], compression: int = 3) -> bytes:
    """Return a picture with colours in the order blue, green, red as PNG bytes, without a copy; see `encode_png`."""
    return with_text(_encoded(image, compression), text)


def encode_grey_png(
    image: UInt8[np.ndarray, "height width"], text: Mapping[str, str], compression: int = 3
) -> bytes:
    """Return grey levels (H, W) uint8 as the bytes of a PNG file; see `encode_png`."""
    return with_text(_encoded(image, compression), text)


def _encoded(image: np.ndarray, compression: int) -> memoryview:
    import cv2

    done, encoded = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, compression])
    if not done:
        raise OutputError(f"cannot encode a picture of shape {image.shape} as PNG")
    return encoded.data


def with_text(data: bytes | memoryview, text: Mapping[str, str]) -> bytes:
    """Return a PNG file with metadata added.

    Args:
        data: The file's bytes.
        text: See `encode_png`.
    """
    chunks = b"".join(_text_chunk(keyword, value) for keyword, value in text.items())
    whole = memoryview(data)  # so that a file of a hundred megabytes is copied only once
    return b"".join([whole[:_IHDR_END], chunks, whole[_IHDR_END:]])


def _text_chunk(keyword: str, value: str) -> bytes:
    name = keyword.encode("latin-1", "replace")[:79]
    if keyword == PNG_KEYWORD:
        # Uncompressed and without a language tag, because readers search for the packet as plain text.
        return _chunk(b"iTXt", name + bytes(5) + value.encode("utf-8"))
    return _chunk(b"tEXt", name + b"\0" + value.encode("latin-1", "replace"))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
