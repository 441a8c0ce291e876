from __future__ import annotations

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.envelope_fit import MIN_MOVE_SECONDS, fit_courses
from mien.au.envelope_samples import shape_values
from mien.errors import BadTrackError

TIMES = np.arange(101) / 200
SURE = np.ones(101)


def course(*corners: float, amplitude: float = 2.0, baseline: float = 0.5) -> np.ndarray:
    return (baseline + amplitude * shape_values(np.array([corners]), TIMES)[0])[:, None]


@pytest.mark.parametrize(
    "corners",
    [(0.1, 0.2, 0.25, 0.4), (0.1, 0.2, 0.2, 0.4), (0.0, 0.0, 0.2, 0.4), (0.1, 0.1, 0.1, 0.3)],
)
def test_shapes_are_those_of_envelopes(corners):
    times = np.arange(200) / 400
    shape = Envelope("AU1", *corners, 1.0, "minimum_jerk").intensity(times)
    np.testing.assert_allclose(shape_values(np.array([corners]), times)[0], shape, atol=1e-12)


@pytest.mark.parametrize(
    "corners",
    [
        (0.1, 0.2, 0.25, 0.4),
        (0.053, 0.137, 0.137, 0.222),  # no hold
        (0.0, 0.0, 0.1, 0.3),  # begins at the apex
        (0.1, 0.3, 0.505, 0.505),  # holds to the end: gone one frame after it
        (0.21, 0.25, 0.26, 0.3),  # short
    ],
)
def test_a_clean_course_is_found(corners):
    values = course(*corners)
    (found,) = fit_courses(TIMES, values, SURE)
    np.testing.assert_allclose(found.corners_seconds, corners, atol=0.006)
    assert found.amplitude == pytest.approx(2.0, abs=0.02)
    assert found.baseline == pytest.approx(0.5, abs=0.02)


def test_each_au_has_its_own_times():
    early, late = course(0.05, 0.1, 0.15, 0.2), course(0.3, 0.35, 0.4, 0.45)
    found = fit_courses(TIMES, np.hstack([early, late]), SURE)
    assert found[0].corners_seconds[3] < 0.21 and found[1].corners_seconds[0] > 0.29


def test_amplitude_and_baseline_stay_in_bounds():
    dip = 3.0 - course(0.1, 0.2, 0.3, 0.4, baseline=0.0)
    (found,) = fit_courses(TIMES, dip, SURE)
    assert found.amplitude >= 0.0 and 0.0 <= found.baseline <= 5.0
    rng = np.random.default_rng(0)
    high = np.clip(course(0.1, 0.2, 0.3, 0.4, amplitude=4.9) + rng.normal(0, 1, (101, 1)), 0, 5)
    (found,) = fit_courses(TIMES, high, SURE)
    assert found.amplitude + found.baseline <= 5.0 + 1e-9
    low = np.clip(course(0.1, 0.2, 0.3, 0.4, baseline=0.0) - 0.3, 0, 5)
    (found,) = fit_courses(TIMES, low, SURE)
    assert found.baseline >= 0.0 and found.amplitude > 1.5


def test_the_closed_form_is_the_best_within_its_bounds():
    rng = np.random.default_rng(3)
    values = rng.uniform(0, 5, (101, 1)) * (rng.uniform(size=(101, 1)) < 0.7)
    (found,) = fit_courses(TIMES, values, SURE)
    shape = shape_values(np.array([found.corners_seconds]), TIMES)[0]

    def error(amplitude: float, baseline: float) -> float:
        return float(((values[:, 0] - baseline - amplitude * shape) ** 2).sum())

    best = error(found.amplitude, found.baseline)
    for amplitude in np.linspace(0, 5, 51):
        for baseline in np.linspace(0, 5 - amplitude, 26):
            assert error(amplitude, baseline) >= best - 1e-9


def test_confidence_weighs_the_frames():
    values, confidence = course(0.1, 0.2, 0.25, 0.4), SURE.copy()
    values[60:70], confidence[60:70] = 5.0, 0.0  # a hand in front of the face
    (found,) = fit_courses(TIMES, values, confidence)
    np.testing.assert_allclose(found.corners_seconds, (0.1, 0.2, 0.25, 0.4), atol=0.006)


def test_a_spike_is_no_movement():
    values = course(0.1, 0.2, 0.25, 0.4)
    values[10] = 5.0
    (found,) = fit_courses(TIMES, values, SURE)
    np.testing.assert_allclose(found.corners_seconds, (0.1, 0.2, 0.25, 0.4), atol=0.02)
    onset, start, stop, offset = found.corners_seconds
    assert start - onset >= MIN_MOVE_SECONDS - 1e-6 and offset - stop >= MIN_MOVE_SECONDS - 1e-6


def test_a_given_apex_is_held():
    values = course(0.05, 0.1, 0.15, 0.2) + course(0.3, 0.35, 0.4, 0.45, amplitude=1.5)
    (free,), (held,) = (fit_courses(TIMES, values, SURE, apex) for apex in (None, 0.37))
    assert free.corners_seconds[2] < 0.3
    assert held.corners_seconds[1] <= 0.37 <= held.corners_seconds[2]


def test_a_long_track_is_fitted_as_well():
    times = np.arange(3000) / 200
    shape = shape_values(np.array([[2.0, 5.0, 6.0, 11.0]]), times)[0]
    values = (0.3 + 2 * shape + np.random.default_rng(0).normal(0, 0.05, 3000).clip(-0.3))[:, None]
    (found,) = fit_courses(times, values, np.ones(3000))
    np.testing.assert_allclose(found.corners_seconds, (2, 5, 6, 11), atol=0.15)


def test_nothing_to_fit():
    with pytest.raises(BadTrackError, match="at least two frames"):
        fit_courses(TIMES[:1], np.ones((1, 1)), np.ones(1))


def test_from_zero_a_level_that_never_ends_is_a_long_hold():
    # With a baseline, the level of 1.5 would not be in the envelope.
    values = course(0.1, 0.2, 0.3, 0.4, amplitude=0.5, baseline=1.5)
    (found,) = fit_courses(TIMES, values, SURE, from_zero=True)
    assert found.baseline == 0.0 and found.amplitude == pytest.approx(1.7, abs=0.2)
    onset, start, stop, offset = found.corners_seconds
    assert start - onset <= 0.05 and stop - start >= 0.4 and offset >= 0.49
    (clean,) = fit_courses(TIMES, course(0.1, 0.2, 0.25, 0.4, baseline=0.0), SURE, from_zero=True)
    np.testing.assert_allclose(clean.corners_seconds, (0.1, 0.2, 0.25, 0.4), atol=0.006)
    (full,) = fit_courses(TIMES, np.full((101, 1), 5.0), SURE, from_zero=True)
    assert full.amplitude == pytest.approx(5.0)
