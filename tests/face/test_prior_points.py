from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.face import mesh
from mien.face.prior_points import (
    PAPER_POINT_COUNT,
    in_pixels,
    normalised,
    paper_mirror,
    paper_points,
    prior_points,
    spread_vertices,
)


def test_the_published_points_and_their_shifts():
    points = np.zeros((468, 2))
    points[133], points[362] = (10, 5), (16, 7)  # inner eye corners: d = 6 in x
    points[98], points[327], points[144], points[373] = (1, 2), (3, 4), (5, 6), (7, 8)
    points[61], points[291] = (9, 10), (11, 12)
    points[105], points[91] = (13, 14), (15, 16)
    made = paper_points(points)
    assert made.shape == (PAPER_POINT_COUNT, 2) == (18, 2)
    expected = {0: (13, 14), 4: (5, 6), 6: (7, 8), 7: (9, 10), 8: (11, 12), 11: (15, 16)}
    expected |= {12: (-2, 2), 13: (6, 4), 14: (5, 9), 15: (7, 11), 16: (6, 10), 17: (14, 12)}
    for place, point in expected.items():
        np.testing.assert_array_equal(made[place], point)


def test_the_published_points_are_symmetric_on_the_canonical_face():
    points = paper_points(mesh.canonical_vertices())
    np.testing.assert_allclose(points[paper_mirror()] * [-1, 1], points, atol=1e-6)
    assert points.dtype == np.float32
    assert np.abs(points[:, 0]).max() < 7.75, "no point leaves the face"


def test_points_of_a_clip_come_at_once():
    clip = np.stack([mesh.canonical_vertices(), 2 * mesh.canonical_vertices()])
    np.testing.assert_allclose(paper_points(clip)[1], 2 * paper_points(clip[0]), rtol=1e-6)
    np.testing.assert_array_equal(prior_points(clip, 7)[1], clip[1, list(spread_vertices(7)), :2])
    np.testing.assert_array_equal(prior_points(clip), paper_points(clip))


@pytest.mark.parametrize("count", [1, 2, 18, 64, 128, 234, 467, 468])
def test_spread_vertices_are_symmetric_and_as_many_as_asked_for(count: int):
    chosen = spread_vertices(count)
    assert len(set(chosen)) == len(chosen) == count
    if count > 2:  # no two vertices of the midline are twins
        assert {int(v) for v in mesh.mirror_index()[list(chosen)]} == set(chosen)


def test_spread_vertices_are_spread():
    face = mesh.canonical_vertices()
    chosen = face[list(spread_vertices(64))]
    between = np.linalg.norm(chosen[:, None] - chosen[None], axis=2) + 99 * np.eye(64)
    to_nearest = np.linalg.norm(face[:, None] - chosen[None], axis=2).min(1)
    by_number = face[np.linspace(0, 467, 64).astype(int)]
    to_numbered = np.linalg.norm(face[:, None] - by_number[None], axis=2).min(1)
    assert to_nearest.max() < 1.8 < to_numbered.max()
    assert np.median(between.min(1)) > 1.2
    assert spread_vertices(64)[:17] == spread_vertices(17)


@pytest.mark.parametrize("count", [0, 469])
def test_more_points_than_the_mesh_has_are_refused(count: int):
    with pytest.raises(UsageError, match="1 to 468"):
        spread_vertices(count)


def test_normalised_coordinates_run_from_edge_to_edge():
    points_px = np.array([[-0.5, 127.5], [63.5, 0]])
    np.testing.assert_allclose(normalised(points_px, 128), [[-1, 1], [0, 1 / 128 - 1]])
    np.testing.assert_allclose(in_pixels(normalised(points_px, 128), 128), points_px)
