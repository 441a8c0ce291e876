"""Convert the values of a picture file to 8-bit sRGB."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from jaxtyping import UInt8

from mien.errors import UnreadableImageError

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage

DEPTHS = (10, 12, 14, 16)
"""Bit depths of cameras whose pictures are saved as 16-bit files."""

SAME_LEVELS = 2
"""If a profile changes no level by more than this, it counts as sRGB, and the picture is left as it is."""


def depth_of(values: np.ndarray) -> int:
    """Return the least depth of `DEPTHS`, in bits, that holds all values."""
    largest = int(values.max())
    return next(bits for bits in DEPTHS if largest < 1 << bits)


def to_eight_bits(values: np.ndarray, bits: int) -> UInt8[np.ndarray, ...]:
    """Scale values of a given depth to 8 bits, rounded.

    Args:
        values: Any shape, 0 to 2 ** bits - 1; larger ones become 255.
        bits: The depth.
    """
    scaled = np.rint(values.astype(np.float64) * (255 / ((1 << bits) - 1)))
    return scaled.clip(0, 255).astype(np.uint8)


def read_deep(file: Path, image: PILImage) -> np.ndarray | None:
    """Return the values of a picture with 16 bits a channel.

    Returns:
        (H, W) grey or (H, W, 3 or 4) RGB(A), integers from 0 to 65535. None for pictures with fewer bits.

    Raises:
        UnreadableImageError: More than 16 bits a channel, or floating point.
    """
    if image.mode == "F":
        raise UnreadableImageError(
            f"expected a picture of 8 or 16 bits a channel, got floating point in {file}: "
            "save it as PNG"
        )
    if image.mode.startswith("I"):  # 16-bit grey, which some Pillow versions hold as 32-bit
        grey = np.asarray(image).astype(np.int64)
        if grey.min() < 0 or grey.max() > 65535:
            raise UnreadableImageError(
                f"expected a picture of 8 or 16 bits a channel, got 32 bits in {file}: "
                "save it as PNG"
            )
        return grey
    if image.mode not in ("RGB", "RGBA") or file.suffix.lower() not in (".png", ".tif", ".tiff"):
        return None
    # Pillow keeps only the upper 8 of 16 bits of colours, so it would lose levels of a 10-bit picture.
    deep = cv2.imdecode(
        np.fromfile(file, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    )
    if deep is None or deep.dtype != np.uint16 or deep.ndim != 3:
        return None
    return np.ascontiguousarray(deep[..., [2, 1, 0, 3][: deep.shape[2]]])


def to_srgb(image: PILImage) -> tuple[PILImage, str | None]:
    """Convert a picture from its embedded colour profile to sRGB.

    Returns:
        The picture in RGB or RGBA, and the profile's name. The picture unchanged and None, if its profile is missing,
        damaged, for grey levels, or the same as sRGB within `SAME_LEVELS`.
    """
    from PIL import ImageCms

    data = image.info.get("icc_profile")
    if not data or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image, None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        name = ImageCms.getProfileDescription(profile).strip() or "an unnamed profile"
        mode = "RGB" if image.mode == "CMYK" else image.mode
        made = ImageCms.profileToProfile(
            image, profile, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError):
        return image, None
    assert made is not None
    if image.mode == mode:
        change = np.abs(np.asarray(made).astype(np.int16) - np.asarray(image)).max()
        if change <= SAME_LEVELS:
            return image, None
    return made, name


def levels_to_srgb(
    levels: UInt8[np.ndarray, ...], image: PILImage
) -> tuple[UInt8[np.ndarray, ...], str | None]:
    """Convert the 8-bit levels of a 16-bit picture to sRGB; see `to_srgb`.

    Args:
        levels: (H, W) grey or (H, W, 3 or 4).
        image: The picture, whose profile is used.
    """
    from PIL import Image as Pillow

    scaled = Pillow.fromarray(levels)
    if "icc_profile" in image.info:
        scaled.info["icc_profile"] = image.info["icc_profile"]
    made, name = to_srgb(scaled)
    return (levels if name is None else np.array(made)), name
