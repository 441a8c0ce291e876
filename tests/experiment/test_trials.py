from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from mien.au.presets import PRESETS, preset
from mien.experiment.design import Design
from mien.experiment.on_frames import on_frames, with_one_apex
from mien.experiment.showing import showing_of
from mien.experiment.trials import random_order

ALL = list(product(("ann", "bob", "eve"), ("anger", "fear", "joy", "neutral"), range(3)))


def order(seed: int) -> list[tuple[str, str, int]]:
    rng = np.random.default_rng(seed)
    return random_order(ALL, lambda each: each[1], lambda each: each[0], rng)


def test_orders_are_random_and_the_same_for_the_same_seed() -> None:
    assert order(1) == order(1) != order(2)
    assert sorted(order(1)) == sorted(ALL)


def test_no_face_twice_in_a_row_and_no_answer_three_times() -> None:
    for seed in range(20):
        made = order(seed)
        assert all(a[0] != b[0] for a, b in pairwise(made))
        answers = [each[1] for each in made]
        assert not any(len(set(answers[i : i + 3])) == 1 for i in range(len(answers) - 2))


@pytest.mark.parametrize(
    ("faces", "answers", "times"), [(2, 2, 4), (3, 2, 2), (3, 3, 2), (3, 7, 2)]
)
def test_small_studies_have_no_repeats_either(faces: int, answers: int, times: int) -> None:
    trials = [
        (f"f{f}", f"a{a}") for f in range(faces) for a in range(answers) for _ in range(times)
    ]
    for seed in range(40):
        rng = np.random.default_rng(seed)
        made = random_order(trials, lambda each: each[1], lambda each: each[0], rng)
        assert sorted(made) == sorted(trials)
        assert all(a[0] != b[0] for a, b in pairwise(made))


def test_answers_come_early_and_late_alike() -> None:
    places = [[i for i, each in enumerate(order(seed)) if each[1] == "joy"] for seed in range(60)]
    assert np.mean(places) == pytest.approx((len(ALL) - 1) / 2, abs=1.2)


def test_one_face_is_no_reason_to_stop() -> None:
    same = [("ann", answer, 0) for answer in ("anger", "anger", "anger")]
    rng = np.random.default_rng(0)
    assert random_order(same, lambda each: each[1], lambda each: each[0], rng) == same


def design(**values: object) -> Design:
    given = {"portraits": Path("people"), "expressions": ("anger", "fear")} | values
    return Design(**given)  # type: ignore[arg-type]


def test_a_clip_moves_between_the_neutral_face() -> None:
    showing = showing_of(design(durations_ms=(100.0,)), 100, 3, 7)
    assert showing.steps == ((0, 30), *((n, 1) for n in range(1, 7)), (6, 30))
    assert (showing.first, showing.last, showing.expression_frames, showing.frames) == (1, 6, 6, 66)


def test_a_still_apex_stands_between_the_neutral_face() -> None:
    showing = showing_of(design(form="jacbart", durations_ms=(50.0,)), 50, 14, 31)
    assert showing.steps == ((0, 60), (14, 3), (0, 60))
    assert (showing.first, showing.expression_frames) == (1, 3)


def test_a_mask_follows_the_movement_at_once() -> None:
    masked = design(mask="noise", mask_ms=100.0, durations_ms=(100.0,))
    showing = showing_of(masked, 100, 3, 7 + 6)
    assert showing.steps == ((0, 30), *((n, 1) for n in range(1, 7)), (7, 6))
    assert (showing.last, showing.expression_frames) == (6, 6)


def test_a_clip_without_a_neutral_face_is_as_long() -> None:
    showing = showing_of(design(neutral_ms=0.0, durations_ms=(100.0,)), 100, 3, 7)
    assert showing.steps == tuple((n, 1) for n in range(1, 7))
    assert (showing.first, showing.last, showing.expression_frames) == (0, 5, 6)


def test_a_mask_follows_the_apex() -> None:
    masked = design(form="bart", mask="noise", mask_ms=100.0, durations_ms=(50.0,))
    showing = showing_of(masked, 50, 14, 31 + 6)
    assert showing.steps == ((14, 3), (31, 6))
    assert (showing.first, showing.last) == (0, 0)


@pytest.mark.parametrize("frames", [3, 6, 12])
@pytest.mark.parametrize("name", PRESETS)
def test_the_apex_is_shown_at_full_intensity(name: str, frames: int) -> None:
    moved = on_frames(preset(name, "C").with_duration(frames / 60), 60)
    track = moved.track(60)
    assert len(track) == frames + 1
    np.testing.assert_allclose(track.values[[0, -1]], 0, atol=1e-6)
    for envelope in moved.envelopes:
        column = track.names.index(envelope.au)
        assert track.values[:, column].max() == pytest.approx(envelope.peak_intensity, abs=1e-5)
    assert track.values.max() == pytest.approx(3, abs=1e-5)


@pytest.mark.parametrize("name", PRESETS)
def test_a_still_apex_shows_all_aus_fully(name: str) -> None:
    moved = on_frames(with_one_apex(preset(name, "C").with_duration(0.5)), 60)
    track = moved.track(60)
    apex = round((moved.apex_seconds + moved.apex_end_seconds) / 2 * 60)
    np.testing.assert_allclose(track.values[apex], track.values.max(0), atol=1e-5)
