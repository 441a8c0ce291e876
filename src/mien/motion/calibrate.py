"""Enlarge the motion given to a portrait until the measured motion is the wanted one.

The same optical flow that measured the driver also measures the result. This flow is smooth and sees nothing on skin
without texture, so it measures less motion than the mesh was given. Therefore the motion's components are corrected on
the portrait itself: render a few frames of the clip, measure them, and add the missing motion. The cost does not depend
on the clip's length. While a frame is measured, the next ones are drawn in other threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

import numpy as np
from jaxtyping import Float32

from mien.face.portrait import Portrait
from mien.motion.ahead import mapped_ahead
from mien.motion.denoise import Components
from mien.motion.rigid import RigidMotion
from mien.motion.tracker import FlowSettings, FlowTracker
from mien.rig.personal import lid_weight
from mien.types import Image, Vertices2

Renderer = Callable[[Vertices2], Image]
"""A function that renders a frame from a displacement (468, 2) in canonical centimetres; called in several threads."""

KEY_FRAMES = 12
KEY_FRAME_STEPS = 3
GAIN = 1.0
"""Share of the missing motion that one step adds."""
LIMIT = 3.0
"""Largest displacement of a vertex, as a multiple of the component's largest displacement."""
LID_LIMIT = 2.0
"""Largest displacement of a vertex at the lids, as a multiple of its own displacement."""
RIDGE = 0.02
AMPLITUDE_LIMIT = 1.25
"""Largest factor of the whole motion in the last step, which matches the measured size to the driver's."""


class Meter(Protocol):
    """Measures how far the vertices moved in a frame made from a portrait."""

    def measure(self, frame: Image) -> Vertices2:
        """Return the displacement (468, 2) from the portrait, canonical centimetres."""
        ...


class PortraitMeter:
    """Measure how far the vertices moved in a frame made from a portrait, in the same way as in a clip.

    Args:
        portrait: The portrait, used as the first frame.
        settings: How the flow is computed.
    """

    def __init__(self, portrait: Portrait, settings: FlowSettings | None = None) -> None:
        self._face = portrait.face
        self._tracker = FlowTracker(portrait.image, portrait.face, settings)
        self._rigid = RigidMotion(portrait.face)

    def measure(self, frame: Image) -> Vertices2:
        """Return the displacement (468, 2) from the portrait, canonical centimetres, rigid motion removed."""
        tracked = self._tracker.track(frame, from_scratch=True)
        rest = tracked.displacement_px - self._rigid.displacement_px(tracked.head)
        rest = rest @ np.linalg.inv(self._rigid.skin(tracked.head)).T
        return self._face.pose.unproject_vectors(rest)[:, :2].astype(np.float32)


def calibrate(wanted: Components, render: Renderer, meter: Meter) -> Components:
    """Return components that, given to the portrait, make the measured motion as close as possible to the wanted one.

    Args:
        wanted: The motion that should be measured.
        render: Renders a frame of the portrait.
        meter: Measures the frame.
    """
    if not len(wanted.shapes):
        return wanted
    return Components(_corrected_together(wanted, render, meter), wanted.courses)


def _measured(
    fields: Iterable[Vertices2], render: Renderer, meter: Meter
) -> Float32[np.ndarray, "n 468 2"]:
    """Return the motion (N, 468, 2) that is measured when each field moves the portrait."""
    return np.stack([meter.measure(frame) for frame in mapped_ahead(render, fields)])


def _corrected_together(
    wanted: Components, render: Renderer, meter: Meter
) -> Float32[np.ndarray, "k 468 2"]:
    frames = len(wanted.courses)
    chosen = np.unique(np.linspace(0, frames - 1, min(frames, KEY_FRAMES)).round().astype(int))
    courses = wanted.courses[chosen]
    target = np.tensordot(courses, wanted.shapes, axes=1)
    gram = courses.T @ courses
    gram += RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    best, best_missing = wanted.shapes, target
    asked, gain, first = wanted.shapes, GAIN, True
    for turn in range(KEY_FRAME_STEPS + 1):
        moved = np.tensordot(courses, asked, axes=1).astype(np.float32)
        missing = target - _measured(moved, render, meter)
        if first or (missing**2).sum() < (best_missing**2).sum():
            best, best_missing, first = asked, missing, False
        else:
            gain /= 2
        if turn == KEY_FRAME_STEPS:
            break
        correction = np.linalg.solve(gram, courses.T @ best_missing.reshape(len(courses), -1))
        tried = best + gain * correction.reshape(best.shape)
        asked = np.stack([_within_limits(*pair) for pair in zip(tried, wanted.shapes, strict=True)])
    # Flow measures too little at the lids, so enlarging them does not help. The other vertices match the size.
    seen_size = max(float(np.linalg.norm(target - best_missing)), 1e-9)
    larger = float(np.linalg.norm(target)) / seen_size
    larger = float(np.clip(larger, 1 / AMPLITUDE_LIMIT, AMPLITUDE_LIMIT))
    larger_shapes: np.ndarray = best * (1 + (larger - 1) * (1 - _lids()))
    return larger_shapes.astype(np.float32)


@lru_cache(maxsize=1)
def _lids() -> Float32[np.ndarray, "468 1"]:
    """Return weights: 1 at the lids' edges, falling to 0 around the eyes."""
    weight = np.maximum(lid_weight("L"), lid_weight("R"))
    lids: np.ndarray = np.clip(1.5 * weight, 0, 1)[:, None].astype(np.float32)
    return lids


def _within_limits(asked: np.ndarray, wanted: np.ndarray) -> Float32[np.ndarray, "468 2"]:
    """Limit each vertex's displacement: a multiple of the shape's largest one or, at the lids, of its own.

    Where a lid slides over an eyeball, flow mixes the motion of both. Without the limit, each step of the correction
    would enlarge the lids' motion further and distort the eye.
    """
    own = np.linalg.norm(wanted, axis=1, keepdims=True)
    most = (1 - _lids()) * LIMIT * own.max() + _lids() * LID_LIMIT * own
    size = np.linalg.norm(asked, axis=1, keepdims=True)
    held: np.ndarray = (asked * np.minimum(1, most / np.maximum(size, 1e-9))).astype(np.float32)
    return held
