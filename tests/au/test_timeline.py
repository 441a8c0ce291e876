from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.au.samples import ScaleNeededError
from mien.au.timeline import AUEvent, AUTimeline
from mien.au.timeline_track import presence_on_frames, track_of_timeline
from mien.errors import BadTrackError, UnknownAUError

FPS = Fraction(30)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (("AU99", 0.0, 1.0), UnknownAUError),
        (("au12", 0.0, 1.0), BadTrackError),
        (("AU12", -0.1, 1.0), BadTrackError),
        (("AU12", 1.0, 0.5), BadTrackError),
        (("AU12", 0.0, float("nan")), BadTrackError),
        (("AU12", 0.0, 1.0, 0.5), BadTrackError),
        (("AU12", 0.0, 1.0, 0.6, 0.5), BadTrackError),
        (("AU12", 0.0, 1.0, 0.5, 1.5), BadTrackError),
        (("AU12", 0.0, 1.0, 0.5, 0.5, 0.0), BadTrackError),
        (("AU12", 0.0, 1.0, 0.5, 0.5, 5.1), BadTrackError),
        (("AU12", 0.0, 1.0, None, None, None, 1.1), BadTrackError),
    ],
)
def test_events_are_checked(fields, error):
    with pytest.raises(error):
        AUEvent(*fields)


def test_sides_and_levels():
    event = AUEvent("AU12R", 0.0, 1.0, peak_intensity=2.4)
    assert (event.side, event.level) == ("right", "B")
    assert AUEvent("AU4", 0.0, 1.0, peak_intensity=0.2).level == "A"  # an event is never level 0
    assert (AUEvent("AU4", 1.0, 1.0).is_point, AUEvent("AU4", 0.0, 1.0).level) == (True, None)


def test_a_timeline_is_in_order_and_does_not_overlap():
    late, early = AUEvent("AU4", 0.5, 1.0), AUEvent("AU12L", 0.1, 0.5)
    timeline = AUTimeline((late, early, AUEvent("AU12L", 0.5, 0.6)))
    assert timeline.events[0] is early and timeline.names == ("AU4", "AU12L")
    with pytest.raises(BadTrackError, match="AU12L that do not overlap"):
        AUTimeline((early, AUEvent("AU12L", 0.4, 0.6)))


def test_rounded_times_go_back_on_their_frames():
    times = [round(i / 30, 3) for i in (2, 3, 4, 7)]
    event = AUEvent("AU12", times[0], times[3], times[1], times[2])
    exact = AUTimeline((event,), rounding_seconds=0.001).on_frames(FPS).events[0]
    assert exact == AUEvent("AU12", 2 / 30, 7 / 30, 3 / 30, 4 / 30)
    # The end of the observation too: 0.667 s are 20 frames, not a part of frame 20 as well.
    for end, right in ((0.667, 20 / 30), (1.033, 31 / 30), (0.65, 0.65), (None, None)):
        rounded = AUTimeline((event,), end, rounding_seconds=0.001)
        assert rounded.on_frames(FPS).end_seconds == right
    # A time that no frame was rounded to stays.
    other = AUTimeline((AUEvent("AU12", 0.05, 0.1),), rounding_seconds=0.001).on_frames(FPS)
    assert other.events[0].onset_seconds == 0.05
    unrounded = AUTimeline((event,)).on_frames(FPS).events[0]
    assert unrounded.onset_seconds == 0.067


@pytest.mark.parametrize("fps", [24, 25, 30, Fraction(30000, 1001), 60, 100, 200, 240, 500])
def test_no_frame_is_off_by_one_after_rounding_to_milliseconds(fps):
    rate = Fraction(fps)
    times = np.arange(200) * rate.denominator / rate.numerator
    for first in range(0, 190, 7):
        onset, offset = (round(float(times[i]), 3) for i in (first, first + 5))
        rounded = AUTimeline((AUEvent("AU4", onset, offset),), rounding_seconds=0.001)
        (there,) = presence_on_frames(rounded, ("AU4",), times).values()
        assert np.flatnonzero(there).tolist() == list(range(first, first + 5))


def test_presence_by_side_and_of_points():
    timeline = AUTimeline(
        (AUEvent("AU12L", 0.0, 0.2), AUEvent("AU12", 0.4, 0.5), AUEvent("AU4", 0.15, 0.15))
    )
    there = presence_on_frames(timeline, ("AU12", "AU12L", "AU12R", "AU4"), np.arange(6) / 10)
    found = {name: np.flatnonzero(frames).tolist() for name, frames in there.items()}
    assert found == {"AU12": [0, 1, 4], "AU12L": [0, 1, 4], "AU12R": [4], "AU4": [1]}


def test_events_to_a_track():
    event = AUEvent("AU12L", 0.1, 0.5, 0.2, 0.3, 2.0)
    track, notes = track_of_timeline(AUTimeline((event,), end_seconds=0.8), Fraction(10))
    assert track.names == ("AU12L",) and len(track) == 8
    np.testing.assert_allclose(track.values[:, 0], [0, 0, 2, 2, 1, 0, 0, 0], atol=1e-6)
    assert notes == ()


def test_what_events_do_not_say_is_asked_or_named():
    event = AUEvent("AU4", 0.0, 0.4, confidence=0.5)
    with pytest.raises(ScaleNeededError, match="AU4 at 0 s has no level"):
        track_of_timeline(AUTimeline((event,)), Fraction(10))
    track, notes = track_of_timeline(AUTimeline((event,)), Fraction(10), scale=3.0)
    np.testing.assert_allclose(track.values[:, 0], [0, 1.5, 3, 1.5, 0], atol=1e-6)
    assert "no apex: it is put in the middle" in notes[0] and "confidence" in notes[1]
    with pytest.raises(BadTrackError, match="point without a duration"):
        track_of_timeline(AUTimeline((AUEvent("AU4", 0.1, 0.1),)), Fraction(10), 2.0)
    with pytest.raises(BadTrackError, match="expected an event"):
        track_of_timeline(AUTimeline(()), Fraction(10))
