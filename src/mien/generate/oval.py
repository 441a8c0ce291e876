"""The oval in which a face is shown. Measured in distances between the eyes, it is the same for all faces."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from mien.generate.placing import Eyes
from mien.types import Image

HALF_WIDTH = 0.96
HALF_HEIGHT = 1.42
DOWN = 0.42
"""The oval's half axes, and how far its centre lies below the eyes, in distances between the centres of the eyes."""

EDGE = 0.03
"""Width of the oval's soft edge, in distances between the centres of the eyes."""


def oval_weights(shape: tuple[int, int], eyes: Eyes) -> Float32[np.ndarray, "height width"]:
    """Return the weight of the face at each pixel: 1 inside the oval, 0 outside, with a soft edge.

    Args:
        shape: (height, width) of the frames.
        eyes: The eyes in the frames.
    """
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    cos, sin = np.cos(eyes.roll_radians), np.sin(eyes.roll_radians)
    x, y = x - eyes.middle_px[0], y - eyes.middle_px[1]
    across, down = (cos * x + sin * y) / eyes.distance_px, (cos * y - sin * x) / eyes.distance_px
    radius = np.hypot(across / HALF_WIDTH, (down - DOWN) / HALF_HEIGHT)
    # The radius grows by 1 over about one half axis, so this edge is about EDGE wide all around.
    soft = np.clip((1.0 - radius) * min(HALF_WIDTH, HALF_HEIGHT) / EDGE, 0.0, 1.0)
    return np.asarray(soft * soft * (3.0 - 2.0 * soft), np.float32)


def in_oval(image: Image, weights: Float32[np.ndarray, "height width"], grey: int) -> Image:
    """Return a frame with grey around the oval.

    Args:
        image: (H, W, 3) or (H, W, 4) uint8.
        weights: The result of `oval_weights`.
        grey: Grey level, 0 to 255. An alpha channel becomes opaque outside the oval.
    """
    ground = np.array((grey, grey, grey, 255)[: image.shape[2]], np.float32)
    mixed = ground + weights[..., None] * (image.astype(np.float32) - ground)
    return np.asarray(np.floor(mixed + 0.5), np.uint8)
