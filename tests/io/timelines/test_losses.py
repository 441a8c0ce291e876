from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.au.samples import AUSamples
from mien.au.timeline import AUEvent, AUTimeline
from mien.errors import BadTrackError
from mien.io.timelines.losses import reduced
from mien.io.timelines.registry import FORMATS

TIMES = np.arange(3) / 30


def made(columns, **more):
    values = np.array(list(columns.values()), float).T
    return AUSamples(tuple(columns), values, TIMES, **more)


@pytest.mark.parametrize("name", ["elan", "boris-tabular", "boris-aggregated"])
def test_milliseconds_and_confidence(name):
    event = AUEvent("AU12", 1 / 30, 0.5, confidence=0.5)
    kept, losses = reduced(AUTimeline((event,), fps=Fraction(30)), FORMATS[name], None)
    title = FORMATS[name].title
    assert losses == (
        f"{title} has no confidence of an event",
        f"{title} has whole milliseconds: 1 of 2 times rounded, by up to 0.33 ms; frames at 30 a second are "
        "not whole milliseconds apart",
    )
    assert kept.events[0].confidence is None
    exact = AUTimeline((AUEvent("AU12", 0.005, 0.5),), fps=Fraction(200))
    assert reduced(exact, FORMATS[name], None) == (exact, ())


def test_mien_events_lose_nothing():
    event = AUEvent("AU12L", 1 / 30, 0.5, 0.2, 0.3, 2.2, 0.5)
    timeline = AUTimeline((event,), 1.0, Fraction(30), 0.0, ("AU12L",))
    assert reduced(timeline, FORMATS["mien-events"], None) == (timeline, ())


def test_points_and_what_was_looked_for():
    timeline = AUTimeline((AUEvent("AU4", 0.1, 0.1),), searched=("AU4", "AU12"))
    kept, losses = reduced(timeline, FORMATS["elan"], None)
    assert "no events without duration: 1 last 1 ms" in losses[0]
    assert "an AU without an event counts as absent" in losses[1]
    assert kept.searched is None


@pytest.mark.parametrize("name", ["boris-tabular", "boris-aggregated", "elan", "mien-events"])
def test_a_coding_without_events_loses_its_end_and_rate_in_boris(name):
    title = FORMATS[name].title
    timeline = AUTimeline((), 2.0, Fraction(25))
    kept, losses = reduced(timeline, FORMATS[name], None)
    if not name.startswith("boris"):
        assert (kept, losses) == (timeline, ())
        return
    says = f"{title} has a row for each event and no other place for the"
    assert losses == (f"{says} end of the observation and the frame rate",)
    assert (kept.end_seconds, kept.fps) == (None, None)
    assert reduced(AUTimeline((), 2.0), FORMATS[name], None)[1] == (
        f"{says} end of the observation",
    )
    assert reduced(AUTimeline(()), FORMATS[name], None)[1] == ()


def test_sides_become_the_stronger_one():
    samples = made({"AU12L": [1, 2, 0], "AU12R": [2, 1, np.nan]})
    kept, losses = reduced(samples, FORMATS["libreface"], None)
    assert kept.names == ("AU12",) and kept.values[:, 0].tolist() == [2, 2, 0]
    assert losses == ("LibreFace has no sides: AU12L AU12R become the stronger side's value",)
    openface, losses = reduced(made({"AU12L": [1, 2, 0]}), FORMATS["openface"], None)
    assert openface.names == ("AU12L",) and losses == ()


def test_aus_without_a_place():
    kept, losses = reduced(made({"AU12": [1, 2, 0], "AU38": [1, 1, 1]}), FORMATS["libreface"], None)
    assert kept.names == ("AU12",) and losses == ("LibreFace has no AU38",)
    with pytest.raises(BadTrackError, match="expected an AU that LibreFace has a place for"):
        reduced(made({"AU38": [1, 1, 1]}), FORMATS["libreface"], None)


def test_confidence_presence_and_gaps():
    samples = made(
        {"AU12": [1, np.nan, 2]},
        confidence=np.array([1, 0, 0.5]),
        presence={"AU7": np.array([1, 0, 1], bool), "AU28": np.array([1, 0, 1], bool)},
        seen=np.array([True, False, True]),
    )
    kept, losses = reduced(samples, FORMATS["libreface"], None)
    assert set(kept.presence) == {"AU7"} and kept.confidence is None
    assert losses == (
        "LibreFace has no place for the program's own presence: AU28",
        "LibreFace has no confidence of a frame",
    )
    kept, losses = reduced(samples, FORMATS["mien"], None)
    assert kept.values[:, 0].tolist() == [1, 1.5, 2]
    assert any("bridged" in loss for loss in losses)


def test_levels_and_frame_numbers():
    kept, losses = reduced(made({"AU12": [0.2, 2.4, 3]}), FORMATS["facereader"], None)
    assert kept.values[:, 0].tolist() == [0, 2, 3]
    assert "has levels: 2 of 3 intensities rounded, by up to 0.4" in losses[0]
    shares, losses = reduced(made({"AU12": [0.2, 2.4, 3]}), FORMATS["facereader"], 5.0)
    np.testing.assert_allclose(shares.values[:, 0], [0.04, 0.48, 0.6])
    assert not any("levels" in loss for loss in losses)
    _, losses = reduced(made({"AU12": [0.2, 2.4, 3]}), FORMATS["fex"], 5.0)
    assert losses == ("py-feat has frame numbers and no times: to read it, give --fps 30",)
    uneven = AUSamples(("AU12",), np.ones((3, 1)), np.array([0, 0.1, 0.5]))
    with pytest.raises(BadTrackError, match="the frames are uneven: give a rate with --fps"):
        reduced(uneven, FORMATS["fex"], 5.0)
