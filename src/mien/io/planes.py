"""Convert RGB pixels to the planes of a video frame.

OpenCV's conversion is used rather than swscale's: it is twice as fast, and swscale's default drops
half of the colour resolution even for 4:4:4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mien.types import RGBImage

if TYPE_CHECKING:
    from av import VideoFrame


STRIP_PIXELS = 4_000_000
"""A larger picture is converted strip by strip."""


def plane_arrays(frame: VideoFrame, channels: int = 1) -> list[np.ndarray]:
    """Return writable (h, w) or (h, w, channels) views of a frame's planes, without row padding."""
    views = []
    for plane in frame.planes:
        buffer: Any = plane
        rows = np.frombuffer(buffer, np.uint8).reshape(plane.height, plane.line_size)
        rows = rows[:, : plane.width * channels]
        views.append(rows.reshape(plane.height, plane.width, channels) if channels > 1 else rows)
    return views


def to_yuv(rgb: RGBImage, chroma: str) -> VideoFrame:
    """Convert a picture to full-range YCbCr with the BT.601 matrix.

    For 4:2:0, colour is the mean of each 2x2 block, and an odd width or height grows by a copy of the last column or
    row.

    Args:
        rgb: (H, W, 3) uint8.
        chroma: ``'444'`` or ``'420'``.

    Returns:
        A ``yuv444p`` or ``yuv420p`` frame.
    """
    import av
    import cv2

    height, width = rgb.shape[:2]
    if chroma == "420" and (height % 2 or width % 2):
        rgb = cv2.copyMakeBorder(rgb, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        height, width = rgb.shape[:2]
    frame = av.VideoFrame(width, height, f"yuv{chroma}p")
    y, cb, cr = plane_arrays(frame)
    halved = 2 if chroma == "420" else 1
    rows = max(STRIP_PIXELS // width // 2, 1) * 2
    for top in range(0, height, rows):  # in strips, to avoid a copy of the whole picture
        ycrcb = cv2.cvtColor(rgb[top : top + rows], cv2.COLOR_RGB2YCrCb)
        cv2.extractChannel(ycrcb, 0, y[top : top + rows])
        if halved == 2:
            size = (width // 2, len(ycrcb) // 2)
            ycrcb = cv2.resize(ycrcb, size, interpolation=cv2.INTER_AREA)
        colours = slice(top // halved, (top + rows) // halved)
        cv2.extractChannel(ycrcb, 2, cb[colours])
        cv2.extractChannel(ycrcb, 1, cr[colours])
    return frame
