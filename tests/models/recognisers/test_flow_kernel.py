from __future__ import annotations

import numpy as np
import pytest

from mien.models.recognisers.flow_kernel import (
    centred,
    features,
    kernel,
    median_scales,
    mirrored,
    part,
    squared_distances,
)


@pytest.fixture(scope="module")
def flow():
    return np.random.default_rng(0).integers(0, 256, (6, 28, 28, 3), dtype=np.uint8)


def test_a_mirror_turns_columns_and_flow_to_the_right(flow):
    turned = mirrored(flow)
    assert turned[0, 3, 0, 0] == 255 - flow[0, 3, 27, 0]
    assert (turned[0, 3, 0, 1:] == flow[0, 3, 27, 1:]).all()
    assert (mirrored(turned) == flow).all()


def test_scaling_of_a_channel_is_undone():
    """A motion of which min-max scaling took other zeros and sizes away looks nearly the same."""
    motion = np.zeros((28, 28))
    motion[8:12, 5:9], motion[20:24, 14:20] = 3, -1
    one = np.round((motion + 1) * 255 / 4)
    other = np.round((motion + 2) * 30)  # as if another part of the face had moved more
    maps = np.stack([one, other])[..., None].repeat(3, -1).astype(np.uint8)
    views = centred(maps)
    assert np.median(views[0, ..., 0]) == 0
    assert (views**2).mean((1, 2)) == pytest.approx(1, abs=1e-3)
    assert np.abs(views[0] - views[1]).max() < 0.05
    assert views[0, 9, 6, 0] == pytest.approx(-3 * views[0, 21, 15, 0], rel=0.02)


def test_pooled_views_mind_where_and_which_way(flow):
    spot = np.full((3, 28, 28, 3), 128, np.uint8)
    spot[0, 6:8, 6:8, 0] = 255
    spot[1, 7:9, 6:8, 0] = 255  # a pixel further
    spot[2, 6:8, 6:8, 0] = 0  # the other way
    maps, signs, _ = squared_distances(features(spot), features(spot))
    assert signs[0, 1] < 0.3 * signs[0, 2]
    assert maps[0, 1] / maps[0, 2] > signs[0, 1] / signs[0, 2]
    assert [view.shape for view in features(flow)] == [(6, 2352), (6, 294), (6, 392)]


def test_distances_and_kernel_are_by_hand():
    views = (np.array([[0.0, 0], [3, 4], [0, 1]]), np.array([[1.0], [1], [2]]))
    apart = squared_distances(views, views)
    assert np.allclose(apart[0], [[0, 25, 1], [25, 0, 18], [1, 18, 0]])
    assert np.allclose(apart[1], [[0, 0, 1], [0, 0, 1], [1, 1, 0]])
    assert median_scales(apart) == (1, 0)
    some = part(apart, np.array([0, 1]), np.array([2]))
    assert np.allclose(some[0], [[1], [18]])
    expected = (np.exp(-1 / 2) + np.exp(-1 / 4)) / 2
    assert kernel(some, (2.0, 4.0))[0, 0] == pytest.approx(expected)


def test_maps_that_are_all_alike_make_a_kernel():
    still = features(np.zeros((4, 28, 28, 3), np.uint8))
    among = squared_distances(still, still)
    assert (kernel(among, median_scales(among)) == 1).all()
