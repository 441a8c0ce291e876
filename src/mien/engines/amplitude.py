"""How large a motion must be asked for so that it is measured on a portrait as large as it was on the driver.

A network that follows few points moves what lies between them less than a face does. One factor for the whole
clip mends the size and leaves its shape and its timing as the network makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from jaxtyping import Float32

from mien.motion.calibrate import PortraitMeter
from mien.types import Image

KEY_FRAMES = 8
STEPS = 3
CLOSE_ENOUGH = 0.03
"""No further step is taken once the size is right to this share."""
LARGEST = 2.5
"""The most by which a motion is made larger; and no more than so many times smaller."""


def key_frames(frames: int) -> list[int]:
    """The frames out of so many on which a clip's size is measured, evenly spread."""
    chosen = np.linspace(0, frames - 1, min(frames, KEY_FRAMES)).round().astype(int)
    return [int(i) for i in np.unique(chosen)]


def measured_gain(
    wanted_cm: Float32[np.ndarray, "frames 468 2"],
    make: Callable[[float], Iterable[Image]],
    meter: PortraitMeter,
) -> float:
    """Find the factor with which a motion is measured at its wanted size.

    Args:
        wanted_cm: (T, 468, 2) the motion to be seen in some frames, canonical centimetres.
        make: The same frames of the portrait, for a factor.
        meter: Measures them.

    Returns:
        The factor, from 1 / `LARGEST` to `LARGEST`; 1 where nothing is wanted or nothing is seen to move.
    """
    size = float(np.linalg.norm(wanted_cm))
    gain = 1.0
    for _ in range(STEPS):
        seen = float(np.linalg.norm([meter.measure(frame) for frame in make(gain)]))
        if size == 0 or seen == 0:
            return 1.0
        gain = float(np.clip(gain * size / seen, 1 / LARGEST, LARGEST))
        if abs(size / seen - 1) < CLOSE_ENOUGH:
            break
    return gain
