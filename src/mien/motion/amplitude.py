"""Find the factor that makes a motion as large on a portrait as on the driver.

A network that follows few points moves the skin between them less than a real face does, and action units explain only
a part of a face's motion. One factor for the whole clip corrects the size, and leaves the shape and the timing of the
motion unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32

from mien.scratch import norms_of_rows
from mien.types import Image, Vertices2

KEY_FRAMES = 8
LARGE_SHARE = 0.5
"""The motion in a key frame has at least this share of the size of the clip's largest motion."""
LIDS_STILL_SHARE = 0.15
"""Blinking lids count as still in frames where they moved at most this share of their largest motion."""
MOVING_SHARE = 0.4
"""The largest motion in frames without a blink must have this share of the size of the clip's largest motion."""
STEPS = 3
CLOSE_ENOUGH = 0.03
"""The search stops when the relative error of the size is below this."""
LARGEST = 2.5
"""Largest factor; its inverse is the smallest."""


@dataclass(frozen=True)
class Gain:
    """The factor by which a motion is multiplied.

    Attributes:
        factor: From 1 / `LARGEST` to ``largest``; 1, or ``largest`` if that is smaller, if no motion is wanted or none
            is measured.
        seen: False if a motion is wanted and none is measured, so that the factor could not be found.
        largest: The largest allowed factor.
    """

    factor: float
    seen: bool
    largest: float = LARGEST

    @property
    def note(self) -> str | None:
        """A warning that the motion is not as large as the driver's, or that this is not known; None if it is."""
        if not self.seen:
            return "the portrait is not seen to move, so its motion's size is not calibrated"
        if self.factor >= self.largest and self.largest <= 1:
            return "the portrait moves less than the driver: its AUs are as strong as they can be"
        if self.factor >= self.largest:
            return f"the portrait moves less than the driver, even {self.largest:g} times enlarged"
        if self.factor == 1 / LARGEST:
            return f"the portrait moves more than the driver, even {LARGEST:g} times reduced"
        return None


def key_frames(field_cm: Float32[np.ndarray, "frames 468 2"]) -> list[int]:
    """Choose frames in which to measure the size of a clip's motion: evenly spaced among those with a large motion.

    A micro-expression fills a small part of most recordings, and frames at rest contain only noise.

    Args:
        field_cm: (T, 468, 2) motion of the vertices, canonical centimetres.
    """
    return _key_frames(norms_of_rows(field_cm))


def _key_frames(sizes: Float[np.ndarray, " frames"]) -> list[int]:
    """Choose key frames from the size of the motion in each frame."""
    large = np.flatnonzero(sizes >= LARGE_SHARE * sizes.max())
    places = np.linspace(0, len(large) - 1, min(len(large), KEY_FRAMES)).round().astype(int)
    return [int(i) for i in np.unique(large[places])]


def frames_without_blink(
    field_cm: Float32[np.ndarray, "frames 468 2"], lids_cm: Float32[np.ndarray, "frames 468 2"]
) -> list[int]:
    """Choose frames in which to measure the size of a clip's motion if the driver blinks.

    Flow spreads a lid's motion into the brow, so frames in which lids move do not show the size of the other motion.

    Args:
        field_cm: (T, 468, 2) motion of the vertices as measured, canonical centimetres.
        lids_cm: (T, 468, 2) motion of the blinking lids, canonical centimetres.

    Returns:
        Frames chosen as by `key_frames`; empty if hardly anything but the lids moves.
    """
    sizes, lids = norms_of_rows(field_cm), norms_of_rows(lids_cm)
    still = np.flatnonzero(lids <= LIDS_STILL_SHARE * lids.max())
    if not len(still) or sizes[still].max() < MOVING_SHARE * sizes.max():
        return []
    return [int(still[i]) for i in _key_frames(sizes[still])]


def measured_gain(
    wanted_cm: Float32[np.ndarray, "frames 468 2"],
    make: Callable[[float], Iterable[Image]],
    measure: Callable[[Image], Vertices2],
    largest: float = LARGEST,
) -> Gain:
    """Find the factor that makes the measured motion as large as the wanted one.

    Args:
        wanted_cm: (T, 468, 2) the wanted motion in the chosen frames, canonical centimetres.
        make: Makes these frames of the portrait, with the motion multiplied by a factor.
        measure: Measures the motion (468, 2) in a frame, canonical centimetres.
        largest: Largest allowed factor, at most `LARGEST`.
    """
    size = float(np.linalg.norm(wanted_cm))
    gain = min(1.0, largest)
    for _ in range(STEPS):
        seen = float(np.linalg.norm([measure(frame) for frame in make(gain)]))
        if size == 0 or seen == 0:
            return Gain(min(1.0, largest), seen=size == 0)
        gain = float(np.clip(gain * size / seen, min(1 / LARGEST, largest), largest))
        if abs(size / seen - 1) < CLOSE_ENOUGH:
            break
    return Gain(gain, seen=True, largest=largest)
