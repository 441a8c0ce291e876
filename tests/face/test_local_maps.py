from __future__ import annotations

import numpy as np

from mien.face.local_maps import local_maps, local_motions


def grid(side: int) -> np.ndarray:
    return np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, side)]), -1).reshape(-1, 2)


def test_a_linear_motion_is_found_but_for_the_ridge() -> None:
    vertices = grid(21)
    slope = np.array([[0.1, -0.02], [0.05, -0.08]])
    still, moved = local_maps(
        np.zeros((1, 2)), vertices, np.stack([0 * vertices + 0.3, vertices @ slope.T]), 0.3
    )[:, 0]
    assert np.allclose(still, np.eye(2), atol=1e-6)
    # The ridge is a twentieth of the Gaussian's variance: 1 / 1.05 of the slope is left.
    assert np.allclose(moved - np.eye(2), slope / 1.05, rtol=0.01)


def test_only_what_is_near_counts() -> None:
    vertices = grid(21)
    right = np.where(vertices[:, :1] > 0, 1.0, 0.0) * vertices
    maps = local_maps(np.array([[-0.6, 0.0], [0.6, 0.0]]), vertices, right[None], 0.1)[0]
    assert np.allclose(maps[0], np.eye(2), atol=1e-3)
    assert np.allclose(maps[1] - np.eye(2), np.eye(2) / 1.05, atol=0.03)


def test_the_motion_of_a_neighbourhood_is_its_shift_and_its_slopes() -> None:
    rng = np.random.default_rng(0)
    vertices = rng.uniform(-1, 1, (400, 2))
    linear, shift = np.array([[0.02, -0.05], [0.04, 0.01]]), np.array([0.3, -0.2])
    points = np.array([[0.1, 0.0], [-0.2, 0.3]])
    moved = vertices @ linear.T + shift
    found = local_motions(points, vertices, np.stack([0 * moved, moved]), 0.5)
    assert not found[0].any()
    # The ridge shrinks the slopes by up to a tenth.
    assert np.allclose(found[1, ..., 0], points @ linear.T + shift, atol=0.01)
    assert np.allclose(found[1, ..., 1:], linear, atol=0.006)
    assert np.allclose(
        local_maps(points, vertices, moved[None], 0.5), np.eye(2) + found[1:, ..., 1:]
    )
