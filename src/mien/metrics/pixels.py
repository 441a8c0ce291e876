"""Differences of two pictures pixel by pixel."""

from __future__ import annotations

import numpy as np

from mien.errors import UsageError
from mien.types import Image, Mask


def l1(a: Image, b: Image, mask: Mask | None = None) -> float:
    """Return the mean absolute difference of two pictures, with colours from 0 to 1.

    This is the reconstruction error of FOMM's and MRAA's papers.

    Args:
        a: (H, W, 3 or 4) uint8; alpha is ignored.
        b: The same size.
        mask: (H, W) bool, True where the difference counts; everywhere by default.

    Raises:
        UsageError: The pictures or the mask differ in size, or the mask is empty.
    """
    check_sizes(a, b, mask)
    difference = np.abs(a[..., :3].astype(np.float64) - b[..., :3]) / 255
    return float(difference.mean() if mask is None else difference[mask].mean())


def squared_error(a: Image, b: Image, mask: Mask | None = None) -> float:
    """Return the mean squared difference of two pictures, with colours from 0 to 1; arguments and errors as in `l1`."""
    check_sizes(a, b, mask)
    difference = ((a[..., :3].astype(np.float64) - b[..., :3]) / 255) ** 2
    return float(difference.mean() if mask is None else difference[mask].mean())


def check_sizes(a: Image, b: Image, mask: Mask | None = None) -> None:
    """Refuse two pictures and a mask that differ in size, and an empty mask.

    Raises:
        UsageError: The sizes differ, or the mask is empty.
    """
    shapes = [each.shape[:2] for each in (a, b, mask) if each is not None]
    if len(set(shapes)) > 1:
        sizes = " and ".join(f"{width}x{height}" for height, width in shapes)
        raise UsageError(f"expected pictures, and a mask, of one size, got {sizes}")
    if mask is not None and not mask.any():
        raise UsageError("expected a mask that leaves something to compare, got an empty one")
