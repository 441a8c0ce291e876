"""Decoded video frames as upright RGB(A) arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mien.io.sink import on_white
from mien.types import Image

if TYPE_CHECKING:
    from av import VideoFrame

_UNSPECIFIED_MATRIX = 2
_BT709_MATRIX = 1

HD_HEIGHT_PX = 720
"""From this height on, a video that names no colour matrix is taken as BT.709, as players do."""


def has_alpha(frame: VideoFrame) -> bool:
    """Say whether a frame's pixel format has alpha."""
    return any(component.is_alpha for component in frame.format.components)


def to_rgb(frame: VideoFrame, channels: int) -> Image:
    """Convert a decoded frame, turned as its metadata says (phones store portraits lying).

    RGB formats come out bit for bit. Colour at half resolution is interpolated to full, which
    swscale's defaults leave out.

    Args:
        frame: The frame, in any pixel format.
        channels: 3 for RGB (alpha is laid over white), 4 for RGBA.

    Returns:
        (H, W, channels) uint8.
    """
    from av.video.reformatter import Interpolation

    matrix: dict[str, Any] = {}
    if frame.colorspace == _UNSPECIFIED_MATRIX and frame.height >= HD_HEIGHT_PX:
        matrix["src_colorspace"] = _BT709_MATRIX
    alpha = has_alpha(frame)
    array = frame.to_ndarray(
        format="rgba" if alpha or channels == 4 else "rgb24",
        interpolation=Interpolation.BICUBIC
        | Interpolation.ACCURATE_RND
        | Interpolation.FULL_CHR_H_INT,
        **matrix,
    )
    if channels == 3:
        array = on_white(array)
    quarter_turns = round(frame.rotation / 90) % 4  # counter-clockwise, as numpy counts
    return np.ascontiguousarray(np.rot90(array, quarter_turns))
