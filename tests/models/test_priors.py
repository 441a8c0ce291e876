from __future__ import annotations

import math

import pytest
import torch

from mien.models.priors import (
    AdaptiveWeightPrior,
    EqualWeightPrior,
    city_block_maps,
    equal_weight_prior,
    euclidean_maps,
    prior_layer,
)

CELL = 2 / 64
CENTRE = -1 + CELL * 30.5  # of column or row 30 on 64


def value(distance: float) -> float:
    return math.exp(-math.sqrt(distance) / (2 * 0.75**2))


def test_maps_by_hand():
    points = torch.tensor([[[CENTRE, CENTRE + 5 * CELL]]])  # x: column 30, y: row 35
    city, euclid = city_block_maps(points, 64, 64)[0, 0], euclidean_maps(points, 64, 64)[0, 0]
    for maps in (city, euclid):
        assert maps[35, 30] == pytest.approx(1, abs=1e-3)
        assert maps.argmax() == 35 * 64 + 30
        assert maps[0, 0] == 0, "below the mean"
    assert city[35 + 3, 30 + 4] == pytest.approx(value(7), rel=3e-3)
    assert euclid[35 + 3, 30 + 4] == pytest.approx(value(5), rel=3e-3)
    # Between pixels the nearest is the maximum by which all is divided.
    between = city_block_maps(points + torch.tensor([CELL / 4, 0.0]), 64, 64)[0, 0]
    assert between[35, 30] == pytest.approx(1, abs=1e-3)
    assert between[35, 31] == pytest.approx(value(0.75) / value(0.25), rel=3e-3)


def test_the_cut_is_each_map_s_own_mean():
    points = torch.tensor([[[CENTRE, CENTRE], [-0.9, 0.9]]])
    z = -1 + CELL * (torch.arange(64) + 0.5)
    for k, maps in enumerate(city_block_maps(points, 64, 64)[0]):
        x, y = points[0, k]
        whole = torch.exp(-(((z[:, None] - y).abs() + (z - x).abs()) * 32).sqrt() / 1.125)
        whole = whole / whole.max()
        kept = maps > 0
        assert whole[kept].min() >= whole.mean() > whole[~kept].max()


@pytest.mark.parametrize("maps_of", [city_block_maps, euclidean_maps])
def test_each_map_of_each_face_has_its_own_scale(maps_of):
    # One point at a pixel's centre, whose map would reach further than the other's between four pixels.
    points = torch.tensor(
        [[[CENTRE, CENTRE], [0.0, 0.0]], [[0.0, 0.5], [CENTRE, CENTRE + 20 * CELL]]]
    )
    together = maps_of(points, 64, 64)
    assert together.amax((-2, -1)).tolist() == [[1, 1], [1, 1]]
    for face in range(2):
        for k in range(2):
            alone = maps_of(points[face, k][None, None], 64, 64)[0, 0]
            torch.testing.assert_close(together[face, k], alone)


def test_a_map_that_is_the_same_everywhere_is_one_everywhere():
    assert euclidean_maps(torch.tensor([[[0.3, 0.1]]]), 1, 1).tolist() == [[[[1.0]]]]


def test_a_map_wider_than_high():
    points = torch.tensor([[[-1 + 0.25 * 2.5, -1 + 0.5 * 1.5]]])  # column 2 of 8, row 1 of 4
    for maps_of in (city_block_maps, euclidean_maps):
        maps = maps_of(points, 4, 8)[0, 0]
        assert maps.shape == (4, 8)
        assert maps.argmax() == 1 * 8 + 2


def test_equal_weight_is_the_sum_over_its_largest():
    points = torch.tensor([[[CENTRE, CENTRE], [CENTRE, CENTRE], [CENTRE + 20 * CELL, CENTRE]]])
    prior = equal_weight_prior(points, 64, 64)
    assert prior.shape == (1, 1, 64, 64)
    assert prior.max() == 1
    single = city_block_maps(points, 64, 64)[0]
    at_third = (1 + 2 * single[0, 30, 50]) / (2 + single[2, 30, 30])
    assert prior[0, 0, 30, 50] == pytest.approx(float(at_third), rel=3e-3)


def test_equal_weight_is_scaled_for_each_face():
    # In the second face one point, in the first two at one place: both reach 1.
    points = torch.tensor([[[CENTRE, CENTRE]] * 2, [[CENTRE, CENTRE], [0.9, -0.9]]])
    both = equal_weight_prior(points, 64, 64)
    assert both.amax((-2, -1)).tolist() == [[1], [1]]
    for face in range(2):
        torch.testing.assert_close(
            both[face : face + 1], equal_weight_prior(points[face : face + 1], 64, 64)
        )


def test_a_map_of_another_size_shows_the_same_place():
    points = torch.tensor([[[0.25, -0.5]]])
    large, small = (euclidean_maps(points, n, n)[0, 0] for n in (64, 32))
    # Both have a corner of pixels at the point; a distance counts in 64ths of the side in both.
    ratio = value(math.hypot(3, 1)) / value(math.hypot(1, 1))
    assert small[8, 21] == pytest.approx(ratio, rel=3e-3)
    assert large[16 + 0, 40 + 1] == pytest.approx(
        value(math.hypot(1.5, 0.5)) / value(math.hypot(0.5, 0.5)), rel=3e-3
    )


def test_priors_pass_gradients_to_points_even_on_a_pixel_s_centre():
    points = torch.tensor([[[CENTRE, CENTRE], [0.11, 0.07]]], requires_grad=True)
    learned = AdaptiveWeightPrior(2)
    (learned(points, 16, 16).sum() + equal_weight_prior(points, 64, 64).sum()).backward()
    assert points.grad is not None
    assert points.grad.isfinite().all()
    assert points.grad[0, 1].abs().min() > 0


def test_adaptive_weights_see_the_euclidean_distance():
    learned = AdaptiveWeightPrior(2)  # 2 to 1 to 1 channels
    with torch.no_grad():
        for each in learned.parameters():
            each.zero_()
        learned.mix[0].weight[0, 1, 1, 1] = 1  # passes the second point's map through
        learned.mix[1].weight[0, 0, 1, 1] = 1
        points = torch.tensor([[[-0.9, 0.9], [CENTRE, CENTRE]]])
        seen = learned(points, 64, 64)[0, 0]
    # 3 down and 4 across is 5 away, and 7 by blocks.
    assert seen[30 + 3, 30 + 4] == pytest.approx(value(5), rel=3e-3)
    assert seen[30, 30 + 7] == pytest.approx(value(7), rel=3e-3)


def test_adaptive_weights_are_two_convolutions():
    learned = AdaptiveWeightPrior(18)
    shapes = [tuple(p.shape) for p in learned.parameters()]
    assert shapes == [(9, 18, 3, 3), (9,), (1, 9, 3, 3), (1,)]
    assert learned(torch.zeros(2, 18, 2), 8, 8).shape == (2, 1, 8, 8)
    assert learned.mix[0].in_channels == AdaptiveWeightPrior().mix[0].in_channels == 18
    assert AdaptiveWeightPrior(1).mix[0].out_channels == 1


def test_the_layer_of_each_prior():
    points = torch.tensor([[[CENTRE, CENTRE], [0.1, 0.2]]])
    equal, adaptive = prior_layer("ewp", 2), prior_layer("awp", 2)
    assert isinstance(equal, EqualWeightPrior) and not list(equal.parameters())
    torch.testing.assert_close(equal(points, 64, 32), equal_weight_prior(points, 64, 32))
    assert isinstance(adaptive, AdaptiveWeightPrior) and adaptive.mix[0].in_channels == 2
