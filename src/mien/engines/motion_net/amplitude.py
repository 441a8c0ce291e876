"""How large a motion must be asked for so that it is measured on a portrait as large as it was on the driver.

A network that follows few points moves what lies between them less than a face does. One factor for the whole
clip mends the size and leaves its shape and its timing as the network makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from mien.motion.calibrate import Meter
from mien.types import Image

KEY_FRAMES = 8
LARGE_SHARE = 0.5
"""A frame may stand for its clip if it moves by at least this share of the most that any does."""
STEPS = 3
CLOSE_ENOUGH = 0.03
"""No further step is taken once the size is right to this share."""
LARGEST = 2.5
"""The most by which a motion is made larger; and no more than so many times smaller."""


@dataclass(frozen=True)
class Gain:
    """What a motion is multiplied by.

    Attributes:
        factor: From 1 / `LARGEST` to `LARGEST`; 1 where nothing is wanted or nothing is seen to move.
        seen: False where something was wanted and nothing was seen to move, so that the factor is not measured.
    """

    factor: float
    seen: bool

    @property
    def note(self) -> str | None:
        """What a user must know: that the size is not the driver's. None where it is."""
        if not self.seen:
            return "the portrait is not seen to move, so its motion's size is not calibrated"
        if self.factor == LARGEST:
            return f"the portrait moves less than the driver, even {LARGEST:g} times enlarged"
        if self.factor == 1 / LARGEST:
            return f"the portrait moves more than the driver, even {LARGEST:g} times reduced"
        return None


def key_frames(field_cm: Float32[np.ndarray, "frames 468 2"]) -> list[int]:
    """Choose the frames on which a clip's size is measured: evenly spread over those that move much.

    A micro-expression is a small part of most recordings, and frames at rest say nothing but noise.

    Args:
        field_cm: (T, 468, 2) the clip's motion, canonical centimetres.
    """
    sizes = np.linalg.norm(field_cm.reshape(len(field_cm), -1), axis=1)
    large = np.flatnonzero(sizes >= LARGE_SHARE * sizes.max())
    places = np.linspace(0, len(large) - 1, min(len(large), KEY_FRAMES)).round().astype(int)
    return [int(i) for i in np.unique(large[places])]


def measured_gain(
    wanted_cm: Float32[np.ndarray, "frames 468 2"],
    make: Callable[[float], Iterable[Image]],
    meter: Meter,
) -> Gain:
    """Find the factor with which a motion is measured at its wanted size.

    Args:
        wanted_cm: (T, 468, 2) the motion to be seen in some frames, canonical centimetres.
        make: The same frames of the portrait, for a factor.
        meter: Measures them.
    """
    size = float(np.linalg.norm(wanted_cm))
    gain = 1.0
    for _ in range(STEPS):
        seen = float(np.linalg.norm([meter.measure(frame) for frame in make(gain)]))
        if size == 0 or seen == 0:
            return Gain(1.0, seen=size == 0)
        gain = float(np.clip(gain * size / seen, 1 / LARGEST, LARGEST))
        if abs(size / seen - 1) < CLOSE_ENOUGH:
            break
    return Gain(gain, seen=True)
