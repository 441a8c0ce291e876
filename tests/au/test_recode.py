from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.au.presence import shown_aus
from mien.au.presets import preset
from mien.au.recode import find_apex, recode_track
from mien.au.recoded import Recoded
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UnknownAUError, UsageError
from mien.io.openface import read_openface
from tests.conftest import SHARED

CLIPS = sorted((SHARED / "megc2021").glob("*/openface.csv"))


def tiny() -> AUTrack:
    """Six frames, uneven in time. AU1 is there throughout, AU12 in half of them, AU26 in two."""
    values = [
        # AU1, AU12, AU26
        [1.0, 0.0, 0.0],
        [2.5, 0.4, 2.0],
        [4.0, 3.0, 4.0],
        [1.5, 2.0, 0.0],
        [1.0, 1.0, 0.0],
        [2.0, 0.4, 0.0],
    ]
    return AUTrack(("AU1", "AU12", "AU26"), values, [0.0, 1.0, 2.0, 3.0, 4.0, 6.0])


def test_exactly_half_of_the_frames_is_enough():
    assert shown_aus(tiny()) == ("AU1", "AU12")
    half, less = [1, 1, 1, 0, 0, 0], [1, 0, 1, 0, 0, 0]
    assert shown_aus(tiny(), {"AU1": less, "AU12": half, "AU26": half}) == ("AU12", "AU26")
    assert shown_aus(tiny(), {"AU1": less}) == ("AU12",)  # the others by intensity
    assert shown_aus(tiny(), threshold=3.5) == ()
    assert shown_aus(tiny(), threshold=0.0) == ("AU1", "AU12", "AU26")


def test_a_whole_presence_speaks_for_both_sides():
    track = AUTrack(("AU12L", "AU12R"), [[0, 0], [0, 0]], [0, 1])
    assert shown_aus(track, {"AU12": [1, 0]}) == ("AU12L", "AU12R")
    assert shown_aus(track, {"AU12": [1, 0], "AU12R": [0, 0]}) == ("AU12L",)


def test_recode_keeps_frames_as_they_are():
    result = recode_track(tiny(), "none")
    assert (result.kept, result.dropped, result.apex_index) == (("AU1", "AU12"), ("AU26",), 2)
    np.testing.assert_array_equal(result.track.values[:, :2], tiny().values[:, :2])
    assert not result.track.values[:, 2].any()
    assert result.expression is None and not result.baseline and result.rmse(tiny()) == 0.0
    assert np.array_equal(result.track.times_seconds, tiny().times_seconds)


def test_linear_runs_by_the_apex_to_the_last_frame():
    values = recode_track(tiny(), "linear").track.values
    # Frame 1 holds (2.5, 0.4); the published code ended there.
    np.testing.assert_allclose(values[:, 0], [1.0, 2.5, 4.0, 3.5, 3.0, 2.0], atol=1e-6)
    np.testing.assert_allclose(values[:, 1], [0.0, 1.5, 3.0, 2.35, 1.7, 0.4], atol=1e-6)
    assert not values[:, 2].any()


def test_apex_mode_starts_and_ends_at_the_portrait():
    portrait = {"AU01": 0.5, "AU26": 2.0}
    values = recode_track(tiny(), "apex", portrait_aus=portrait).track.values
    np.testing.assert_allclose(values[:, 0], [0.5, 2.25, 4.0, 3.125, 2.25, 0.5], atol=1e-6)
    np.testing.assert_allclose(values[:, 1], [0.0, 1.5, 3.0, 2.25, 1.5, 0.0], atol=1e-6)
    # AU26 does not stay: it is 0 at the apex, but the portrait still shows its own before and after.
    np.testing.assert_allclose(values[:, 2], [2.0, 1.0, 0.0, 0.5, 1.0, 2.0], atol=1e-6)


@pytest.mark.parametrize("given", [{"apex_index": 3}, {"apex_seconds": 3.4}])
def test_a_given_apex_counts(given):
    result = recode_track(tiny(), "linear", **given)
    assert result.apex_index == 3 and result.apex_seconds == 3.0
    np.testing.assert_allclose(result.track.values[:, 1], [0, 2 / 3, 4 / 3, 2, 22 / 15, 0.4], 1e-5)


