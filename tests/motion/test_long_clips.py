"""Long clips are worked on in parts; the results are those of all frames at once, bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mien import scratch
from mien.au.smooth import smoothed, smoothed_part
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.motion import denoise
from mien.motion.amplitude import frames_without_blink
from mien.motion.blinks import blinks_of
from mien.motion.denoise import components
from mien.motion.depth import remove_depth_motion
from mien.motion.eye_fit import fitted_field_cm
from mien.motion.field import MotionField, measure_field
from mien.motion.measure import measure_aus
from mien.motion.neutral import count_from
from mien.motion.rigid import RigidMotion
from mien.rig.seen import seen_basis
from mien.rig.solve import in_plane

FRAMES = 300


@pytest.fixture
def in_parts(monkeypatch):
    """Call a function with parts of 64 frames and a temporary file."""

    def in_parts(call, *arguments):
        with monkeypatch.context() as patch:
            patch.setattr(scratch, "TOGETHER_FRAMES", 64)
            patch.setattr(scratch, "IN_MEMORY_BYTES", 0)
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

    def left() -> np.ndarray:
        moved = np.array(field.displacement_cm)
        shown = np.arange(FRAMES) % 7 > 0
        given = (field.confidence, shown, field.rigid_px, field.times_seconds)
        remove_depth_motion(moved, *given, RigidMotion(portrait.face))
        return moved

    whole = left()
    assert np.array_equal(whole, in_parts(left))
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


def test_components_of_a_clip(portrait, in_parts):
    field = field_of(portrait)
    whole, parted = components(field), in_parts(components, field)
    assert np.array_equal(whole.shapes, parted.shapes)
    assert np.array_equal(whole.courses, parted.courses)
    assert np.array_equal(whole.field_cm(), in_parts(parted.field_cm))


def test_components_of_a_film_are_those_of_a_clip(portrait, monkeypatch):
    """A film with more frames than a field has columns takes another way to the same components."""
    field = field_of(portrait)
    whole = components(field)
    monkeypatch.setattr(denoise, "WHOLE_FRAMES", 0)
    film = components(field)
    assert len(film.shapes) == len(whole.shapes) == 8
    np.testing.assert_allclose(film.field_cm(), whole.field_cm(), atol=1e-6)
    for one, other in zip(film.shapes, whole.shapes, strict=True):
        sign = np.sign((one * other).sum())
        np.testing.assert_allclose(sign * one, other, atol=1e-4)


def test_a_film_of_two_components_has_two(portrait, monkeypatch):
    """What rounding leaves of the others is no component: its shape would be noise."""
    field = field_of(portrait)
    times = np.arange(FRAMES)
    courses = np.stack([np.sin(times / 20), np.cos(times / 33)], axis=1)
    shapes = np.random.default_rng(0).normal(0, 0.1, (2, 468, 2))
    moved = np.tensordot(courses, shapes, 1)
    monkeypatch.setattr(denoise, "WHOLE_FRAMES", 0)
    exact = denoise._strongest(lambda part: moved[part].reshape(-1, 936), FRAMES, 8)
    assert len(exact[1]) == 2
    np.testing.assert_allclose(exact[0] @ exact[1], moved.reshape(FRAMES, 936), atol=1e-9)
    assert field.displacement_cm.shape == moved.shape


def test_counting_from_the_median_and_finding_neutral(portrait, in_parts):
    field = field_of(portrait)
    for choice in ("median", 7, "auto"):
        whole, baseline = count_from(field, choice)
        parted, other = in_parts(count_from, field, choice)
        assert baseline == other
        assert np.array_equal(whole.displacement_cm, parted.displacement_cm)
    assert np.array_equal(field.seen, in_parts(lambda: field.seen))


def test_blinks_and_fitted_eyes(portrait, in_parts):
    field = field_of(portrait)
    basis = seen_basis(portrait.face, "full")
    shut = in_plane(basis, portrait.face)[basis.names.index("AU45L")]
    course = np.exp(-0.5 * ((np.arange(FRAMES) - 150) / 5) ** 2)[:, None, None]
    blink = replace(field, displacement_cm=(course * shut).astype(np.float32))

    def made() -> tuple[np.ndarray, ...]:
        found = blinks_of(blink, portrait.face)
        assert found is not None
        fitted = [fitted_field_cm(blink, portrait.face, blinks=each) for each in (True, False)]
        return (found.lids_cm, *fitted, np.array(frames_without_blink(fitted[0], found.lids_cm)))

    whole = made()
    assert np.abs(whole[0]).max() > 0.1
    for one, other in zip(whole, in_parts(made), strict=True):
        assert np.array_equal(one, other)


def test_measuring_a_clip(portrait, in_parts):
    """A face that is gone for a while, so that a gap is bridged, and gone at the end."""
    dark = np.zeros_like(portrait.image)
    pictures = [portrait.image] * 5 + [dark] * 3 + [portrait.image] * 4 + [dark] * 2
    frames = [(index / 25, picture.copy()) for index, picture in enumerate(pictures)]
    whole = measure_field(frames, face=portrait.face)
    parted = in_parts(lambda: measure_field(frames, face=portrait.face))
    assert whole.gaps == parted.gaps and [(g.first, g.last) for g in whole.gaps] == [(5, 7)]
    assert whole.lost_at == parted.lost_at == 12 and whole.lost_because == parted.lost_because
    for name in ("displacement_cm", "confidence", "gaze_cm", "rigid_px"):
        one, other = getattr(whole, name), getattr(parted, name)
        assert np.array_equal(one, other, equal_nan=True), name
