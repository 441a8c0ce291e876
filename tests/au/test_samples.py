from __future__ import annotations

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.samples import AUSamples, ScaleNeededError
from mien.au.samples_events import runs, timeline_of_samples
from mien.au.samples_track import samples_of_track, track_of_samples
from mien.au.timeline import AUEvent
from mien.errors import BadTrackError

NAN = float("nan")
TIMES = np.arange(4) / 10


def samples(columns, unit="intensity", **more):
    values = np.array(list(columns.values()), dtype=float).T
    return AUSamples(tuple(columns), values, np.arange(len(values)) / 10, unit, **more)


@pytest.mark.parametrize(
    ("columns", "unit"),
    [({"AU4": [6]}, "intensity"), ({"AU4": [1.1]}, "probability"), ({"AU4": [-1]}, "percent"),
     ({"AU4": [np.inf]}, "share")],
)  # fmt: skip
def test_values_outside_their_unit(columns, unit):
    with pytest.raises(BadTrackError, match="expected AU4 from 0 to"):
        samples(columns, unit)


def test_probabilities_are_no_intensities():
    made = samples({"AU12": [0.0, 0.5, 1.0]}, "probability")
    with pytest.raises(ScaleNeededError, match="which intensity 1 stands for, such as --scale 5"):
        track_of_samples(made)
    track, _ = track_of_samples(made, 3.0)
    assert track.values[:, 0].tolist() == [0, 1.5, 3]
    back = samples_of_track(track).in_unit("probability", 3.0)
    np.testing.assert_allclose(back.values, made.values)
    with pytest.raises(BadTrackError, match="use --scale 3 or more"):
        samples_of_track(track).in_unit("probability", 2.0)
    # A score in percent is a probability times 100; a share is another thing.
    assert made.in_unit("percent", None).values[:, 0].tolist() == [0, 50, 100]
    with pytest.raises(ScaleNeededError):
        made.in_unit("share", None)
    with pytest.raises(ScaleNeededError, match="a score in percent is not a FACS intensity"):
        samples({"AU12": [50]}, "percent").in_unit("intensity", None)


def test_presence_needs_a_scale_too():
    made = AUSamples((), np.zeros((4, 0)), TIMES, presence={"AU4": np.array([0, 1, 1, 0], bool)})
    with pytest.raises(ScaleNeededError, match="presence is not a FACS intensity"):
        track_of_samples(made)
    assert track_of_samples(made, 2.0)[0].values[:, 0].tolist() == [0, 2, 2, 0]


def test_frames_without_a_face_are_bridged_inside_and_left_out_at_the_ends():
    seen = np.array([False, True, False, True])
    made = samples({"AU4": [5, 1, 5, 2], "AU6": [NAN, NAN, NAN, NAN]}, seen=seen)
    track, notes = track_of_samples(made)
    assert track.names == ("AU4",) and track.values[:, 0].tolist() == [1, 1.5, 2]
    np.testing.assert_allclose(track.times_seconds, [0.1, 0.2, 0.3])
    assert notes == (
        "1 frame without a face at the ends left out",
        "no value in any frame, left out: AU6",
        "1 frame without a face or a value bridged by the frames around",
    )
    with pytest.raises(BadTrackError, match="expected a frame with a face"):
        track_of_samples(samples({"AU4": [1, 2]}, seen=np.zeros(2, bool)))


def test_what_a_program_decides_itself_counts_before_the_threshold():
    made = samples({"AU4": [0.4, 0.6]}, presence={"AU4": np.array([True, False])})
    assert made.there("AU4").tolist() == [True, False]
    assert made.there("AU4", 0.5).tolist() == [False, True]
    assert samples({"AU4": [0.05, 0.15]}, "share").there("AU4").tolist() == [False, True]


def test_runs():
    assert runs(np.array([1, 1, 0, 1, 0], bool)) == [(0, 2), (3, 4)]
    assert runs(np.zeros(3, bool)) == [] and runs(np.ones(2, bool)) == [(0, 2)]


def test_presence_becomes_events_exactly():
    there = np.array([0, 1, 1, 0, 1], bool)
    made = AUSamples((), np.zeros((5, 0)), np.arange(5) / 10, presence={"AU4": there})
    timeline = timeline_of_samples(made)
    assert timeline.events == (AUEvent("AU4", 0.1, 0.3), AUEvent("AU4", 0.4, 0.5))
    assert timeline.end_seconds == 0.5 and timeline.searched == ("AU4",) and timeline.fps == 10


def test_a_known_movement_is_found():
    envelope = Envelope("AU12L", 0.1, 0.2, 0.25, 0.45, 2.5)
    track = Expression((envelope,)).track(200, tail_seconds=0.2)
    (event,) = timeline_of_samples(samples_of_track(track)).events
    assert event.au == "AU12L" and event.peak_intensity == 2.5
    # The onset is found where a fifth of the rise is done, and the offset likewise: raised cosines.
    early = np.arccos(1 - 2 * 0.2) / np.pi
    assert event.onset_seconds == pytest.approx(0.1 + 0.1 * early, abs=0.005)
    assert event.offset_seconds == pytest.approx(0.45 - 0.2 * early, abs=0.005)
    assert event.onset_seconds > 0.1 and event.offset_seconds < 0.45
    # The hold is found within a frame and 1 % of the peak.
    assert event.apex_start_seconds == pytest.approx(0.2, abs=0.011)
    assert event.apex_end_seconds == pytest.approx(0.25, abs=0.016)


def test_two_movements_do_not_overlap_and_a_last_one_ends_with_the_film():
    made = samples({"AU4": [0, 2, 0.4, 3, 0, 1, 2]})
    events = timeline_of_samples(made).events
    spans = [(round(e.onset_seconds, 6), round(e.offset_seconds, 6)) for e in events]
    assert spans == [(0.0, 0.2), (0.2, 0.4), (0.4, 0.7)]
    assert [e.peak_intensity for e in events] == [2, 3, 2]


def test_a_lost_face_ends_an_event():
    made = samples({"AU4": [0, 2, NAN, 2, 0]}, confidence=np.array([1, 0.5, 0, 1, 1.0]))
    events = timeline_of_samples(made).events
    assert [round(e.offset_seconds, 6) for e in events] == [0.2, 0.4]
    assert [e.confidence for e in events] == [0.5, 1.0]


def test_levels_of_probabilities_need_a_scale():
    made = samples({"AU4": [0, 0.8, 0]}, "probability")
    assert timeline_of_samples(made).events[0].peak_intensity is None
    assert timeline_of_samples(made, scale=5.0).events[0].peak_intensity == pytest.approx(4)
    assert timeline_of_samples(made, threshold=0.9).events == ()