@pytest.mark.parametrize(("seconds", "frame"), [(0.0, 0), (6.0, 5), (0.4, 0), (5.2, 5)])
def test_an_apex_may_be_at_either_end(seconds, frame):
    assert recode_track(tiny(), "linear", apex_seconds=seconds).apex_index == frame


def test_an_apex_at_the_edge_has_a_single_line():
    first = recode_track(tiny(), "linear", apex_index=0).track.values[:, 0]
    np.testing.assert_allclose(first, [1, 1 + 1 / 6, 1 + 2 / 6, 1.5, 1 + 4 / 6, 2], rtol=1e-6)
    last = recode_track(tiny(), "apex", apex_index=5).track.values[:, 0]
    np.testing.assert_allclose(last, [0, 1 / 3, 2 / 3, 1, 4 / 3, 2], rtol=1e-6)


def test_the_apex_is_found_among_what_stays():
    values = [[1.0, 0.0], [2.0, 0.0], [1.0, 5.0], [1.0, 0.0], [1.0, 0.0]]
    track = AUTrack(("AU1", "AU2"), values, np.arange(5))
    assert find_apex(track, ("AU1", "AU2")) == 2
    assert recode_track(track, "linear").apex_index == 1  # AU2 is there in one frame of five
    unsure = AUTrack(track.names, values, track.times_seconds, [1, 0, 1, 1, 1])
    assert find_apex(unsure, ("AU1",)) == 0
    blind = AUTrack(track.names, values, track.times_seconds, [0, 0, 0, 0, 0])
    assert find_apex(blind, ("AU1",)) == 1  # none is sure: all count


def test_an_unsure_frame_is_no_apex_however_faint_the_others():
    track = AUTrack(("AU1",), [[0.0], [5.0], [0.25]], [0, 1, 2], [1, 0, 1])
    assert find_apex(track, ("AU1",)) == 2
    still = AUTrack(("AU1",), [[3.0], [0.0], [0.0]], [0, 1, 2], [0, 1, 1])
    assert find_apex(still, ("AU1",)) == 1


def test_sides_do_not_count_twice():
    whole = AUTrack(("AU12", "AU17"), [[2.0, 0.0], [0.0, 3.0]], [0, 1])
    sides = AUTrack(("AU12L", "AU12R", "AU17"), [[2.0, 2.0, 0.0], [0.0, 0.0, 3.0]], [0, 1])
    assert find_apex(whole, whole.names) == find_apex(sides, sides.names) == 1
    # A whole AU counts as much as its two sides together: 2 against (2.2 + 2.2) / 2.
    mixed = AUTrack(("AU17", "AU12L", "AU12R"), [[2.0, 0.0, 0.0], [0.0, 2.2, 2.2]], [0, 1])
    assert find_apex(mixed, mixed.names) == 1


def test_strength_scales_what_comes_out():
    plain, strong = (recode_track(tiny(), "linear", strength=s).track for s in (1.0, 1.25))
    np.testing.assert_allclose(strong.values, 1.25 * plain.values, rtol=1e-6)
    own = recode_track(tiny(), "apex", portrait_aus={"AU1": 0.5}, strength=0.5).track.values[:, 0]
    np.testing.assert_allclose(own[[0, 2, 5]], [0.5, 2.0, 0.5], rtol=1e-6)
    weak, full, none = (recode_track(tiny(), "smooth", strength=s) for s in (0.5, 1.0, 0.0))
    np.testing.assert_allclose(weak.track.values, 0.5 * full.track.values, atol=1e-6)
    assert full.expression is not None and full.expression.name == "smooth"
    assert none.expression is None and not none.track.values.any()
    assert set(none.baseline.values()) == {0.0}


@pytest.mark.parametrize("mode", ["none", "linear", "apex"])
def test_a_result_above_five_names_the_largest_strength(mode):
    with pytest.raises(BadTrackError, match=r"AU1 from 4 to 5.2.* at most 1.25"):
        recode_track(tiny(), mode, strength=1.3)
    assert recode_track(tiny(), mode, strength=1.25).track.peak == 5.0
    # AU26 would pass 5 sooner, yet does not stay.
    track = AUTrack(("AU1", "AU26"), [[1, 5], [1, 0], [1, 0]], [0, 1, 2])
    assert recode_track(track, mode, strength=2).track.peak == 2.0


