from __future__ import annotations

import numpy as np
import pytest

from mien.metrics.recognition import confusion, paired_gain, uar, uf1


def test_uf1_and_uar_by_hand():
    counts = confusion(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2]))
    assert counts.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert uf1(counts) == pytest.approx((4 / 5 + 1 / 2 + 2 / 3) / 3)
    assert uar(counts) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_a_class_that_is_absent_counts_zero():
    # Two classes of three, all of them told apart: (1 + 1 + 0) / 3.
    counts = confusion(np.array([0, 1, 1]), np.array([0, 1, 1]))
    assert uf1(counts) == pytest.approx(2 / 3)
    assert uar(counts) == pytest.approx(2 / 3)


def test_many_confusions_at_once():
    counts = np.array([np.diag([2, 2, 2]), [[0, 2, 0], [0, 2, 0], [2, 0, 0]]])
    # The second: F1 0, 2 * 2 / (2 + 4), 0; recalls 0, 1, 0.
    assert uf1(counts) == pytest.approx([1, (2 / 3) / 3])
    assert uar(counts) == pytest.approx([1, 1 / 3])


def test_gain_is_paired_and_averages_seeds():
    rng = np.random.default_rng(0)
    fold, label = np.repeat(np.arange(20), 6), np.tile([0, 1, 2], 40)
    worse = [np.where(rng.random(120) < 0.4, (label + 1) % 3, label) for _ in range(3)]
    same = paired_gain(label, worse, worse, fold)
    assert (same.mean, same.low, same.high) == (0, 0, 0)
    gain = paired_gain(label, [label], worse, fold)
    expected = 1 - np.mean([uf1(confusion(label, said)) for said in worse])
    assert gain.mean == pytest.approx(expected)
    assert 0 < gain.low < gain.mean < gain.high
