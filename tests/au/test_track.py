from fractions import Fraction

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UnknownAUError, UsageError


def ramp() -> AUTrack:
    values = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    return AUTrack(("AU12", "AU26"), values, np.array([0.0, 0.005, 0.01]))


def test_arrays_are_typed_read_only_copies():
    values = np.zeros((2, 1), dtype=np.float32)
    track = AUTrack(("AU4",), values, np.array([0.0, 0.1]))
    values[0, 0] = 3.0
    assert track.values[0, 0] == 0.0
    assert track.values.dtype == np.float32
    assert track.times_seconds.dtype == np.float64
    assert track.confidence.dtype == np.float32
    assert track.confidence.tolist() == [1.0, 1.0]
    for array in (track.values, track.times_seconds, track.confidence):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_equality_and_repr():
    assert ramp() == ramp()
    assert ramp() != ramp().scaled(2.0)
    assert ramp() != "AU12"
    assert repr(ramp()) == "AUTrack(AU12 AU26, 3 frames, 0 to 0.01 s, peak 2)"


def test_rounding_at_the_ends_is_taken_in():
    track = AUTrack(("AU4",), [[-5e-7], [5.0 + 5e-7]], [-5e-7, 0.1])
    assert track.values[:, 0].tolist() == [0.0, 5.0]
    assert track.times_seconds[0] == 0.0


@pytest.mark.parametrize(
    ("names", "values", "times", "error", "message"),
    [
        (("AU12",), np.zeros((0, 1)), [], BadTrackError, "no rows"),
        (("AU12",), [], [], BadTrackError, "no rows"),
        ((), np.zeros((2, 0)), [0, 1], BadTrackError, "at least one AU"),
        (("AU99",), [[0.0]], [0], UnknownAUError, "AU99"),
        (("AU04",), [[0.0]], [0], BadTrackError, "name AU4, got 'AU04'"),
        (("AU4", "AU4"), [[0.0, 0.0]], [0], BadTrackError, "AU4 2 times"),
        (("AU12", "AU12L"), [[0.0, 0.0]], [0], BadTrackError, "both AU12 and AU12L"),
        (("AU4",), [[0.0], [np.nan]], [0, 1], BadTrackError, "nan for AU4 at frame 1"),
        (("AU4", "AU9"), [[0.0, 5.1]], [0], BadTrackError, "5.1 for AU9 at frame 0"),
        (("AU4",), [[-0.1]], [0], BadTrackError, "-0.1 for AU4"),
        (("AU4",), [[0.0], [0.0]], [0.1, 0.1], BadTrackError, "rise from frame to frame"),
        (("AU4",), [[0.0], [0.0]], [0.2, 0.1], BadTrackError, "0.1 s at frame 1 after 0.2"),
        (("AU4",), [[0.0]], [-0.1], BadTrackError, "from 0 s on"),
        (("AU4",), [[0.0], [0.0]], [0.0, np.inf], BadTrackError, "inf s at frame 1"),
        (("AU4",), [[0.0]], [0.0, 0.1], BadTrackError, "shape"),
        (("AU4",), [[0.0, 1.0]], [0.0], BadTrackError, "shape"),
        (("AU4",), [["x"]], [0.0], BadTrackError, "numbers in values"),
    ],
)
def test_bad_tracks_say_what_is_wrong(names, values, times, error, message):
    with pytest.raises(error, match=message) as caught:
        AUTrack(names, values, times)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("confidence", [[0.5], [0.5, 1.1], [np.nan, 1.0], [[1.0, 1.0]]])
def test_bad_confidence(confidence):
    with pytest.raises(BadTrackError, match="confidence"):
        AUTrack(("AU4",), [[0.0], [0.0]], [0.0, 0.1], confidence)


def test_scaled():
    assert ramp().scaled(2.5).values[:, 0].tolist() == [0.0, 2.5, 5.0]
    with pytest.raises(BadTrackError, match=r"takes AU12 from 2 to 6.*at most 2\.5"):
        ramp().scaled(3.0)
    with pytest.raises(UsageError):
        ramp().scaled(-1.0)


def test_resampled_is_linear_and_stays_inside():
    track = AUTrack(("AU12",), [[0.0], [2.0]], [0.0, 0.1], [1.0, 0.5])
    got = track.resampled(np.array([0.0, 0.025, 0.1]))
    assert got.values[:, 0].tolist() == [0.0, 0.5, 2.0]
    np.testing.assert_allclose(got.confidence, [1.0, 0.875, 0.5])
    with pytest.raises(BadTrackError, match=r"inside the track's 0 to 0\.1 s"):
        track.resampled(np.array([0.0, 0.2]))


def test_at_frame_rate_starts_at_zero():
    track = AUTrack(("AU12",), [[0.0], [3.0]], [1.0, 1.3])
    got = track.at_frame_rate(10)
    np.testing.assert_allclose(got.times_seconds, [0.0, 0.1, 0.2, 0.3])
    np.testing.assert_allclose(got.values[:, 0], [0.0, 1.0, 2.0, 3.0], atol=1e-6)
    assert got.frame_rate == 10


def test_frame_rate_and_apex():
    assert ramp().frame_rate == Fraction(200)
    assert ramp().apex_index == 2
    assert ramp().peak == 2.0
    # Both sides count: a bilateral 2 is more than a midline 3.
    track = AUTrack(("AU12", "AU26"), [[0.0, 3.0], [2.0, 0.0]], [0.0, 0.1])
    assert track.apex_index == 1


def test_to_sided_fills_both_sides():
    sided = ramp().to_sided()
    assert sided.shape == (3, len(RIG_NAMES))
    assert sided.dtype == np.float32
    for name, last in (("AU12L", 2.0), ("AU12R", 2.0), ("AU26", 1.0), ("AU4L", 0.0)):
        assert sided[2, RIG_NAMES.index(name)] == last
    one = AUTrack(("AU12R",), [[2.0]], [0.0]).to_sided()
    assert one[0, RIG_NAMES.index("AU12L")] == 0.0
    assert one[0, RIG_NAMES.index("AU12R")] == 2.0


def test_side_keeps_one_side():
    left = ramp().side("left")
    assert left.names == ("AU12L", "AU26")
    np.testing.assert_array_equal(left.values, ramp().values)
    apart = AUTrack(("AU12L", "AU12R", "AU14L"), [[1.0, 2.0, 3.0]], [0.0])
    right = apart.side("right")
    assert right.names == ("AU12R", "AU14R")
    assert right.values.tolist() == [[2.0, 3.0]]
    assert apart.side("both") == apart


def test_padding_adds_neutral_frames():
    padded = ramp().with_padding(lead_seconds=0.01, tail_seconds=0.005)
    assert padded.values[:, 0].tolist() == [0.0, 0.0, 0.0, 1.0, 2.0, 0.0]
    assert padded.values[:, 1].tolist() == [0.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    np.testing.assert_allclose(padded.times_seconds, np.arange(6) / 200)
    assert ramp().with_padding() == ramp()
    with pytest.raises(UsageError, match="lead"):
        ramp().with_padding(-1.0)
    with pytest.raises(BadTrackError, match="at most 1000000"):
        ramp().with_padding(1e6)


def test_constant():
    track = AUTrack.constant({"AU12": 2.0, "AU4L": 1.0}, duration_seconds=0.1, fps=30)
    assert track.values.tolist() == [[2.0, 1.0]] * 4
    assert track.frame_rate == 30
