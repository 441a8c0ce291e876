"""The piece of a portrait that moves, while it is drawn: float32, and premultiplied where it has an alpha channel.

Floats are sampled faster than bytes and are rounded only once, at the end. Premultiplied, the colour that a cut-out
picture hides under its transparent pixels does not bleed into the edge that moves over them.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Shaped, UInt8

from mien.render import flow
from mien.render.grid import Grid
from mien.types import Image

WHOLE_PIXELS = 4_000_000
"""A larger piece of the portrait stays in bytes."""

BAND_PIXELS = 1_000_000
"""A larger piece of a frame is drawn band by band."""


def to_floats(image: Shaped[np.ndarray, "h w c"]) -> Float32[np.ndarray, "h w c"]:
    """Return a picture's pixels (h, w, 3 or 4), 0 to 255; colours premultiplied by alpha."""
    pixels = image.astype(np.float32)
    if pixels.shape[2] == 4:
        pixels[..., :3] *= pixels[..., 3:] / 255
    return pixels


def view(array: np.ndarray, whole: Grid, part: Grid) -> np.ndarray:
    """Return the view of an array over a grid's box that a part of that grid covers."""
    left, top, right, bottom = part.box_px
    own_left, own_top, _, _ = whole.box_px
    return array[top - own_top : bottom - own_top, left - own_left : right - own_left]


def places(whole: Grid, part: Grid, backward: flow.Field) -> np.ndarray:
    """Where in an array over the whole grid's box each pixel of a part's box comes from, (h, w, 2) column and row.

    Args:
        whole: The grid whose box the array covers.
        part: The nodes at whose box the places are wanted.
        backward: Their backward displacements.
    """
    return cv2.add(view(whole.pixel_indices, whole, part), part.upsample(backward))


class Skin:
    """The piece of a portrait that is sampled.

    A large one stays in bytes, and only what a part needs becomes floats.

    Args:
        pixels: (h, w, 3 or 4) the piece.
        grid: The grid whose box it covers.
    """

    def __init__(self, pixels: UInt8[np.ndarray, "h w c"], grid: Grid) -> None:
        self._grid = grid
        self._bytes = pixels if grid.pixels > WHOLE_PIXELS else None
        self._floats = None if grid.pixels > WHOLE_PIXELS else to_floats(pixels)

    def sample(
        self, part: Grid, dense: Float32[np.ndarray, "h w 2"]
    ) -> Float32[np.ndarray, "h w c"]:
        """Sample at every pixel of a part's box; ``dense`` is how far away each one's content lies."""
        if self._floats is not None:
            own = view(self._grid.pixel_indices, self._grid, part)
            return flow.sample(self._floats, cv2.add(own, dense), cv2.INTER_CUBIC)
        assert self._bytes is not None
        left, top, right, bottom = part.box_px
        farthest = [cv2.minMaxLoc(way)[:2] for way in cv2.split(dense)]
        (x_low, x_high), (y_low, y_high) = ((min(a, 0) - 3, max(b, 0) + 3) for a, b in farthest)
        near = self._grid.window((left + x_low, top + y_low, right + x_high, bottom + y_high))
        floats = to_floats(view(self._bytes, self._grid, near))
        own = view(near.pixel_indices, near, part)
        return flow.sample(floats, cv2.add(own, dense), cv2.INTER_CUBIC)


def resample(
    source: np.ndarray,
    whole: Grid,
    part: Grid,
    backward: flow.Field,
    interpolation: int = cv2.INTER_CUBIC,
) -> np.ndarray:
    """Sample an array over the whole grid's box at every pixel of a part's box; see `places`."""
    return flow.sample(source, places(whole, part, backward), interpolation)


def blend(under: np.ndarray, over: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Lay one picture (h, w, c) on another by an amount (h, w) in [0, 1]; the upper one's memory holds the result."""
    over -= under
    over *= cv2.merge(
        [amount] * over.shape[2]
    )  # many times as fast as broadcasting to the channels
    over += under
    return over


def lay(pixels: np.ndarray, own: Grid, canvas: np.ndarray, band: Grid, part: Grid) -> None:
    """Copy a part of pixels over a grid's box onto a canvas over a band's box, as far as it lies there."""
    left, top, right, bottom = part.box_px
    first, last = max(top, band.top_px), min(bottom, band.box_px[3])
    if first >= last:
        return
    x, y = own.left_px, own.top_px
    canvas[first - band.top_px : last - band.top_px, left - band.left_px : right - band.left_px] = (
        pixels[first - y : last - y, left - x : right - x]
    )


def cut_out(image: Image, grid: Grid) -> UInt8[np.ndarray, "rows columns channels"]:
    """Return the picture within the grid's box; what lies outside the picture repeats its edge."""
    height, width = image.shape[:2]
    left, top, right, bottom = grid.box_px
    inside = image[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    return cv2.copyMakeBorder(
        inside,
        max(-top, 0),
        max(bottom - height, 0),
        max(-left, 0),
        max(right - width, 0),
        cv2.BORDER_REPLICATE,
    )


def paste(frame: Image, canvas: np.ndarray, part: Grid, shade: np.ndarray | None) -> None:
    """Round a drawn piece to bytes and put it into a frame, as far as it lies within the picture.

    Args:
        frame: (H, W, 3 or 4) the portrait so far; written into.
        canvas: (h, w, 3 or 4) float32, premultiplied, over the part's box.
        part: The nodes it covers.
        shade: (h, w) what the colours are multiplied by; None for 1.
    """
    height, width = frame.shape[:2]
    left, top, right, bottom = part.box_px
    rows, cols = slice(max(top, 0), min(bottom, height)), slice(max(left, 0), min(right, width))
    if rows.start >= rows.stop or cols.start >= cols.stop:
        return  # a band beyond the picture, where the face is cut off
    within = (
        slice(rows.start - top, rows.stop - top),
        slice(cols.start - left, cols.stop - left),
    )
    drawn = canvas[within]
    target = frame[rows, cols]
    factor = None if shade is None else shade[within]
    if frame.shape[2] == 4:
        alpha = np.clip(np.rint(drawn[..., 3]), 0, 255)
        straight = 255 / np.maximum(drawn[..., 3], 0.5)
        factor = straight if factor is None else factor * straight
        colours = np.ascontiguousarray(drawn[..., :3])
        # Where nothing is seen the portrait's own hidden colours stay.
        target[..., :3] = np.where(
            alpha[..., None] > 0, _to_bytes(colours, factor), target[..., :3]
        )
        target[..., 3] = alpha
    else:
        target[:] = _to_bytes(drawn, factor)


def _to_bytes(colours: np.ndarray, factor: np.ndarray | None) -> np.ndarray:
    if factor is None:
        return cv2.addWeighted(colours, 1, colours, 0, 0, dtype=cv2.CV_8U)  # rounds and saturates
    return cv2.multiply(colours, cv2.merge([factor] * 3), dtype=cv2.CV_8U)
