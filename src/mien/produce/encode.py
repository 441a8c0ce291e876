"""Encode the members of a sample: frames and flow maps as bytes. Equal content gives equal bytes on every machine."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.io.formats import SinkOptions
from mien.io.mark import SyntheticMark
from mien.io.png import encode_png
from mien.io.sinks import open_sink
from mien.types import Image


def png_bytes(image: Image, mark: SyntheticMark) -> bytes:
    """Return a frame as PNG that says it is synthetic."""
    return encode_png(image, mark.as_text(), compression=1)


def mp4_bytes(
    frames: Iterable[Image],
    fps: Fraction,
    size_px: int,
    mark: SyntheticMark,
    scratch: Path,
    quantiser: int,
) -> bytes:
    """Return frames as mp4 that says it is synthetic.

    The encoder has a fixed number of threads, because the number changes its output.

    Args:
        frames: (size, size, 3) uint8.
        fps: Frames a second.
        size_px: Width and height.
        mark: The statement in the clip that it is synthetic.
        scratch: A folder that no other process uses. The clip needs a file, because the container's index is written
            last and then moved to the front.
        quantiser: How coarsely values are rounded, 1 (best) to 51.
    """
    path = scratch / "clip.mp4"
    options = SinkOptions(quantiser=quantiser)
    sink = open_sink(path, fps, width=size_px, height=size_px, options=options)
    sink.mark = mark
    with sink:
        for frame in frames:
            sink.write(frame)
    try:
        return path.read_bytes()
    finally:
        path.unlink()


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return arrays as ``.npz`` without compression; its entries have no time."""
    stream = io.BytesIO()
    np.savez(stream, **dict(arrays))  # type: ignore[arg-type] # names of arrays, not of options
    return stream.getvalue()
