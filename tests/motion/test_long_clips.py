"""Long clips are worked on in parts; the results are those of all frames at once, bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien.au.smooth import smoothed, smoothed_part
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion.depth import without_depth_motion
from mien.motion.field import MotionField
from mien.motion.measure import measure_aus
from mien.motion.rigid import RigidMotion
from mien.rig import equations
from mien.rig.seen import seen_basis
from mien.rig.solve import in_plane

FRAMES = 300


@pytest.fixture
def in_parts(monkeypatch):
    """Call a function with parts of 64 frames and a temporary file."""

    def in_parts(call, *arguments):
        with monkeypatch.context() as patch:
            patch.setattr(equations, "TOGETHER_FRAMES", 64)
            patch.setattr(equations, "IN_MEMORY_BYTES", 0)
            return call(*arguments)

    return in_parts


def field_of(portrait: Portrait) -> MotionField:
    rng = np.random.default_rng(0)
    vertices = mesh.VERTEX_COUNT
    basis = seen_basis(portrait.face, "full")
    smile = in_plane(basis, portrait.face)[basis.names.index("AU12L")]
    course = np.abs(np.sin(np.linspace(0, 12, FRAMES)))[:, None, None]
    moved = 0.5 * course * smile + rng.normal(0, 0.01, (FRAMES, vertices, 2))
    return MotionField(
        moved.astype(np.float32),
        rng.random((FRAMES, vertices), np.float32),
        np.zeros((FRAMES, 2, 2), np.float32),
        rng.normal(0, 0.02, (FRAMES, 6)),
        np.arange(FRAMES) / 50,
        portrait.face,
        "full",
    )


def test_action_units(portrait, in_parts):
    field = field_of(portrait)
    whole, parted = measure_aus(field), in_parts(measure_aus, field)
    assert whole.track == parted.track and whole.track.peak > 0.1
    for name in ("confidence", "explained", "residual_cm"):
        assert np.array_equal(getattr(whole, name), getattr(parted, name)), name


def test_depth_motion(portrait, in_parts):
    field = field_of(portrait)
    given = (field.displacement_cm, field.confidence, field.rigid_px, field.times_seconds)
    rigid = RigidMotion(portrait.face)
    whole = without_depth_motion(*given, rigid)
    assert np.array_equal(whole, in_parts(without_depth_motion, *given, rigid))
    assert np.abs(whole - field.displacement_cm).max() > 1e-6


def test_stillness(portrait, in_parts):
    field = field_of(portrait)
    last = np.zeros_like(field.displacement_cm)
    last[-1] = 0.5
    for moved, still in ((field.displacement_cm, False), (0 * last, True), (last, False)):
        each = replace(field, displacement_cm=moved)
        assert each.still == still == in_parts(lambda each=each: each.still)


@pytest.mark.parametrize("sigma", [0.0, 0.4, 3.0, 40.0])
def test_smoothing(sigma):
    values = np.random.default_rng(0).normal(0, 1, (97, 5, 2))
    whole = smoothed(values, sigma)
    for part in (slice(0, 97), slice(0, 1), slice(10, 30), slice(96, 97)):
        assert np.array_equal(smoothed_part(values, sigma, part), whole[part])