def test_smooth_names_the_largest_strength():
    track = preset("happiness", "D").track(100)
    with pytest.raises(BadTrackError, match=r"AU12 .*at most 1\.2"):
        recode_track(track, "smooth", strength=1.4)
    # A level of 1 and 3.5 on top of it make 4.5: at most 5 / 4.5 = 1.11 times.
    course = Envelope("AU12", 0.1, 0.3, 0.5, 0.7, 3.5, "minimum_jerk")
    times = np.arange(81) / 100
    raised = AUTrack(("AU12",), 1 + course.intensity(times)[:, None], times)
    with pytest.raises(BadTrackError, match=r"from 4\.50\d* to 5\.40\d*, .* at most 1\.11$"):
        recode_track(raised, "smooth", strength=1.2)
    assert recode_track(raised, "smooth", strength=1.11).track.peak == pytest.approx(
        4.995, abs=0.01
    )


def test_a_given_apex_lies_within_every_hold():
    track = preset("happiness").track(200, 0.1, 0.1)
    free = recode_track(track, "smooth", threshold=0).expression
    assert free is not None
    late = max(envelope.apex_end_seconds for envelope in free.envelopes) + 0.04
    result = recode_track(track, "smooth", threshold=0, apex_seconds=late)
    assert result.expression is not None
    for envelope in result.expression.envelopes:
        assert envelope.apex_start_seconds <= result.apex_seconds + 1e-9
        assert envelope.apex_end_seconds >= result.apex_seconds - 1e-9
    assert result.apex_seconds == pytest.approx(late, abs=0.0025)


@pytest.mark.parametrize("mode", ["none", "linear", "apex", "smooth"])
def test_a_still_track(mode):
    track = AUTrack(("AU1", "AU4"), np.tile([1.5, 0.2], (9, 1)), np.arange(9) / 100)
    result = recode_track(track, mode, portrait_aus={"AU1": 1.5} if mode == "apex" else None)
    np.testing.assert_allclose(result.track.values, np.tile([1.5, 0.0], (9, 1)), atol=1e-6)
    assert result.kept == ("AU1",) and result.apex_index == 0 and result.expression is None
    nothing = recode_track(AUTrack(("AU1",), np.zeros((9, 1)), np.arange(9)), mode)
    assert nothing.kept == () and not nothing.track.values.any()


@pytest.mark.parametrize("mode", ["none", "linear", "apex"])
def test_one_frame_is_its_own_apex(mode):
    result = recode_track(AUTrack(("AU1",), [[2.0]], [0.0]), mode)
    assert result.track.values.tolist() == [[2.0]] and result.apex_index == 0


