"""Make a frame as bright as the first one, and say whether it shows anything at all.

Dense flow compares grey levels, so a fade or a flash would look like motion. Changes of one or two levels are left as
they are, since flow bears them and rounding would cost as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, UInt8

BORNE_LEVELS = 2.0
"""A change of the face's darkest and brightest parts by up to this many grey levels is left alone."""
LEAST_GAIN = 0.15
"""Below this contrast, as a share of the first frame's, too few grey levels are left to follow a face.

A black, white or even picture is blank. A face that something even covers is not, as its surroundings are there.
"""
ITERATIONS = 8
LASTING_SHARE = 0.25
"""If this share of the places has the light of the frame before, that light has not jumped."""
CAUCHY_LEVELS = 6.0
"""A place that is this many grey levels off counts half: the light is that of most of the face."""


@dataclass(frozen=True)
class Light:
    """How bright a frame is beside the first one: ``later = gain * first + offset``, grey levels 0 to 255."""

    gain: float = 1.0
    offset: float = 0.0

    def evened(
        self, picture: UInt8[np.ndarray, "h w"], levels: tuple[float, float]
    ) -> UInt8[np.ndarray, "h w"]:
        """Return a picture in the first frame's light; unchanged where the change is borne.

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
    """Return the light that most places agree on.

    If a good part of the places has the light of the frame before, the light is theirs: something may cover the rest.

    Args:
        first: Grey levels of places of the face in the first frame.
        later: Of about the same places in the later one.
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
