"""The published conventions, by numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from mien.errors import UsageError
from mien.models.conventions import CONVENTIONS
from mien.models.fomm import FommConfig, KeypointDetector, centres
from mien.models.layers import downsample, from_range, to_range
from mien.models.motion_config import MotionConfig
from mien.models.mraa import MraaConfig, RegionFinder
from mien.models.priors import city_block_maps, euclidean_maps, own_points
from mien.models.regions import covariance_root, transport
from mien.models.warping import gaussian_maps, identity_grid, local_displacements, warp

HOW = CONVENTIONS["published"]
CORNERS = CONVENTIONS["published-corners"]
LIKE = torch.zeros(1)


def test_the_outer_pixels_centres_are_the_edges():
    grid = identity_grid(2, 5, LIKE, HOW)
    assert grid[0, :, 0].tolist() == [-1, -0.5, 0, 0.5, 1]
    assert grid[:, 0, 1].tolist() == [-1, 1]


def test_maps_use_that_grid():
    points = torch.tensor([[[0.5, -1.0]]])
    even = gaussian_maps(points, 2, 5, 0.1, HOW)[0, 0]
    assert even[0, 3] == 1
    torch.testing.assert_close(even[0, 2], torch.exp(torch.tensor(-0.5 * 0.25 / 0.1)))
    twice = 2 * torch.eye(2)[None, None]
    moved = local_displacements(points, points, twice, 2, 5, HOW)[0, 0]
    torch.testing.assert_close(moved[1, 0], torch.tensor([-1.5, 2.0]))  # (z - p) once more
    heat = torch.zeros(1, 1, 2, 5)
    heat[0, 0, 1, 0] = 1
    assert centres(heat, HOW).tolist() == [[[-1, 1]]]


def test_a_still_picture_is_sampled_as_the_published_code_samples_it():
    row = torch.arange(1.0, 5).expand(1, 1, 4, 4)
    still = torch.zeros(1, 2, 4, 4)
    torch.testing.assert_close(warp(row, still, CORNERS), row)
    # Edges at -1 and 1: the grid's x of -1, -1/3, 1/3, 1 lies at the pixels -0.5, 5/6, 13/6, 3.5, and black is beyond.
    inner = warp(row, still, HOW)[0, 0, 1]
    torch.testing.assert_close(inner, torch.tensor([0.5, 1 + 5 / 6, 1 + 13 / 6, 2.0]))


def test_positions_are_resized_and_not_displacements():
    picture = torch.arange(4.0).expand(1, 1, 4, 4) + 1
    small = torch.zeros(1, 2, 2, 2)
    # Two positions, -1 and 1, brought to four: -1, -0.5, 0.5, 1; with corners at the pixels 0, 0.75, 2.25, 3.
    moved = warp(picture, small, CORNERS)[0, 0, 0]
    torch.testing.assert_close(moved, torch.tensor([1, 1.75, 3.25, 4.0]))


def test_the_filter_is_centred_on_a_block_s_first_pixel_with_a_black_border():
    impulse = torch.zeros(1, 1, 16, 16)
    impulse[0, 0, 6, 9] = 1
    taps = [math.exp(-(n**2) / (2 * 1.5**2)) for n in range(-6, 7)]
    total = sum(taps)
    small = downsample(impulse, 4, HOW)
    assert small.shape == (1, 1, 4, 4)
    for row in range(4):
        for column in range(4):
            away = abs(4 * row - 6), abs(4 * column - 9)
            value = math.prod(taps[6 + n] / total if n <= 6 else 0 for n in away)
            assert float(small[0, 0, row, column]) == pytest.approx(value, abs=1e-7)
    corner = downsample(torch.ones(1, 1, 16, 16), 4, HOW)[0, 0, 0, 0]
    assert float(corner) == pytest.approx((sum(taps[6:]) / total) ** 2, rel=1e-5)


def test_prior_maps_count_cells_from_one():
    # Pixel (60, 100) of 256 is at 2 x / 256 - 1, and lies at (15, 25) of 64: the cells 14 and 24 counted from 0.
    points = own_points(torch.tensor([[[121 / 256 - 1, 201 / 256 - 1]]]), 256, HOW)
    torch.testing.assert_close(points, torch.tensor([[[120 / 256 - 1, 200 / 256 - 1]]]))
    for maps_of, distance in ((city_block_maps, 7), (euclidean_maps, 5)):
        maps = maps_of(points, 64, 64, HOW)[0, 0]
        assert float(maps[24, 14]) == pytest.approx(1)
        value = math.exp(-math.sqrt(distance) / (2 * 0.75**2))
        assert float(maps[24 + 3, 14 + 4]) == pytest.approx(value, rel=1e-4)
    assert torch.equal(own_points(points, 256, CONVENTIONS["mien"]), points)


def test_regions_of_a_prior_are_not_normalised():
    points = torch.tensor([[[0.1, -0.2]]])
    config = MraaConfig(prior="awp", points=1, conventions="published", root="svd")
    found = RegionFinder(config)(torch.zeros(1, 3, 64, 64), points)
    maps = euclidean_maps(points, 64, 64, HOW)
    away = identity_grid(64, 64, LIKE, HOW)[None, None] - points[:, :, None, None]
    expected = (maps * away[..., 0].square()).sum()
    torch.testing.assert_close(found.covariance[0, 0, 0, 0], expected)
    torch.testing.assert_close(
        found.affine @ found.affine.transpose(-1, -2), found.covariance, rtol=1e-4, atol=1e-5
    )


def test_the_first_number_gives_the_sign():
    outer = torch.tensor([[[[-1.0, 0.0], [0.0, 5.0]]]])
    eye = torch.eye(2)[None, None]
    assert torch.equal(transport(outer, eye, HOW), -outer)
    assert torch.equal(transport(outer, eye), outer)  # the trace is 4


def test_the_decomposition_gives_the_longer_axis_first():
    axes = covariance_root(torch.tensor([[[[1.0, 0.0], [0.0, 9.0]]]]), "svd")[0, 0].abs()
    torch.testing.assert_close(axes, torch.tensor([[0.0, 1.0], [3.0, 0.0]]))


def test_pictures_are_between_zero_and_one_inside():
    assert to_range(torch.tensor([-1.0, 0, 1]), HOW).tolist() == [0, 0.5, 1]
    assert from_range(torch.tensor([0, 0.5, 1]), HOW).tolist() == [-1, 0, 1]


def test_fomm_s_maps_have_no_padding():
    config = FommConfig(detector_width=4, max_width=8, hourglass_blocks=2, conventions="published")
    assert KeypointDetector(config).heat_head.padding == (0, 0)


@pytest.mark.parametrize("wrong", [{"conventions": "theirs"}, {"square_cm": 0.0}])
def test_a_config_that_cannot_be(wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        MotionConfig(**wrong)
