from __future__ import annotations

import numpy as np
import pytest

from mien.engines.motion_net.point_fit import SHIFT, STRETCH, PointFit

POINTS, VERTICES, FRAMES = 3, 40, 5


class LinearNet:
    """Moves the vertices by a linear function of the points' motion; it does not see the last point."""

    def __init__(self) -> None:
        self.response = np.random.default_rng(0).normal(size=(6 * POINTS, 2 * VERTICES))
        self.response[[4, 5, 14, 15, 16, 17]] = 0
        self.calls = 0

    def __call__(self, shift: np.ndarray, stretch: np.ndarray) -> np.ndarray:
        self.calls += 1
        numbers = np.concatenate(
            [shift.reshape(len(shift), -1), stretch.reshape(len(shift), -1)], 1
        )
        return (numbers @ self.response).reshape(-1, VERTICES, 2)


def motion(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shift = SHIFT * rng.normal(size=(FRAMES, POINTS, 2))
    return shift.astype(np.float32), (STRETCH * rng.normal(size=(FRAMES, POINTS, 2, 2))).astype(
        np.float32
    )


def test_points_move_so_that_the_network_moves_the_vertices_as_wanted():
    net = LinearNet()
    fit = PointFit(POINTS, net)
    wanted, measured = net(*motion(1)), motion(2)
    before = np.linalg.norm(net(*measured) - wanted)
    assert np.linalg.norm(net(*fit.fitted(*measured, wanted)) - wanted) < 0.5 * before


def test_points_stay_as_measured_where_the_network_is_right_or_does_not_answer():
    net = LinearNet()
    fit = PointFit(POINTS, net)
    shift, stretch = motion(1)
    same, same_stretch = fit.fitted(shift, stretch, net(shift, stretch))
    np.testing.assert_allclose(same, shift, atol=1e-6)
    np.testing.assert_allclose(same_stretch, stretch, atol=1e-6)
    other, other_stretch = fit.fitted(shift, stretch, net(*motion(2)))
    np.testing.assert_allclose(other[:, -1], shift[:, -1], atol=1e-6)
    np.testing.assert_allclose(other_stretch[:, -1], stretch[:, -1], atol=1e-6)
    assert np.abs(other[:, 0] - shift[:, 0]).max() > 0.1 * SHIFT


def test_the_network_is_asked_only_once():
    net = LinearNet()
    fit = PointFit(POINTS, net)
    for seed in range(3):
        fit.fitted(*motion(seed), net(*motion(9)))
    assert net.calls == 1 + 3  # one by the fit, three by the test


def test_a_network_that_never_answers_leaves_the_points_as_measured():
    fit = PointFit(POINTS, lambda shift, stretch: np.zeros((len(shift), VERTICES, 2)))
    shift, stretch = motion(1)
    found, found_stretch = fit.fitted(shift, stretch, np.ones((FRAMES, VERTICES, 2)))
    assert found == pytest.approx(shift)
    assert found_stretch == pytest.approx(stretch)


def test_no_motion_stays_exactly_no_motion():
    fit = PointFit(POINTS, LinearNet())
    still = np.zeros((1, POINTS, 2)), np.zeros((1, POINTS, 2, 2))
    shift, stretch = fit.fitted(*still, np.zeros((1, VERTICES, 2)))
    assert not shift.any()
    assert not stretch.any()
