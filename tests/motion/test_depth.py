from __future__ import annotations

import numpy as np

from mien.face.mesh import VERTEX_COUNT, canonical_vertices
from mien.motion.depth import remove_depth_motion
from mien.motion.rigid import RigidMotion
from tests.faces import canonical_face

FRAMES = 50


def nod() -> tuple[RigidMotion, np.ndarray, np.ndarray, np.ndarray]:
    """A nod of 20 degrees, its times, and what one centimetre of depth seems to move (50, 2)."""
    rigid = RigidMotion(canonical_face())
    heads = np.zeros((FRAMES, 6))
    heads[:, 5] = 10 * np.radians(20) * np.sin(2 * np.pi * np.arange(FRAMES) / 25)
    shift = np.stack([rigid.depth_shift(head) for head in heads])
    return rigid, heads, np.arange(FRAMES) / 25, shift


def test_motion_of_a_deeper_face_is_removed() -> None:
    rigid, heads, times, shift = nod()
    depth = 0.15 * np.cos(canonical_vertices()[:, 1].astype(np.float64) / 2.5)
    field = (shift[:, None] * depth[:, None]).astype(np.float32)
    sure = np.ones((FRAMES, VERTEX_COUNT), np.float32)
    left = field.copy()
    remove_depth_motion(left, sure, np.ones(FRAMES, bool), heads, times, rigid)
    assert left.std() < 0.6 * field.std()


def test_an_expression_with_each_nod_stays() -> None:
    """A lip corner rises by half a centimetre with each nod."""
    rigid, heads, times, shift = nod()
    places = canonical_vertices().astype(np.float64)
    near = np.exp(-((places - places[61]) ** 2).sum(1) / 2)
    field = np.zeros((FRAMES, VERTEX_COUNT, 2), np.float32)
    field[..., 1] = -0.5 * np.abs(shift[:, 1:]) / np.abs(shift).max() * near
    sure = np.ones((FRAMES, VERTEX_COUNT), np.float32)
    left = field.copy()
    remove_depth_motion(left, sure, np.ones(FRAMES, bool), heads, times, rigid)
    assert np.abs(left - field).max() < 0.1


def test_a_head_that_does_not_turn_has_no_depth() -> None:
    rigid, heads, times, _ = nod()
    field = np.random.default_rng(0).normal(0, 0.1, (FRAMES, VERTEX_COUNT, 2)).astype(np.float32)
    sure = np.ones((FRAMES, VERTEX_COUNT), np.float32)
    left = field.copy()
    remove_depth_motion(left, sure, np.ones(FRAMES, bool), 0 * heads, times, rigid)
    np.testing.assert_array_equal(left, field)


def test_frames_that_were_not_measured_do_not_count() -> None:
    """The last frames are on a line between others, so they show no depth."""
    rigid, heads, times, _ = nod()
    rng = np.random.default_rng(0)
    field = rng.normal(0, 0.05, (FRAMES, VERTEX_COUNT, 2)).astype(np.float32)
    shown = np.arange(FRAMES) < 30
    sure = rng.random((FRAMES, VERTEX_COUNT), np.float32)
    one, other = field.copy(), field.copy()
    remove_depth_motion(one, sure, shown, heads, times, rigid)
    remove_depth_motion(other, sure * shown[:, None], np.ones(FRAMES, bool), heads, times, rigid)
    np.testing.assert_array_equal(one, other)
    assert np.abs(one - field).max() > 1e-4
