"""Find how strong each action unit must be on a portrait to show the driver's motion.

The same intensities do not give the same visible motion on another face: narrow eyes have a smaller squint, and flow
sees only half of a lid's motion. Therefore each measured action unit is rendered on the portrait once and measured
there. Its course is then multiplied by one factor, the same in all frames, which keeps its timing and its shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.au.intensity import MAX_INTENSITY
from mien.au.track import AUTrack
from mien.motion.calibrate import AMPLITUDE_LIMIT, Meter
from mien.scratch import parts_of
from mien.types import Image

UnitRenderer = Callable[[dict[str, float]], Image]
"""A function that renders a frame from intensities by AU name."""

GAIN_LIMITS = (0.5, 2.0)
"""Smallest and largest factor of a measured intensity."""
PRIOR = 0.3
"""How strongly factors are pulled towards 1, as a share of the mean energy of an action unit, so that similar shapes
get similar factors."""
LEAST_SHOWN = 1.0
"""Weaker action units are measured at this intensity, because flow sees too little of them below it."""
KEY_FRAMES = 3
"""Number of the driver's frames with the largest motion, in which all units are measured together at the end."""
STEPS = 60


@dataclass(frozen=True, eq=False)
class Retargeting:
    """The factor by which each action unit's course is multiplied.

    Attributes:
        names: The action units that move.
        gains: (K,) their factors.
    """

    names: tuple[str, ...]
    gains: Float64[np.ndarray, " k"]

    def apply(self, track: AUTrack) -> AUTrack:
        """Return the track with the factors applied, limited to the largest intensity; other units stay as they are."""
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
    """Find the factors for which the motion measured on a portrait is closest to the wanted motion.

    Args:
        measured: The driver's action units.
        wanted_cm: (T, 468, 2) the motion that should be measured, denoised, one row for each row of the track,
            canonical centimetres.
        weights: (468,) how reliable each vertex is; 0 where the driver does not show it.
        render: Renders a frame of the portrait from intensities.
        meter: Measures the motion in the frame.
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
    gram = (shapes @ shapes.T) * (courses.T @ courses)
    right, sizes = np.zeros(len(names)), np.zeros(len(wanted_cm))
    for part in parts_of(len(wanted_cm)):
        wanted = (root * wanted_cm[part]).reshape(part.stop - part.start, -1).astype(np.float64)
        right += ((wanted @ shapes.T) * courses[part]).sum(0)
        sizes[part] = np.linalg.norm(wanted, axis=1)
    gains = _bounded(gram, right, peaks)
    chosen = np.argsort(sizes)[-KEY_FRAMES:]
    size = float(np.linalg.norm(sizes[chosen]))
    return Retargeting(names, _sized(gains, names, courses[chosen], size, root, render, meter))


def _bounded(gram: np.ndarray, right: np.ndarray, peaks: np.ndarray) -> np.ndarray:
    """Minimise ``g' gram g / 2 - right' g`` over gains g, pulled towards 1, within limits, by coordinate descent."""
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
    wanted: float,
    root: np.ndarray,
    render: UnitRenderer,
    meter: Meter,
) -> Float64[np.ndarray, " k"]:
    """Scale all factors so that the whole motion has the driver's size, within the limit of `mien.motion.calibrate`.

    ``courses`` and ``wanted`` are the intensities and the size of the motion in the driver's key frames.
    """
    made = []
    for course in courses:
        levels = np.minimum(course * gains, MAX_INTENSITY)
        picture = render(dict(zip(names, (float(level) for level in levels), strict=True)))
        made.append(root * meter.measure(picture))
    size = float(np.linalg.norm(np.stack(made)))
    larger = wanted / max(size, 1e-9)
    held: np.ndarray = gains * np.clip(larger, 1 / AMPLITUDE_LIMIT, AMPLITUDE_LIMIT)
    return held
