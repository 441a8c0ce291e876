from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.metrics.frechet import frechet_distance, frechet_of_gaussians


def test_gaussians_along_the_axes():
    # Independent axes: (m - m')^2 + (s - s')^2 each, here 3^2 + (1 - 2)^2 and 4^2 + (2 - 3)^2.
    a, b = np.diag([1.0, 4.0]), np.diag([4.0, 9.0])
    assert frechet_of_gaussians(np.zeros(2), np.array([3.0, 4.0]), a, b) == pytest.approx(27)


def test_covariances_that_do_not_commute():
    # For 2 x 2 matrices tr sqrt(AB) = sqrt(tr AB + 2 sqrt(det AB)): here AB = [[2, 1], [4, 8]].
    a, b = np.array([[1.0, 0.0], [0.0, 4.0]]), np.array([[2.0, 1.0], [1.0, 2.0]])
    wanted = 5 + 4 - 2 * np.sqrt(10 + 2 * np.sqrt(12))
    assert frechet_of_gaussians(np.zeros(2), np.zeros(2), a, b) == pytest.approx(wanted)
    assert frechet_of_gaussians(np.zeros(2), np.zeros(2), b, a) == pytest.approx(wanted)


def test_singular_covariances_stay_real():
    flat = np.array([[1.0, 1.0], [1.0, 1.0]])
    assert frechet_of_gaussians(np.zeros(2), np.zeros(2), flat, flat) == pytest.approx(0, abs=1e-7)
    assert frechet_of_gaussians(np.zeros(2), np.zeros(2), flat, 0 * flat) == pytest.approx(2)


def test_vectors():
    # One dimension: means 1 and 7, unbiased variances 2 and 8.
    a, b = np.array([[0.0], [2.0]]), np.array([[5.0], [9.0]])
    assert frechet_distance(a, b) == pytest.approx(36 + (np.sqrt(8) - np.sqrt(2)) ** 2)
    rng = np.random.default_rng(0)
    many = rng.normal(size=(40, 5))
    assert frechet_distance(many, many) == pytest.approx(0, abs=1e-7)
    assert frechet_distance(many, many + np.array([2, 0, 0, 0, 0])) == pytest.approx(4)
    assert frechet_distance(many, 3 * many) == pytest.approx(
        (4 * many.mean(0) ** 2).sum() + 4 * many.var(0, ddof=1).sum()
    )


def test_too_few_vectors_are_refused():
    with pytest.raises(UsageError, match="two vectors or more in each set, got 1 and 3"):
        frechet_distance(np.zeros((1, 2)), np.zeros((3, 2)))
    with pytest.raises(UsageError, match="of one length, got 2 and 3"):
        frechet_distance(np.zeros((2, 2)), np.zeros((2, 3)))
