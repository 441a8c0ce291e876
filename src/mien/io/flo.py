"""Read and write optical flow in Middlebury's ``.flo`` files, the usual training data of networks for optical flow.

The layout (https://vision.middlebury.edu/flow/code/flow-code/README.txt), all little-endian: the float32 202021.25,
which reads as ``PIEH``; int32 width; int32 height; then float32 u, v for each pixel, row by row from the top. u is the
displacement to the right and v the one down, in pixels.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float32

from mien.errors import DatasetError
from mien.io.plain_file import read_file

_TAG = b"PIEH"
_HEADER_BYTES = 12
_BYTES_A_PIXEL = 8


def flo_bytes(flow_px: Float32[np.ndarray, "height width 2"]) -> bytes:
    """Return a flow, (H, W, 2) displacement (x, y) in pixels, as the bytes of a ``.flo`` file."""
    height, width = flow_px.shape[:2]
    return _TAG + np.array([width, height], "<i4").tobytes() + flow_px.astype("<f4").tobytes()


def read_flo(path: Path) -> Float32[np.ndarray, "height width 2"]:
    """Read a ``.flo`` file.

    Returns:
        (H, W, 2) displacement (x, y), pixels.

    Raises:
        DatasetError: The file cannot be read, or is not a ``.flo`` file.
    """
    data = read_file(path, DatasetError)
    if len(data) < _HEADER_BYTES or data[:4] != _TAG:
        raise DatasetError(f"expected a .flo file, which begins with PIEH, got {path}")
    width, height = (int(side) for side in np.frombuffer(data, "<i4", 2, 4))
    wanted = _HEADER_BYTES + _BYTES_A_PIXEL * width * height
    if width < 1 or height < 1 or len(data) != wanted:
        raise DatasetError(
            f"expected {wanted} bytes of a flow of {width} x {height} pixels in {path}, got {len(data)}"
        )
    values = np.frombuffer(data, "<f4", offset=_HEADER_BYTES)
    return values.reshape(height, width, 2).astype(np.float32)
