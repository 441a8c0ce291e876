from __future__ import annotations

import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.motion.rigid import RigidMotion
from tests.faces import canonical_face


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


def test_a_real_turn_is_rigid() -> None:
    """A head that turns by 25 degrees and rolls by 15 leaves nothing behind."""
    face = canonical_face()
    rigid = RigidMotion(face)
    points = rigid.places_cm()
    yaw, roll = np.radians(25), np.radians(15)
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    moved = 10 * ((points @ (about_z @ about_y).T) - points)[:, :2]
    head = rigid.fit(moved.astype(np.float32), np.ones(468))
    assert np.abs(rigid.displacement_px(head) - moved).max() < 0.01
    assert head[4] / 10 == pytest.approx(yaw, abs=1e-3)
    # A small motion of the skin turns with the head.
    step = np.array([0.1, 0.0, 0.0])
    seen = 10 * (about_z @ about_y @ step)[:2]
    np.testing.assert_allclose(rigid.skin(head) @ (10 * step[:2]), seen, atol=0.01)
    # One centimetre more depth, seen on the unmoved head.
    deeper = 10 * (about_z @ about_y @ np.array([0, 0, 1.0]))[:2]
    np.testing.assert_allclose(rigid.skin(head) @ (10 * rigid.depth_shift(head)), deeper, atol=0.05)


def test_nonsense_stays_finite() -> None:
    rigid = RigidMotion(canonical_face())
    moved = np.random.default_rng(0).normal(0, 300, (468, 2)).astype(np.float32)
    for start in (None, np.full(6, 1e4)):
        assert np.isfinite(rigid.fit(moved, np.ones(468), start)).all()


def test_a_start_that_is_near_leads_to_the_same(portrait: Portrait) -> None:
    rigid = RigidMotion(portrait.face)
    true = np.array([1.5, -0.7, 0.05, 0.03, 0.02, -0.04])
    moved = rigid.displacement_px(true)
    np.testing.assert_allclose(rigid.fit(moved, np.ones(468), 0.9 * true), true, atol=1e-4)
