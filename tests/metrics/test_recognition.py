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


def test_the_interval_comes_from_drawing_subjects():
    """Two subjects with one sample a class each; one way is always right.

    The other says 1, 2, 0 of the first subject's and 0, 2, 1 of the second's. Drawing the first twice it has a UF1 of
    0, the second twice 1/3 (one class right), each once (2 * 1 / (2 + 2)) / 3 = 1/6: gains of 1, 2/3 and 5/6. The first
    two come once in four draws each, so they are the ends of the interval.
    """
    label, fold = np.array([0, 1, 2, 0, 1, 2]), np.array([0, 0, 0, 1, 1, 1])
    gain = paired_gain(label, [label], [np.array([1, 2, 0, 0, 2, 1])], fold)
    assert gain.mean == pytest.approx(5 / 6)
    assert (gain.low, gain.high) == pytest.approx((2 / 3, 1))


def test_draws_are_two_thousand_and_seeded():
    rng = np.random.default_rng(1)
    fold, label = np.repeat(np.arange(15), 6), np.tile([0, 1, 2], 30)
    said = [np.where(rng.random(90) < share, (label + 1) % 3, label) for share in (0.2, 0.5)]
    gain = paired_gain(label, said[:1], said[1:], fold)
    assert gain == paired_gain(label, said[:1], said[1:], fold, draws=2000, seed=0)
    assert gain != paired_gain(label, said[:1], said[1:], fold, seed=1)
