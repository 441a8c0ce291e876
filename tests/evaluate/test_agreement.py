from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from mien.au.samples import AUSamples
from mien.au.timeline import AUEvent, AUTimeline
from mien.convert.convert import convert_file
from mien.convert.options import ConvertOptions
from mien.errors import BadTrackError, UsageError
from mien.evaluate.agreement import evaluate_agreement
from mien.io.timelines.format import WriteOptions
from mien.io.timelines.registry import FORMATS
from mien.metrics.agreement import cohen_kappa


@pytest.fixture
def write(tmp_path):
    def write(name, content, target="mien-events"):
        path = tmp_path / f"{name}{FORMATS[target].suffixes[0]}"
        FORMATS[target].write(path, content, WriteOptions())
        return path

    return write


def events(*given, end=1.0, fps=None):
    return AUTimeline(tuple(AUEvent(*each) for each in given), end, fps)


def test_kappa_by_hand(write):
    a = write("a", events(("AU12", 0.2, 0.6), ("AU4", 0.0, 0.1)))
    b = write("b", events(("AU12", 0.3, 0.7)))
    made = evaluate_agreement(a, b, fps=10)
    smile = made.aus["AU12"]
    # Frames 2 to 5 and 3 to 6 of 10: 8 of 10 agree, 0.16 + 0.36 by chance.
    assert (smile.frames, smile.present_a, smile.present_b) == (10, 4, 4)
    assert smile.agreement == pytest.approx(0.8)
    assert smile.kappa == pytest.approx((0.8 - 0.52) / (1 - 0.52))
    assert smile.events.f1 == 1.0
    assert smile.to_json()["onset_error_ms"] == pytest.approx(100)
    # B looked for all AUs, so that AU4 was absent.
    assert made.aus["AU4"].kappa == 0 and made.aus["AU4"].events.f1 == 0
    # Together: two decisions a frame.
    one = np.zeros(20, bool)
    one[2:6] = one[10] = True
    two = np.zeros(20, bool)
    two[3:7] = True
    assert made.pooled.kappa == pytest.approx(cohen_kappa(one, two))
    assert made.pooled.events.f1 == pytest.approx(2 / 3)


def test_tolerance_in_milliseconds(write):
    a = write("a", events(("AU12", 0.2, 0.6)))
    b = write("b", events(("AU12", 0.3, 0.7)))
    kappas = [
        evaluate_agreement(a, b, fps=10, tolerance_ms=ms).aus["AU12"].tolerant_kappa
        for ms in (0, 99, 100)
    ]
    assert kappas[0] == kappas[1] < kappas[2] == 1
    near = evaluate_agreement(a, b, fps=10, overlap=0.9).aus["AU12"].events
    assert near.matched == 0
    assert (
        evaluate_agreement(a, b, fps=10, overlap=0.9, tolerance_ms=100).aus["AU12"].events.matched
        == 1
    )


def test_left_is_not_right(write):
    a = write("a", events(("AU12L", 0.2, 0.6)))
    same = write("same", events(("AU12L", 0.2, 0.6)))
    other = write("other", events(("AU12R", 0.2, 0.6)))
    both = write("both", events(("AU12", 0.2, 0.6)))
    assert list(evaluate_agreement(a, same, fps=10).aus) == ["AU12L"]
    swapped = evaluate_agreement(a, other, fps=10)
    assert {name: each.kappa for name, each in swapped.aus.items()} == {"AU12L": 0, "AU12R": 0}
    # Where one of the two has no sides, the whole AU is compared.
    assert evaluate_agreement(a, both, fps=10).aus["AU12"].kappa == 1


def test_rounding_to_milliseconds_moves_no_frame(write):
    pytest.importorskip("pympi")
    times = np.arange(40) / 30
    exact = events(
        ("AU4", times[2], times[11]), ("AU4", times[13], times[29]), end=times[39], fps=Fraction(30)
    )
    a, b = write("a", exact), write("b", exact, "elan")
    made = evaluate_agreement(a, b)
    assert made.fps == 30 and made.aus["AU4"].kappa == 1
    assert made.aus["AU4"].to_json()["onset_absolute_error_ms"] == 0


@pytest.mark.parametrize("target", ["mien-events", "elan", "boris-aggregated", "boris-tabular"])
def test_rounding_the_end_adds_no_frame(write, target):
    if target == "elan":
        pytest.importorskip("pympi")
    # 20 frames at 30 a second end at 0.6667 s, which is written as 0.667.
    exact = events(("AU12", 5 / 30, 15 / 30), end=20 / 30, fps=Fraction(30))
    a = write("a", exact, target)
    score = evaluate_agreement(a, a, fps=30).aus["AU12"]
    assert (score.frames, score.present_a) == (20, 10)


@pytest.mark.parametrize(("fps", "frames"), [(60, 59), (60, 60), (30, 20), (30, 31), (25, 10)])
def test_frames_with_rounded_times_are_as_many_as_the_film_has(write, fps, frames):
    values = np.zeros((frames, 1))
    values[3:6] = 3
    program = AUSamples(("AU12",), values, np.arange(frames) / fps)
    a = write("a", program, "facereader")
    score = evaluate_agreement(a, a, fps=fps).aus["AU12"]
    # An onset is the last frame before the rise.
    assert (score.frames, score.present_a) == (frames, 4)


