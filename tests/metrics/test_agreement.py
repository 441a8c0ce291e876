from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.metrics.agreement import cohen_kappa, match_events, overlap, tolerant_kappa


def coded(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> tuple[np.ndarray, np.ndarray]:
    first = np.repeat([True, True, False, False], [yes_yes, yes_no, no_yes, no_no])
    second = np.repeat([True, False, True, False], [yes_yes, yes_no, no_yes, no_no])
    return first, second


def test_published_examples_of_kappa():
    # Observed agreement 0.7, by chance 0.5: the example of 50 grant proposals that textbooks and Wikipedia give.
    assert cohen_kappa(*coded(20, 5, 10, 15)) == pytest.approx(0.4)
    # Two tables with the same agreement of 0.6 and different margins, from the same source.
    assert cohen_kappa(*coded(45, 15, 25, 15)) == pytest.approx(0.1304, abs=1e-4)
    assert cohen_kappa(*coded(25, 35, 5, 35)) == pytest.approx(0.2593, abs=1e-4)


def test_kappa_is_scikit_learn_s():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    for share in (0.05, 0.3, 0.5, 0.9):
        first, second = rng.random(400) < share, rng.random(400) < share
        second = np.where(rng.random(400) < 0.6, first, second)
        assert cohen_kappa(first, second) == pytest.approx(metrics.cohen_kappa_score(first, second))
        assert tolerant_kappa(first, second, 0) == pytest.approx(cohen_kappa(first, second))


def test_kappa_of_constant_codings():
    yes, no = np.ones(5, bool), np.zeros(5, bool)
    assert np.isnan(cohen_kappa(no, no)) and np.isnan(cohen_kappa(yes, yes))
    assert cohen_kappa(yes, no) == 0
    with pytest.raises(UsageError):
        cohen_kappa(yes, no[:4])
    with pytest.raises(UsageError):
        cohen_kappa(yes[:0], no[:0])


def test_tolerance_forgives_boundaries_and_nothing_else():
    first = np.zeros(60, bool)
    first[10:20] = True
    late = np.roll(first, 2)
    assert cohen_kappa(first, late) < 1
    assert tolerant_kappa(first, late, 1) < 1
    assert tolerant_kappa(first, late, 2) == 1
    twice = first.copy()
    twice[40:50] = True  # an event that the other does not have at all
    assert cohen_kappa(first, twice) < tolerant_kappa(first, twice, 2) < 0.8
    # By hand: with one frame of tolerance, the second coder's 1 at frame 3 counts as the first's 0, and so on.
    a, b = np.array([0, 1, 1, 0, 0, 0], bool), np.array([0, 0, 1, 1, 0, 0], bool)
    assert tolerant_kappa(a, b, 1) == 1


def test_overlap():
    assert overlap((0, 1), (0.5, 1.5)) == pytest.approx(1 / 3)
    assert overlap((0, 1), (2, 3)) == 0 and overlap((1, 1), (1, 1)) == 1


def test_matched_events():
    first = [(0.0, 1.0), (2.0, 3.0), (5.0, 5.2)]
    second = [(0.1, 1.1), (2.6, 3.6), (5.15, 5.35)]
    score = match_events(first, second)
    assert (score.first, score.second, score.matched) == (3, 3, 1)
    assert score.f1 == pytest.approx(1 / 3)
    assert score.onset_errors_seconds == pytest.approx((0.1,))
    near = match_events(first, second, tolerance_seconds=0.15)
    assert near.matched == 2 and near.offset_errors_seconds == pytest.approx((0.1, 0.15))
    assert match_events(first, second, least_overlap=0.1).matched == 3


def test_as_many_pairs_as_possible():
    # The best overlap alone would pair (0, 10) with (0, 10) and leave the others without a partner.
    first, second = [(0.0, 10.0), (0.0, 6.0)], [(0.0, 10.0), (4.5, 10.0)]
    assert match_events(first, second, least_overlap=0.5).matched == 2


def test_no_events():
    assert np.isnan(match_events([], []).f1)
    assert match_events([(0.0, 1.0)], []).f1 == 0
