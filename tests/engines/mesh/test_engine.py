from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mien.engines.base import Driver, Frames
from mien.engines.mesh.engine import MeshEngine
from mien.engines.mesh.settings import MeshSettings
from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.metrics.motion import compare_motion
from mien.motion.field import MotionField, measure_field
from tests.motion.conftest import clip, driver_portrait, field, smile  # noqa: F401


@pytest.fixture(scope="module")
def receiver(driver_portrait: Portrait) -> Portrait:  # noqa: F811
    """Another picture: mirrored, darker and a little wider."""
    mirrored = cv2.resize(driver_portrait.image[:, ::-1], (440, 400))
    return Portrait.from_image((mirrored * 0.85).astype(np.uint8))


@pytest.fixture(scope="module")
def short(field: MotionField) -> MotionField:  # noqa: F811
    every = slice(0, None, 2)
    return replace(
        field,
        displacement_cm=field.displacement_cm[every],
        confidence=field.confidence[every],
        gaze_cm=field.gaze_cm[every],
        rigid_px=field.rigid_px[every],
        times_seconds=field.times_seconds[every],
    )


def made(
    receiver: Portrait,
    motion: MotionField,
    strength: float = 1.0,
    blinks: bool = True,
    **settings: bool,
) -> Frames:
    session = MeshEngine(MeshSettings(**settings)).prepare(receiver)
    return session.transfer(Driver.of(motion), strength=strength, blinks=blinks)


def measured(
    receiver: Portrait, motion: MotionField, strength: float = 1.0, **settings: bool
) -> MotionField:
    frames = made(receiver, motion, strength, **settings)
    return measure_field(zip(motion.times_seconds, frames, strict=True), face=receiver.face)


def test_motion_arrives_and_calibration_brings_it_nearer(
    receiver: Portrait, short: MotionField
) -> None:
    plain = compare_motion(short, measured(receiver, short, calibrate=False))
    calibrated = compare_motion(short, measured(receiver, short))
    assert calibrated.cosine > plain.cosine
    assert calibrated.cosine > 0.93
    assert calibrated.amplitude == pytest.approx(1, abs=0.12)
    assert calibrated.timing > 0.98
    assert calibrated.jitter < calibrated.jitter_driver


def test_strength_scales_and_zero_is_the_portrait(receiver: Portrait, short: MotionField) -> None:
    still = list(made(receiver, short, 0.0))
    assert len(still) == len(short)
    for frame in still:
        np.testing.assert_array_equal(frame, receiver.image)
    half = measured(receiver, short, 0.5, calibrate=False)
    whole = measured(receiver, short, calibrate=False)
    ratio = np.linalg.norm(half.displacement_cm) / np.linalg.norm(whole.displacement_cm)
    assert ratio == pytest.approx(0.5, abs=0.15)
    with pytest.raises(UsageError, match="-1"):
        made(receiver, short, -1)


def test_head_motion_only_when_asked(receiver: Portrait, short: MotionField) -> None:
    rigid = np.zeros_like(short.rigid_px)
    rigid[:, 0] = np.linspace(0, 4, len(short))
    turning = replace(short, rigid_px=rigid)
    without = measured(receiver, turning, calibrate=False)
    with_head = measured(receiver, turning, calibrate=False, head_motion=True)
    assert abs(without.rigid_px[-1, 0]) < 0.8
    zoom = receiver.face.pose.scale_px_per_cm / short.face.pose.scale_px_per_cm
    assert with_head.rigid_px[-1, 0] == pytest.approx(4 * zoom, abs=1.0)


def test_lids_can_be_left_alone(receiver: Portrait, short: MotionField) -> None:
    blink = short.displacement_cm.copy()
    lids = [159, 158, 160, 385, 386, 387]
    blink[:, lids, 1] += 0.4 * np.sin(np.linspace(0, np.pi, len(short)))[:, None]
    blinking = replace(short, displacement_cm=blink)
    middle = len(short) // 2
    frames = list(made(receiver, blinking, blinks=False, calibrate=False))
    moved = list(made(receiver, blinking, calibrate=False))
    x, y = np.round(receiver.face.landmarks[386, :2]).astype(int)
    eye = (slice(y - 6, y + 10), slice(x - 15, x + 15))
    change = [
        np.abs(f[middle][eye].astype(int) - receiver.image[eye]).mean() for f in (frames, moved)
    ]
    assert change[0] < 0.6 * change[1]
