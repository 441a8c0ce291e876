"""Malformed pictures."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from mien.io.images import read_picture
from tests.faults.inputs.reader import Reader
from tests.faults.inputs.special import special
from tests.faults.inputs.spoil import spoil_bytes

SUFFIXES = (".png", ".jpg", ".webp", ".bmp", ".tif", ".gif", ".avif", ".ppm", ".heic", ".txt")
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PPM", "AVIF", "TGA", "JPEG2000")
MODES = ("RGB", "RGBA", "L", "P", "1", "I;16", "CMYK", "F")

POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\nshowpage\n"
METAFILE = b"\xd7\xcd\xc6\x9a\0\0" + struct.pack("<4hH", 0, 0, 64, 64, 96) + bytes(200)
OTHERS = (POSTSCRIPT, b"%PDF-1.4\n", METAFILE, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ")
"""Files of formats that some libraries hand to other programs."""


def png_of(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG whose header promises a size, with a few bytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@cache
def good(kind: str, mode: str) -> bytes:
    """A small valid picture."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 48, 3), np.uint8)
    image = Image.fromarray(noise)
    stream = io.BytesIO()
    try:
        image.convert(mode).save(stream, kind)
    except (OSError, ValueError, KeyError):
        stream = io.BytesIO()
        image.save(stream, kind)
    return stream.getvalue()


def write(folder: Path, rng: Random) -> Path:
    """Write a malformed picture."""
    name = f"face{rng.choice(SUFFIXES)}"
    way = rng.random()
    if way < 0.12:
        return special(folder, name, rng)
    if way < 0.2:
        data = rng.choice(OTHERS)
    elif way < 0.3:
        sides = (0, 1, 31, 8000, 65_535, 100_000, 2**31 - 1)
        depth, colour = rng.choice(((8, 2), (16, 2), (8, 6), (16, 0), (1, 0), (4, 3)))
        data = png_of(rng.choice(sides), rng.choice(sides), depth, colour)
    else:
        data = spoil_bytes(good(rng.choice(FORMATS), rng.choice(MODES)), rng)
    (folder / name).write_bytes(data)
    return folder / name


READERS = (Reader("pictures", write, read_picture, 2.0),)
