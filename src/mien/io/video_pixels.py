"""Convert decoded video frames to upright RGB(A) arrays."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from mien.io.sink import on_white
from mien.types import Image

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.reformatter import VideoReformatter

_UNSPECIFIED_MATRIX = 2
_BT709_MATRIX = 1

HD_HEIGHT_PX = 720
"""From this height on, a video without a named colour matrix is read as BT.709, as players do."""


def has_alpha(frame: VideoFrame) -> bool:
    """Return whether a frame's pixel format has alpha."""
    return any(component.is_alpha for component in frame.format.components)


def to_rgb(
    frame: VideoFrame,
    channels: int,
    pixel_aspect: Fraction = Fraction(1),
    converter: VideoReformatter | None = None,
) -> Image:
    """Convert a decoded frame to RGB(A) with square pixels, turned and mirrored as its metadata says.

    Phones store upright films on their side, and films of the front camera mirrored. RGB frames with square pixels stay
    the same bit for bit. Colour at half resolution is interpolated to full resolution, which swscale does not do by
    default.

    Args:
        frame: The frame, in any pixel format.
        channels: 3 for RGB (alpha is laid over white), 4 for RGBA.
        pixel_aspect: Width over height of the stored pixels; the longer side of a pixel is kept.
        converter: A converter to reuse for all frames of one file, because making one takes longer than converting a
            small frame; None makes a new one.

    Returns:
        (H, W, channels) uint8.
    """
    from av.video.reformatter import Interpolation, VideoReformatter

    how: dict[str, Any] = {}
    if frame.colorspace == _UNSPECIFIED_MATRIX and frame.height >= HD_HEIGHT_PX:
        how["src_colorspace"] = _BT709_MATRIX
    if pixel_aspect > 1:
        how["width"] = round(frame.width * pixel_aspect)
    elif pixel_aspect < 1:
        how["height"] = round(frame.height / pixel_aspect)
    alpha = has_alpha(frame)
    converted = (converter or VideoReformatter()).reformat(
        frame,
        format="rgba" if alpha or channels == 4 else "rgb24",
        interpolation=Interpolation.BICUBIC
        | Interpolation.ACCURATE_RND
        | Interpolation.FULL_CHR_H_INT,
        **how,
    )
    array = converted.to_ndarray()
    if channels == 3:
        array = on_white(array)
    return np.ascontiguousarray(_upright(array, frame))


def _upright(array: np.ndarray, frame: VideoFrame) -> np.ndarray:
    """Turn and mirror a picture by the display matrix of its frame.

    The matrix (a, b, u, c, d, v, x, y, w) takes a pixel (x, y) to (a x + c y, b x + d y). Turns are rounded to quarter
    turns.
    """
    from av.sidedata.sidedata import Type

    data = frame.side_data.get(Type.DISPLAYMATRIX)  # type: ignore[call-overload]
    if data is None:
        return array
    a, b, _, c, d = (int(value) for value in np.frombuffer(bytes(data), np.int32)[:5])
    if abs(b) + abs(c) > abs(a) + abs(d):
        array = array.swapaxes(0, 1)
        a, d = c, b
    return array[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]