def test_one_frame_cannot_be_fitted():
    with pytest.raises(BadTrackError, match="at least two frames"):
        recode_track(AUTrack(("AU1",), [[2.0]], [0.0]), "smooth")
    with pytest.raises(BadTrackError, match="confidence above 0 to fit, got 0"):
        recode_track(AUTrack(("AU1",), [[2.0], [1.0]], [0.0, 1.0], [0.0, 0.0]), "smooth")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"mode": "recode"}, UsageError, "expected mode none, linear, apex, smooth, got 'recode'"),
        ({"apex_index": 6}, BadTrackError, "from 0 to 5, got 6"),
        ({"apex_index": -1}, BadTrackError, "from 0 to 5, got -1"),
        ({"apex_seconds": 6.1}, BadTrackError, "from 0 to 6 s, got 6.1 s"),
        ({"apex_seconds": float("nan")}, BadTrackError, "got nan s"),
        (
            {"apex_index": 1, "apex_seconds": 1.0},
            UsageError,
            "^expected the apex as a frame or as a time, got both$",
        ),
        ({"portrait_aus": {"AU1": 1}}, UsageError, "need mode apex"),
        ({"mode": "apex", "portrait_aus": {"AU9": 1}}, BadTrackError, "AU1 AU12 AU26, got AU9"),
        ({"mode": "apex", "portrait_aus": {"AU1": 6}}, BadTrackError, "0 to 5"),
        ({"mode": "apex", "portrait_aus": {"AU99": 1}}, UnknownAUError, "AU99"),
        ({"presence": {"AU1": [1, 0]}}, BadTrackError, "each of 6 frames"),
        ({"presence": {"AU1": [1, 0, 2, 0, 0, 0]}}, BadTrackError, "0 or 1"),
        ({"presence": {"AU99": [1] * 6}}, UnknownAUError, "AU99"),
        ({"threshold": -0.1}, UsageError, "0 to 5"),
        ({"strength": -1.0}, UsageError, "0 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(options, error, says):
    with pytest.raises(error, match=says):
        recode_track(tiny(), **({"mode": "linear"} | options))


def test_results_are_checked():
    with pytest.raises(BadTrackError, match="kept and dropped"):
        Recoded(tiny(), "linear", 0, ("AU1",), ("AU12",))
    with pytest.raises(BadTrackError, match="times of"):
        recode_track(tiny(), "linear").rmse(AUTrack(("AU1",), [[0]], [0]))


def noisy(name: str, noise: float, seed: int) -> tuple[AUTrack, AUTrack]:
    """An expression at 200 frames a second on a face at 0.5: as it is, and as it is measured."""
    track = preset(name).track(200, 0.1, 0.1)
    truth = track.values + 0.5
    measured = truth + np.random.default_rng(seed).normal(0, noise, truth.shape)
    return tuple(
        AUTrack(track.names, np.clip(values, 0, 5), track.times_seconds)
        for values in (truth, measured)
    )  # type: ignore[return-value]


@pytest.mark.parametrize("noise", [0.05, 0.1, 0.3])
@pytest.mark.parametrize("name", ["happiness", "disgust", "surprise"])
def test_smooth_beats_linear_on_noisy_tracks(name, noise):
    truth, measured = noisy(name, noise, seed=7)
    linear, smooth = (recode_track(measured, mode, threshold=0) for mode in ("linear", "smooth"))
    assert smooth.rmse(measured) < 1.05 * noise < linear.rmse(measured)
    # It takes most of the noise away rather than fit it.
    assert smooth.rmse(truth) < 0.45 * noise


@pytest.mark.skipif(not CLIPS, reason="needs ../shared/data/megc2021")
@pytest.mark.parametrize("table", CLIPS, ids=lambda path: path.parent.name)
def test_smooth_beats_linear_on_measured_clips(table):
    clip = json.loads((table.parent / "clip.json").read_text(encoding="utf-8"))
    read = read_openface(table, Fraction(clip["fps"]))
    linear, smooth = (
        recode_track(read.track, mode, presence=read.presence) for mode in ("linear", "smooth")
    )
    assert 3 <= len(smooth.kept) <= 7
    assert smooth.rmse(read.track) < 0.8 * linear.rmse(read.track)


def test_smooth_can_be_rendered_at_any_rate():
    _, measured = noisy("happiness", 0.1, seed=1)
    result = recode_track(measured, "smooth", threshold=0)
    fast = result.at_frame_rate(1000)
    np.testing.assert_allclose(fast.values[::5], result.track.values, atol=2e-6)
    assert np.abs(fast.values - result.track.at_frame_rate(1000).values).max() > 1e-3
    level, envelope = result.baseline["AU12"], result.expression.envelopes[-1]
    assert envelope.au == "AU12" and envelope.shape == "minimum_jerk"
    np.testing.assert_allclose(
        fast.values[:, fast.names.index("AU12")],
        level + envelope.intensity(fast.times_seconds),
        atol=1e-6,
    )
    linear = recode_track(measured, "linear", threshold=0)
    assert linear.at_frame_rate(1000) == linear.track.at_frame_rate(1000)


def test_a_track_that_does_not_begin_at_zero():
    _, measured = noisy("happiness", 0.1, seed=1)
    late = AUTrack(measured.names, measured.values, measured.times_seconds + 7.3)
    early, moved = (recode_track(track, "smooth", threshold=0) for track in (measured, late))
    np.testing.assert_allclose(moved.track.values, early.track.values, atol=0.02)
    assert moved.expression.onset_seconds > 7.3
    assert moved.at_frame_rate(200).times_seconds[0] == 0.0
