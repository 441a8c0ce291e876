from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.au.presets import preset
from mien.au.sampler import sample_expression
from mien.au.track import AUTrack
from mien.errors import BadTrackError
from mien.generate.motion import at_even_times, make_motion
from mien.generate.options import ClipOptions


def test_a_preset_at_the_default_rate():
    motion = make_motion(ClipOptions(expression="anger"))
    assert (motion.fps, motion.seed) == (200, None)
    assert motion.track == preset("anger").track(200)


@pytest.mark.parametrize(("seed", "drawn"), [(None, 0), (5, 5)])
def test_a_sample_has_a_seed(seed, drawn):
    motion = make_motion(ClipOptions(sample="fear", seed=seed, dataset=("SAMM",)))
    assert motion.seed == drawn
    assert motion.expression == sample_expression("fear", drawn, "SAMM")


def test_intensity_sets_the_strongest_peak_and_strength_multiplies_it():
    for source in ({"expression": "sadness"}, {"sample": "sadness"}):
        motion = make_motion(ClipOptions(**source, intensity="B", strength=1.5))
        assert motion.expression.peak_intensity == pytest.approx(3.0)


def test_a_peak_that_no_frame_shows_is_noted():
    between = ClipOptions(au=("AU4L=B@0-0.1-0.1-0.3",), fps=25)
    (note,) = make_motion(between).notes
    assert note.startswith("AU4L reaches only 1.95 of 2 in the frames: at 25 a second none")
    assert note.endswith("whole frames of 40.00 ms")
    for text in ("AU4L=B@0-0.08-0.08-0.3", "AU4L=B@0-0.1-0.15-0.3"):
        assert make_motion(ClipOptions(au=(text,), fps=25)).notes == ()


def test_milliseconds_are_noted():
    (note,) = make_motion(ClipOptions(au=("AU12=C@0-100-200-400",), fps=10)).notes
    assert note.startswith("the face moves for 400 s: times are in seconds")


def test_too_strong_is_refused():
    with pytest.raises(BadTrackError, match=r"strength of at most 2\.5"):
        make_motion(ClipOptions(expression="sadness", strength=2.6))


def test_rounded_times_keep_every_frame():
    times = np.round(np.arange(31) * 1001 / 30000, 3)
    track = AUTrack(("AU4",), np.linspace(0, 3, 31)[:, None], times)
    even, fps = at_even_times(track, None)
    assert fps == Fraction(30000, 1001)
    assert np.array_equal(even.values, track.values)
    assert even.times_seconds[30] == 30 * 1001 / 30000


def test_a_single_frame_has_no_rate_of_its_own():
    track = AUTrack(("AU4",), [[1.0]], [0.0])
    with pytest.raises(BadTrackError, match=r"--fps"):
        at_even_times(track, None)
    assert at_even_times(track, 25) == (track, 25)
