"""Encode pictures for the screen, and draw the difference of two pictures."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from mien.errors import UsageError
from mien.io.digital_source import DigitalSource
from mien.types import Image, RGBImage

PictureFormat: TypeAlias = Literal["jpeg", "png", "webp"]
"""How a picture is encoded; only png keeps every bit."""

QUALITY = 95
"""Quality of JPEG and WebP, high enough that encoding noise does not hide a micro-expression."""

MID_GREY = 128


def difference(still: Image, frame: Image, magnify: float = 1.0) -> RGBImage:
    """Draw the difference of a frame and a still picture of the same size on mid-grey.

    Args:
        still: (H, W, 3 or 4) uint8; alpha is left out.
        frame: The frame, of the same shape as ``still``.
        magnify: Factor by which the difference is multiplied.

    Returns:
        (H, W, 3) uint8; values beyond black and white are clipped.
    """
    change = frame[..., :3].astype(np.float32) - still[..., :3].astype(np.float32)
    return _on_grey(change, magnify)


def magnified(unmagnified: RGBImage, magnify: float) -> RGBImage:
    """Change the magnification of a picture from `difference`.

    Args:
        unmagnified: (H, W, 3) uint8, a difference magnified by 1.
        magnify: The new factor. From 2 on the result is that of `difference`; below, clipped values stay clipped.
    """
    return _on_grey(unmagnified.astype(np.float32) - MID_GREY, magnify)


def _on_grey(change: np.ndarray, magnify: float) -> RGBImage:
    return np.rint(change * np.float32(magnify) + MID_GREY).clip(0, 255).astype(np.uint8)


def encode_picture(
    image: Image, kind: PictureFormat = "jpeg", source: DigitalSource = "compositeSynthetic"
) -> bytes:
    """Encode a picture for the screen.

    Args:
        image: (H, W, 3 or 4) uint8; JPEG lays alpha over white.
        kind: The format.
        source: Digital source type of the picture, which is written into a PNG.

    Raises:
        UsageError: An unknown format.
    """
    import cv2

    if kind == "png":
        from mien.io.mark import SyntheticMark
        from mien.io.png import encode_png

        return encode_png(image, SyntheticMark(source=source).as_text(), compression=1)
    if kind == "jpeg":
        options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
        pixels = cv2.cvtColor(on_white(image), cv2.COLOR_RGB2BGR)
    elif kind == "webp":
        options = [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
        code = cv2.COLOR_RGB2BGR if image.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
        pixels = cv2.cvtColor(image, code)
    else:
        raise UsageError(f"expected a picture as jpeg, png or webp, got {kind!r}")
    done, encoded = cv2.imencode(f".{kind}", pixels, options)
    if not done:
        raise UsageError(f"cannot encode a picture of shape {image.shape} as {kind}")
    return encoded.tobytes()


def on_white(image: Image) -> RGBImage:
    """Lay a picture over white, without alpha."""
    if image.shape[2] == 3:
        return image
    alpha = image[..., 3:].astype(np.float32) / 255
    mixed = image[..., :3] * alpha + 255 * (1 - alpha)
    return np.rint(mixed).astype(np.uint8)
