from __future__ import annotations

import numpy as np

from mien.training.motion.placement import Placement, backward_motion, random_placements

STILL = Placement(np.eye(2), np.zeros(2))


def test_a_placement_moves_pictures_as_it_moves_points():
    picture = np.zeros((33, 33, 3), np.uint8)
    picture[16, 24] = 255
    place = Placement(np.array([[0.0, -1.0], [1.0, 0.0]]), np.array([0.0, 0.0]))
    row, column = np.argwhere(place.picture(picture)[..., 0] > 128)[0]
    own = (2 * np.array([24, 16]) + 1) / 33 - 1
    np.testing.assert_allclose((2 * np.array([column, row]) + 1) / 33 - 1, place.points(own))


def test_points_there_and_back():
    place, _ = random_placements(np.random.default_rng(0), size=1.0)
    points = np.random.default_rng(1).uniform(-1, 1, (5, 2))
    assert abs(place.points(points) - points).max() > 0.01
    np.testing.assert_allclose(place.back(place.points(points)), points, atol=1e-12)


def test_without_augmentation_nothing_is_placed_elsewhere():
    for place in random_placements(np.random.default_rng(0), size=0.0):
        np.testing.assert_array_equal(place.linear, np.eye(2))
        np.testing.assert_array_equal(place.shift, np.zeros(2))


def test_both_views_of_a_pair_are_close_together():
    pairs = [random_placements(np.random.default_rng(seed), size=1.0) for seed in range(50)]
    apart = np.mean([np.linalg.norm(one.shift - other.shift) for one, other in pairs])
    away = np.mean([np.linalg.norm(one.shift) for one, _ in pairs])
    assert apart < 0.2 * away


def test_a_constant_motion_and_a_shift_by_hand():
    to_source = np.zeros((8, 8, 2), np.float32)
    to_driving = np.full((8, 8, 2), [0.1, -0.05], np.float32)
    moved = backward_motion(to_source, to_driving, STILL, STILL)
    np.testing.assert_allclose(moved[2:-2, 2:-2], to_source[2:-2, 2:-2] - [0.1, -0.05], atol=1e-6)
    shifted = Placement(np.eye(2), np.array([0.0, 0.2]))
    moved = backward_motion(to_source, to_source, shifted, STILL)
    np.testing.assert_allclose(moved, np.broadcast_to([0.0, 0.2], (8, 8, 2)), atol=1e-6)
