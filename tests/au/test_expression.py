import json
from fractions import Fraction

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.errors import BadTrackError, UsageError

SMILE = Expression(
    (Envelope("AU12", 0.05, 0.2, 0.25, 0.45, 2.0), Envelope("AU6", 0.1, 0.2, 0.25, 0.4, 1.0)),
    "smile",
)


def test_needs_an_envelope():
    with pytest.raises(BadTrackError, match="at least one AU envelope"):
        Expression(())


def test_track_covers_zero_to_the_last_offset():
    track = SMILE.track(200)
    assert len(track) == 91
    assert track.names == ("AU6", "AU12")  # catalogue order
    assert track.times_seconds[-1] == 0.45
    assert track.values[0].tolist() == [0.0, 0.0]
    assert track.values[-1].tolist() == [0.0, 0.0]
    assert track.values[40].tolist() == [1.0, 2.0]
    assert track.frame_rate == 200


def test_track_at_a_broadcast_rate():
    track = SMILE.track("30000/1001")
    assert len(track) == 14
    assert track.frame_rate == Fraction(30000, 1001)
    expected = SMILE.envelopes[0].intensity(np.arange(14) * 1001 / 30000)
    np.testing.assert_allclose(track.values[:, 1], expected, atol=1e-6)


def test_lead_and_tail_are_neutral():
    track = SMILE.track(200, lead_seconds=0.1, tail_seconds=0.2)
    assert len(track) == 151
    assert not track.values[:31].any()  # lead, then the 0.05 s before the onset
    assert not track.values[110:].any()
    np.testing.assert_allclose(track.values[20:111], SMILE.track(200).values, atol=1e-6)
    with pytest.raises(UsageError, match="lead"):
        SMILE.track(200, lead_seconds=-0.1)


def test_envelopes_of_one_au_combine_by_the_larger():
    twice = Expression(
        (
            Envelope("AU4", 0.0, 0.1, 0.1, 0.2, 1.0, "linear"),
            Envelope("AU4", 0.1, 0.2, 0.2, 0.3, 3.0, "linear"),
        )
    )
    track = twice.track(20)
    np.testing.assert_allclose(track.values[:, 0], [0, 0.5, 1, 1.5, 3, 1.5, 0], atol=1e-6)


def test_a_side_on_top_of_both_splits_the_au():
    track = Expression(
        (
            Envelope("AU12", 0.0, 0.1, 0.1, 0.2, 1.0),
            Envelope("AU12L", 0.0, 0.1, 0.1, 0.2, 3.0),
            Envelope("AU4R", 0.0, 0.1, 0.1, 0.2, 2.0),
        )
    ).track(10)
    assert track.names == ("AU4R", "AU12L", "AU12R")
    assert track.values[1].tolist() == [2.0, 3.0, 1.0]


def test_times():
    assert SMILE.onset_seconds == 0.05
    assert SMILE.apex_seconds == 0.2
    assert SMILE.duration_seconds == 0.45


def test_apex_between_the_corners():
    # One falls as the other rises: only the grid sees where the sum is largest.
    crossing = Expression(
        (
            Envelope("AU24", 0.0, 0.0, 0.1, 0.4, 2.0, "linear"),
            Envelope("AU17", 0.1, 0.3, 0.3, 0.4, 2.0, "smooth"),
        )
    )
    # Slope of the fall is -20/3, of the rise 5 pi sin(pi x): they meet late in the rise.
    late = 0.1 + 0.2 * (1 - np.arcsin((20 / 3) / (5 * np.pi)) / np.pi)
    assert crossing.apex_seconds == pytest.approx(late, abs=1e-3)


def test_with_peak_and_scaled():
    strong = SMILE.with_peak("D")
    assert [e.peak_intensity for e in strong.envelopes] == [4.0, 2.0]
    assert SMILE.scaled(0.5).peak_intensity == 1.0
    assert SMILE.scaled(2.5).peak_intensity == 5.0
    with pytest.raises(BadTrackError, match=r"AU12 from 2 to 6.*at most 2\.5"):
        SMILE.scaled(3.0)
    with pytest.raises(BadTrackError, match="0 to 5"):
        SMILE.with_peak(5.5)
    with pytest.raises(BadTrackError, match="above 0"):
        SMILE.scaled(0.0).with_peak(2.0)


def test_with_duration_scales_all_times():
    short = SMILE.with_duration(0.225)
    assert short.duration_seconds == 0.225
    np.testing.assert_allclose(short.envelopes[1].times_seconds, (0.05, 0.1, 0.125, 0.2))
    for seconds in (0.0, -1.0, float("nan")):
        with pytest.raises(UsageError, match="duration above 0"):
            SMILE.with_duration(seconds)


def test_side():
    mixed = Expression((*SMILE.envelopes, Envelope("AU26", 0.0, 0.1, 0.1, 0.2, 1.0)))
    assert mixed.side("right").au_names == ("AU12R", "AU6R", "AU26")
    assert mixed.side("both") == mixed
    assert mixed.side("right").side("left").au_names == ("AU12L", "AU6L", "AU26")


def test_json_round_trip():
    again = Expression.from_dict(json.loads(json.dumps(SMILE.to_dict())))
    assert again == SMILE


@pytest.mark.parametrize(
    "data", [{}, [], {"name": "x"}, {"envelopes": {}}, {"envelopes": [], "x": 1}, {"envelopes": []}]
)
def test_bad_dicts(data):
    with pytest.raises(BadTrackError, match="expected"):
        Expression.from_dict(data)
