"""Give a frame the brightness and contrast of the first one, and find frames that show nothing.

Dense flow compares grey levels, so a fade or a flash would look like motion. Changes of one or two levels are left as
they are, because flow tolerates them and a correction would cost as much by rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, UInt8

BORNE_LEVELS = 2.0
"""A change of the face's dark and bright levels by at most this many grey levels is not corrected."""
LEAST_GAIN = 0.15
"""Below this contrast, as a share of the first frame's, too few grey levels are left to follow a face.

A black, white or even picture is blank. A frame in which something even covers the face is not blank, because it still
shows the surroundings.
"""
ITERATIONS = 8
LASTING_SHARE = 0.25
"""The light has not jumped if at least this share of the places still has the light of the frame before."""
CAUCHY_LEVELS = 6.0
"""A place that differs from the light by this many grey levels counts half, so that most of the face decides."""


@dataclass(frozen=True)
class Light:
    """The light of a frame relative to the first one: ``later = gain * first + offset``, grey levels 0 to 255."""

    gain: float = 1.0
    offset: float = 0.0

    def evened(
        self, picture: UInt8[np.ndarray, "h w"], levels: tuple[float, float]
    ) -> UInt8[np.ndarray, "h w"]:
        """Return a picture in the first frame's light; unchanged if the difference is at most `BORNE_LEVELS`.

        Args:
            picture: The later picture.
            levels: Dark and bright grey levels of the face in the first frame.
        """
        change = max(abs((self.gain - 1) * level + self.offset) for level in levels)
        if self.gain < LEAST_GAIN or change <= BORNE_LEVELS:
            return picture
        table = (np.arange(256) - self.offset) / self.gain
        evened: np.ndarray = cv2.LUT(picture, np.rint(table.clip(0, 255)).astype(np.uint8))
        return evened


def contrast(picture: UInt8[np.ndarray, "h w"]) -> float:
    """Return the standard deviation of a picture's grey levels."""
    return float(cv2.meanStdDev(picture)[1][0, 0])


def light_between(
    first: Float[np.ndarray, " n"], later: Float[np.ndarray, " n"], before: Light
) -> Light:
    """Return the light on which most places agree.

    If at least `LASTING_SHARE` of the places has the light of the frame before, these places decide, because something
    may cover the others.

    Args:
        first: (N,) grey levels at places of the face in the first frame.
        later: (N,) grey levels at about the same places in the later frame.
        before: The light of the frame before.
    """
    a, b = first.astype(np.float64), later.astype(np.float64)
    light = before
    rest = np.abs(b - light.gain * a - light.offset)
    lasting = float((rest < CAUCHY_LEVELS).mean()) >= LASTING_SHARE
    weights = 1 / (1 + (rest / CAUCHY_LEVELS) ** 2) if lasting else np.ones_like(a)
    for turn in range(ITERATIONS // 2 if lasting else ITERATIONS):
        total = weights.sum()
        mean_a, mean_b = weights @ a / total, weights @ b / total
        from_mean = weights * (a - mean_a)
        gain = float(from_mean @ (b - mean_b) / max(float(from_mean @ (a - mean_a)), 1e-9))
        light = Light(max(gain, 0.0), float(mean_b - gain * mean_a))
        rest = b - light.gain * a - light.offset
        width = CAUCHY_LEVELS
        if not lasting and turn < ITERATIONS // 2:
            width = max(width, 1.5 * float(np.median(np.abs(rest))))
        weights = 1 / (1 + (rest / width) ** 2)
    return light
