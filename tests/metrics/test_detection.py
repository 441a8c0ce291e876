"""AUC, F1 and MCC against examples that are worked out by hand, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from mien.metrics.detection import auc, best_threshold, f1, mcc

SCORES = np.array([0.1, 0.4, 0.35, 0.8])
POSITIVE = np.array([False, False, True, True])


def test_worked_out() -> None:
    assert auc(SCORES, POSITIVE)[0] == 0.75  # three of four pairs are in order
    assert auc(np.array([1.0, 1, 2]), np.array([False, True, True]))[0] == 0.75  # a tie is half
    assert np.isnan(auc(SCORES, np.zeros(4, bool))[0])
    found = np.array([True, False, True, True])
    assert f1(found, POSITIVE) == pytest.approx(4 / 5)
    # TP 2, TN 1, FP 1, FN 0: (2 - 0) / sqrt(3 * 2 * 2 * 1)
    assert mcc(found, POSITIVE) == pytest.approx(2 / 12**0.5)
    assert mcc(np.ones(4, bool), POSITIVE) == 0 and f1(np.zeros(4, bool), POSITIVE) == 0


def test_a_sample_that_counts_twice_is_a_sample_twice() -> None:
    times = np.array([[2, 1, 0, 1], [1, 1, 1, 1]])
    twice = np.repeat(np.arange(4), times[0])
    drawn = auc(SCORES, POSITIVE, times)
    assert drawn[0] == auc(SCORES[twice], POSITIVE[twice])[0] == 1 and drawn[1] == 0.75


def test_the_best_threshold_lies_between_scores() -> None:
    assert best_threshold(SCORES, POSITIVE) == pytest.approx((0.1 + 0.35) / 2)
    assert best_threshold(np.array([0.0, 1, 1]), np.array([False, False, True])) == 0.5
    assert best_threshold(np.array([3.0, 4]), np.array([True, True])) == 3
    assert best_threshold(SCORES, np.zeros(4, bool)) == np.inf


def test_as_scikit_learn_has_it() -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    for _ in range(20):
        positive = rng.random(40) < 0.3
        positive[:2] = True, False
        scores = np.round(rng.normal(positive, 1), 1)
        found = scores >= best_threshold(scores, positive)
        assert auc(scores, positive)[0] == pytest.approx(sklearn.roc_auc_score(positive, scores))
        assert f1(found, positive) == pytest.approx(sklearn.f1_score(positive, found))
        assert mcc(found, positive) == pytest.approx(sklearn.matthews_corrcoef(positive, found))
        every = [sklearn.f1_score(positive, scores >= t) for t in np.unique(scores)]
        assert f1(found, positive) == pytest.approx(max(every))
