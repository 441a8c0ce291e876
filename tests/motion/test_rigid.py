from __future__ import annotations

import numpy as np

from mien.face.portrait import Portrait
from mien.motion.rigid import RigidMotion


def test_a_rigid_motion_is_found_again(portrait: Portrait) -> None:
    rigid = RigidMotion(portrait.face)
    true = np.array([1.5, -0.7, 0.05, 0.03, 0.02, -0.04])
    moved = rigid.displacement_px(true)
    np.testing.assert_allclose(rigid.fit(moved, np.ones(468)), true, atol=1e-4)


def test_a_smile_does_not_move_the_head(portrait: Portrait) -> None:
    """A fifth of the face moves by itself: the rest still says how the head went."""
    rigid = RigidMotion(portrait.face)
    true = np.array([0.8, 0.4, 0.01, 0.0, 0.0, 0.0])
    moved = rigid.displacement_px(true)
    low = portrait.face.landmarks[:468, 1] > np.quantile(portrait.face.landmarks[:468, 1], 0.8)
    moved[low] += (0.0, -3.0)
    rest = moved - rigid.displacement_px(rigid.fit(moved, np.ones(468)))
    assert np.abs(rest[~low]).max() < 0.5
    assert np.median(rest[low, 1]) < -2.5


def test_unseen_vertices_say_nothing(portrait: Portrait) -> None:
    rigid = RigidMotion(portrait.face)
    moved = np.zeros((468, 2), np.float32)
    weights = np.ones(468)
    moved[:100], weights[:100] = 50.0, 0.0
    np.testing.assert_allclose(rigid.fit(moved, weights), 0, atol=1e-6)
    np.testing.assert_array_equal(rigid.fit(moved, np.zeros(468)), 0)
