from __future__ import annotations

import numpy as np
import pytest

from mien.motion.unit_confidence import bridged, unit_confidence

SHAPES = np.zeros((2, 468, 2))
SHAPES[0, :100, 1] = 0.5  # a tenth of a centimetre a unit
SHAPES[1, 100:200, 1] = 0.05
ALL = np.ones((3, 468))


def confidence(sure: np.ndarray = ALL, left_cm: float = 0.0, explained: float = 1.0) -> np.ndarray:
    return unit_confidence(
        SHAPES, sure, np.full(3, left_cm), np.full(3, explained), np.array([True, True, False])
    )


def test_what_is_followed_and_explained_is_sure() -> None:
    np.testing.assert_allclose(confidence(), [[1, 1], [1, 1], [0, 0]])
    np.testing.assert_allclose(confidence(0.5 * ALL, explained=0.5)[0], 0.25)


def test_unexplained_motion_counts_more_for_small_units() -> None:
    np.testing.assert_allclose(confidence(left_cm=0.01)[0], [1 / 1.01, 0.5], rtol=1e-5)


def test_a_covered_unit_is_not_measured() -> None:
    sure = ALL.copy()
    sure[1, :60] = 0  # 0.4 of the first unit is left, less than half
    sure[0, 100:130] = 0  # 0.7 of the second one, less than 0.8 of what is ever seen
    assert (confidence(sure) > 0).tolist() == [[True, False], [False, True], [False, False]]


def test_a_measured_unit_is_never_at_zero() -> None:
    assert confidence(left_cm=1e6)[0] == pytest.approx(0.001)


def test_gaps_are_bridged_in_time() -> None:
    values = np.array([[1.0, 5.0], [9.0, 6.0], [3.0, 7.0]])
    measured = np.array([[True, False], [False, False], [True, False]])
    result = bridged(values, measured, np.array([0.0, 0.1, 0.4]))
    np.testing.assert_allclose(result, [[1, 5], [1.5, 6], [3, 7]])