def test_what_only_one_looked_for_is_not_compared(write):
    a = write("a", events(("AU12", 0.0, 0.2), ("AU38", 0.0, 0.2), end=0.4))
    values = np.array([[0.9, 0.1]] * 5 + [[0.1, 0.1]] * 5)
    program = AUSamples(("AU12", "AU4"), values, np.arange(10) / 25, "probability")
    b = write("b", program.in_unit("percent", None), "imotions")
    made = evaluate_agreement(a, b)
    assert made.aus["AU12"].kappa == 1 and made.aus["AU12"].frames == 10
    assert made.not_compared == ("AU38",)
    assert made.notes == ("not compared, only one of the two looked for it: AU38",)


def test_frames_without_a_face_do_not_count(write):
    values = np.array([[1.0], [np.nan], [3.0], [0.0]])
    seen = ~np.isnan(values[:, 0])
    program = AUSamples(("AU12",), values, np.arange(4) / 25, seen=seen)
    a = write("a", program, "libreface")
    b = write("b", events(("AU12", 0.0, 0.12), end=0.16))
    score = evaluate_agreement(b, a).aus["AU12"]
    assert (score.frames, score.present_b, score.kappa) == (3, 2, 1.0)


@pytest.mark.parametrize("target", ["mien-events", "elan", "boris-tabular"])
def test_a_program_agrees_with_its_own_events(write, target):
    """Presence is the same in frames and in events: a slow rise counts from its onset, not from the threshold on."""
    if target == "elan":
        pytest.importorskip("pympi")
    rise = 0.9 * np.linspace(0, 1, 16) ** 2
    course = np.zeros(60)
    course[5:42] = np.concatenate((rise, np.full(5, 0.9), rise[::-1]))
    program = AUSamples(("AU12",), course[:, None], np.arange(60) / 60)
    a = write("a", program, "mien")
    out = a.with_name(f"made{FORMATS[target].suffixes[0]}")
    convert_file(a, out, ConvertOptions(target=target))
    score = evaluate_agreement(a, out).aus["AU12"]
    # A fifth of 0.9 is 0.18, between the frames 11 and 12 on the way up, and 34 and 35 on the way down.
    assert (score.frames, score.present_a, score.present_b) == (60, 24, 24)
    assert (score.kappa, score.events.f1) == (1, 1)
    assert score.events.onset_errors_seconds == pytest.approx((0.0,), abs=1e-9)


def test_synthetic_truth(write, small_face, tmp_path):
    """A clip's own sidecar is the exact truth; a coder who is one frame late is found."""
    import mien

    clip = mien.generate(
        small_face, tmp_path / "brow.mkv", au="AU4=3@0.08-0.16-0.16-0.28", fps=25, lead_seconds=0.2
    )
    late = write("late", events(("AU4", 0.32, 0.48), end=0.48))
    made = evaluate_agreement(clip.sidecar, late)
    score = made.aus["AU4"]
    assert made.fps == 25 and score.frames == 12
    assert score.present_a == 5 and score.present_b == 4
    assert score.to_json()["onset_error_ms"] == pytest.approx(40)
    assert score.to_json()["offset_error_ms"] == pytest.approx(0)


def test_what_cannot_be_compared(write, tmp_path):
    a = write("a", events(("AU12", 0.0, 0.5), end=None))
    b = write("b", events(("AU12", 0.0, 0.5), end=None))
    with pytest.raises(UsageError, match="expected a frame rate, got none"):
        evaluate_agreement(a, b)
    assert "give --end" in evaluate_agreement(a, b, fps=10).notes[0]
    assert evaluate_agreement(a, b, fps=10, end_seconds=2).aus["AU12"].frames == 20
    other = write("c", events(("AU12", 0.0, 0.5), fps=Fraction(50)))
    third = write("d", events(("AU12", 0.0, 0.5), fps=Fraction(30)))
    with pytest.raises(UsageError, match=r"expected one frame rate, got 50 in .* and 30 in"):
        evaluate_agreement(other, third)
    empty = write("e", events(end=1.0))
    with pytest.raises(BadTrackError, match="both looked for"):
        evaluate_agreement(empty, empty, fps=10)
    for options in ({"overlap": 0}, {"tolerance_ms": -1}, {"end_seconds": 0}, {"fps": "x"}):
        with pytest.raises(UsageError):
            evaluate_agreement(a, b, **options)


def test_coders_in_one_elan_file(tmp_path):
    pytest.importorskip("pympi")
    from tests.io.timelines.layouts import ELAN

    path = tmp_path / "two.eaf"
    path.write_text(ELAN.replace("AU12R@Ben", "AU12L@Ben"), encoding="utf-8")
    made = evaluate_agreement(path, path, fps=30, subject_a="Ann", subject_b="Ben", end_seconds=1)
    assert made.aus["AU12L"].events.onset_errors_seconds == pytest.approx((1 / 30,))
    assert made.aus["AU12L"].present_a - made.aus["AU12L"].present_b == 1
