from fractions import Fraction

import numpy as np
import pytest

from mien.au.frame_rate import frame_rate_of, frame_times, parse_fps
from mien.errors import BadTrackError, UsageError

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("value", "fps"),
    [
        (200, Fraction(200)),
        ("200", Fraction(200)),
        ("30000/1001", NTSC),
        (NTSC, NTSC),
        (29.97, NTSC),
        ("29.97", NTSC),
        (float(NTSC), NTSC),
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (12.5, Fraction(25, 2)),
        (30.0, Fraction(30)),
        (10_000, Fraction(10_000)),
        (0.5, Fraction(1, 2)),
    ],
)
def test_parse_fps(value, fps):
    assert parse_fps(value) == fps


@pytest.mark.parametrize(
    "value", [0, -1, 10_001, "1/0", "fast", "", "nan", float("inf"), None, True, "1/x", 0.0001]
)
def test_bad_rates(value):
    with pytest.raises(UsageError, match="frame rate above 0"):
        parse_fps(value)


def test_frame_times_are_exact_and_inclusive():
    times = frame_times(0.45, 200)
    assert len(times) == 91
    assert times[90] == 0.45  # to the last bit
    # A sum that falls just short of a frame still includes it.
    assert len(frame_times(0.1 + 0.2 + 0.15, 200)) == 91
    assert len(frame_times(0.3 - 1e-12, 10)) == 4
    assert len(frame_times(0.0, 200)) == 1
    assert frame_times(1.0, 29.97)[-1] == pytest.approx(29 * 1001 / 30000, abs=0)


def test_frame_times_refuse_what_cannot_be_meant():
    with pytest.raises(BadTrackError, match="0 s or more"):
        frame_times(-0.1, 200)
    with pytest.raises(BadTrackError, match="at most 1000000 frames"):
        frame_times(1e7, 200)


@pytest.mark.parametrize(
    "fps", [Fraction(200), Fraction(30), NTSC, Fraction(25, 2), Fraction(1000), Fraction(501, 7)]
)
@pytest.mark.parametrize("start", [0.0, 1.234567])
def test_rate_of_exact_times(fps, start):
    times = start + np.arange(40) / float(fps)
    assert frame_rate_of(times) == fps


@pytest.mark.parametrize("fps", [30, 60, 100, 200])
def test_rate_of_times_rounded_to_milliseconds(fps):
    times = np.round(np.arange(90) / fps, 3)
    assert frame_rate_of(times) == fps


def test_rate_of_a_long_rounded_broadcast_clip():
    times = np.round(np.arange(900) / float(NTSC), 3)
    assert frame_rate_of(times) == NTSC


def test_uneven_or_single_frames_have_no_rate():
    with pytest.raises(BadTrackError, match="evenly spaced frames"):
        frame_rate_of(np.array([0.0, 0.005, 0.011, 0.02]))
    with pytest.raises(BadTrackError, match="at least two frames"):
        frame_rate_of(np.array([0.0]))
