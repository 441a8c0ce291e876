"""How much of each action unit a portrait needs to show what a driver showed.

Intensities measured on one face are not what makes another move alike: a squint of narrow eyes is small, and flow sees
half of a lid. So each measured action unit is shown on the portrait once and measured there, and its course gets one
factor, the same in all frames: timing, and what re-encoding made of it, stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.motion.calibrate import AMPLITUDE_LIMIT, Meter
from mien.types import Image, Vertices2

UnitRenderer = Callable[[dict[str, float]], Image]
"""Turns intensities by AU name into a frame."""

GAIN_LIMITS = (0.5, 2.0)
"""Least and most of a measured intensity that a portrait is given."""
PRIOR = 0.3
"""How strongly factors are held to 1, as a share of the mean action unit's energy: shapes alike share no more than they
must."""
LEAST_SHOWN = 1.0
"""A fainter action unit is measured at this intensity: below, flow sees too little of it."""
KEY_FRAMES = 3
"""Frames, the largest of the driver, at which all action units together are measured in the end."""
STEPS = 60


@dataclass(frozen=True, eq=False)
class Retargeting:
    """What each action unit's course is multiplied by.

    Attributes:
        names: The action units that move.
        gains: (K,) their factors.
    """

    names: tuple[str, ...]
    gains: Float64[np.ndarray, " k"]

    def apply(self, track: AUTrack) -> AUTrack:
        """Return the track with the factors applied, held to the scale's end; units without a factor keep their own."""
        by_name = dict(zip(self.names, self.gains, strict=True))
        gains = np.array([by_name.get(name, 1.0) for name in track.names])
        values = np.minimum(track.values * gains, MAX_INTENSITY).astype(np.float32)
        return AUTrack(track.names, values, track.times_seconds, track.confidence)


def retarget(
    measured: AUTrack,
    wanted_cm: Float32[np.ndarray, "frames 468 2"],
    weights: Float[np.ndarray, " 468"],
    render: UnitRenderer,
    meter: Meter,
) -> Retargeting:
    """Find the factors that bring what is measured on a portrait nearest to what is wanted.

    Args:
        measured: The driver's action units.
        wanted_cm: The motion to be seen, one row for each of the track's, denoised, canonical centimetres.
        weights: How far each vertex is to be believed; 0 where the driver does not show it.
        render: Makes a frame of the portrait.
        meter: Measures it.
    """
    moving = np.flatnonzero(measured.values.max(0) > 0)
    names = tuple(measured.names[index] for index in moving)
    if not names:
        return Retargeting((), np.zeros(0))
    courses = measured.values[:, moving].astype(np.float64)
    peaks = courses.max(0)
    root = np.sqrt(weights)[:, None]
    seen = []
    for name, peak in zip(names, peaks, strict=True):
        shown = max(float(peak), LEAST_SHOWN)
        seen.append(root * meter.measure(render({name: shown})) / shown)
    shapes = np.stack(seen).reshape(len(names), -1)
    wanted = (root * wanted_cm).reshape(len(wanted_cm), -1).astype(np.float64)
    gram = (shapes @ shapes.T) * (courses.T @ courses)
    right = ((wanted @ shapes.T) * courses).sum(0)
    gains = _bounded(gram, right, peaks)
    return Retargeting(names, _sized(gains, names, courses, wanted, root, render, meter))


def _bounded(gram: np.ndarray, right: np.ndarray, peaks: np.ndarray) -> np.ndarray:
    """Minimise g'Gg/2 - r'g, held to 1 and within the limits, by projected coordinate descent."""
    hold = PRIOR * np.trace(gram) / len(gram)
    system = gram + hold * np.eye(len(gram))
    aim = right + hold
    least, most = GAIN_LIMITS
    top = np.maximum(np.minimum(most, MAX_INTENSITY / peaks), least)
    gains = np.minimum(np.ones(len(gram)), top)
    for _ in range(STEPS):
        for k in range(len(gains)):
            rest = aim[k] - system[k] @ gains + system[k, k] * gains[k]
            gains[k] = np.clip(rest / max(system[k, k], 1e-12), least, top[k])
    return gains


def _sized(
    gains: np.ndarray,
    names: tuple[str, ...],
    courses: np.ndarray,
    wanted: np.ndarray,
    root: np.ndarray,
    render: UnitRenderer,
    meter: Meter,
) -> Float64[np.ndarray, " k"]:
    """Make all of the motion as large as the driver's, as `mien.motion.calibrate` does and within its limit."""
    sizes: Vertices2 = np.linalg.norm(wanted, axis=1)
    chosen = np.argsort(sizes)[-KEY_FRAMES:]
    made = []
    for frame in chosen:
        levels = np.minimum(courses[frame] * gains, MAX_INTENSITY)
        picture = render(dict(zip(names, (float(level) for level in levels), strict=True)))
        made.append(root * meter.measure(picture))
    size = float(np.linalg.norm(np.stack(made)))
    larger = float(np.linalg.norm(wanted[chosen])) / max(size, 1e-9)
    held: np.ndarray = gains * np.clip(larger, 1 / AMPLITUDE_LIMIT, AMPLITUDE_LIMIT)
    return held
