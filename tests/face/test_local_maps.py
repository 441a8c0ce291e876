from __future__ import annotations

import numpy as np

from mien.face.local_maps import local_maps


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
