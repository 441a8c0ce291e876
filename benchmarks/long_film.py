"""Measure the drift of a still face's action units in a long film: the head moves a little, the light changes slowly.

Run by ``python -m benchmarks.films --long SECONDS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from mien.face.portrait import Portrait
from mien.motion.field import measure_field
from mien.motion.measure import measure_aus
from mien.types import Image

LONG_FPS = 10


def swaying(portrait: Portrait, seconds: float) -> Iterator[tuple[float, Image]]:
    """Yield (seconds, frame) of a still face whose head sways by a few pixels, rolls by 2 degrees and grows by 2 %.

    The light falls by a third and comes back, and each frame has camera noise.
    """
    rng = np.random.default_rng(0)
    picture = np.ascontiguousarray(portrait.image[..., :3])
    height, width = picture.shape[:2]
    middle = portrait.face.landmarks[:468, :2].mean(0)
    share = portrait.face.width_px / 100
    for index in range(int(seconds * LONG_FPS)):
        t = index / LONG_FPS
        x, y = 4 * share * np.sin(t / 3.1), 3 * share * np.sin(t / 2.3)
        roll, growth = 2 * np.sin(t / 5.7), 1 + 0.02 * np.sin(t / 9)
        matrix = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), float(roll), growth)
        matrix[:, 2] += x, y
        frame = cv2.warpAffine(
            picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        light = 1 - 0.33 * np.sin(np.pi * t / seconds) ** 2
        noisy = light * frame + rng.normal(0, 1.5, frame.shape)
        yield t, np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def drift(portrait: Portrait, seconds: float) -> dict[str, Any]:
    """Return the largest slope of an AU over a still film, FACS units per minute, and the largest mean at the end."""
    field = measure_field(swaying(portrait, seconds), face=portrait.face)
    track = measure_aus(field).track
    minutes = track.times_seconds / 60
    slopes = np.polyfit(minutes, track.values.astype(np.float64), 1)[0]
    last = track.values[int(0.9 * len(track)) :].mean(0)
    worst, end = int(np.abs(slopes).argmax()), int(last.argmax())
    return {
        "followed": round(float(field.followed.mean()), 4),
        "drift_a_minute": round(float(slopes[worst]), 3),
        "drifts": track.names[worst],
        "at_the_end": round(float(last[end]), 3),
        "stays": track.names[end],
        "largest": round(float(track.values.max()), 3),
    }
