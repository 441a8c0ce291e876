"""Augmentation: brightness, contrast, saturation and hue, as FOMM and MRAA vary them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
from jaxtyping import Float32

_GREY = np.array([0.299, 0.587, 0.114], np.float32)

Picture: TypeAlias = Float32[np.ndarray, "height width 3"]
"""RGB in [0, 1]."""


class JitterRanges(NamedTuple):
    """Largest changes; 0 leaves a change out.

    Attributes:
        brightness: Relative, of the whole picture.
        contrast: Relative, about the picture's mean grey.
        saturation: Relative, about each pixel's grey.
        hue: Share of the colour circle.
    """

    brightness: float
    contrast: float
    saturation: float
    hue: float


def colour_jitter(
    pixels: Float32[np.ndarray, "views batch size size 3"],
    ranges: JitterRanges,
    rng: np.random.Generator,
) -> Float32[np.ndarray, "views batch size size 3"]:
    """Change the colours of each pair, by the same amounts and in the same random order in both pictures.

    Args:
        pixels: (2, B, S, S, 3) RGB in [-1, 1].
        ranges: Largest changes.
        rng: Source of the random changes.
    """
    result = np.empty_like(pixels)
    for number in range(pixels.shape[1]):
        changes = _drawn(ranges, rng)
        for view in range(len(pixels)):
            picture = (pixels[view, number] + 1) / 2
            for change, amount in changes:
                picture = change(picture, amount)
            result[view, number] = 2 * picture - 1
    return result


def with_brightness(picture: Picture, factor: float) -> Picture:
    """Multiply a picture by a factor."""
    return _clipped(factor * picture)


def with_contrast(picture: Picture, factor: float) -> Picture:
    """Multiply a picture's difference from its mean grey by a factor."""
    mean = (picture @ _GREY).mean()
    return _clipped(mean + factor * (picture - mean))


def with_saturation(picture: Picture, factor: float) -> Picture:
    """Multiply each pixel's difference from its grey by a factor."""
    grey = (picture @ _GREY)[..., None]
    return _clipped(grey + factor * (picture - grey))


def with_hue(picture: Picture, turn: float) -> Picture:
    """Turn the hue by a share of the colour circle."""
    hsv = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + 360 * turn) % 360
    return _clipped(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))


def _drawn(
    ranges: JitterRanges, rng: np.random.Generator
) -> list[tuple[Callable[[Picture, float], Picture], float]]:
    """Return changes with their amounts in random order."""
    changes: list[tuple[Callable[[Picture, float], Picture], float]] = [
        (change, float(centre + rng.uniform(-largest, largest)))
        for change, centre, largest in (
            (with_brightness, 1, ranges.brightness),
            (with_contrast, 1, ranges.contrast),
            (with_saturation, 1, ranges.saturation),
            (with_hue, 0, ranges.hue),
        )
        if largest
    ]
    return [changes[i] for i in rng.permutation(len(changes))]


def _clipped(picture: np.ndarray) -> Picture:
    result: Picture = picture.clip(0, 1).astype(np.float32)
    return result
