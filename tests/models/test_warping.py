from __future__ import annotations

import pytest
import torch

from mien.models.layers import Hourglass, downsample
from mien.models.warping import (
    compose,
    gaussian_maps,
    identity_grid,
    inverse_2x2,
    local_displacements,
    warp,
)

LIKE = torch.zeros(1)


def test_the_grid_holds_the_pixels_centres():
    grid = identity_grid(2, 4, LIKE)
    assert grid[0, :, 0].tolist() == [-0.75, -0.25, 0.25, 0.75]
    assert grid[:, 0, 1].tolist() == [-0.5, 0.5]


def test_gaussians_by_hand():
    points = torch.tensor([[[-0.25, 0.5]]])
    even = gaussian_maps(points, 2, 4, 0.1)[0, 0]
    assert even[1, 1] == 1
    torch.testing.assert_close(even[1, 2], torch.exp(torch.tensor(-0.5 * 0.25 / 0.1)))
    long = gaussian_maps(points, 2, 4, torch.tensor([[[[0.4, 0.0], [0.0, 0.1]]]]))[0, 0]
    torch.testing.assert_close(long[1, 2], torch.exp(torch.tensor(-0.5 * 0.25 / 0.4)))
    torch.testing.assert_close(long[0, 1], torch.exp(torch.tensor(-0.5 * 1.0 / 0.1)))


def test_2x2_algebra_is_linear_algebra_s():
    a, b = torch.randn(2, 3, 4, 2, 2, generator=torch.Generator().manual_seed(0)).double()
    torch.testing.assert_close(inverse_2x2(a), torch.linalg.inv(a))
    torch.testing.assert_close(compose(a, b), a @ b)


def test_a_local_motion_is_its_affine_map():
    source, driving = torch.tensor([[[0.3, -0.2]]]), torch.tensor([[[0.1, 0.4]]])
    linear = torch.tensor([[[[1.1, 0.2], [-0.3, 0.8]]]])
    moved = local_displacements(source, driving, linear, 4, 4)[0, 0]
    z = identity_grid(4, 4, source)
    expected = source[0] + (z - driving[0, 0]) @ linear[0, 0].T - z
    torch.testing.assert_close(moved, expected)


def test_a_warp_shifts_by_whole_pixels_and_rests_at_zero():
    picture = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    rest = torch.zeros(1, 2, 2, 2)
    torch.testing.assert_close(warp(picture, rest), picture, atol=1e-5, rtol=0)
    shift = torch.zeros(1, 2, 2, 2)
    shift[:, 0] = 2 * 2 / 8  # two pixels: it shows what lies to the right
    moved = warp(picture, shift)
    torch.testing.assert_close(moved[..., :6], picture[..., 2:], atol=1e-5, rtol=0)
    torch.testing.assert_close(moved[..., 6], picture[..., 7], atol=1e-5, rtol=0)


@pytest.mark.parametrize("factor", [2, 4])
def test_a_smaller_picture_lies_where_the_picture_lay(factor: int):
    ramp = identity_grid(32, 32, LIKE).movedim(-1, 0)[None]
    small = downsample(ramp, factor)
    expected = identity_grid(32 // factor, 32 // factor, LIKE).movedim(-1, 0)[None]
    inner = slice(1, -1)
    torch.testing.assert_close(small[..., inner, inner], expected[..., inner, inner])
    torch.testing.assert_close(downsample(torch.ones(1, 1, 8, 8), factor).mean(), torch.tensor(1.0))


def test_a_smaller_picture_has_no_aliases():
    stripes = torch.tensor([1.0, -1.0]).repeat(16).expand(1, 1, 32, 32)
    assert downsample(stripes, 4)[..., 2:-2].abs().max() < 1e-3


def test_the_hourglass_keeps_the_size_and_hands_its_input_on():
    x = torch.rand(2, 3, 16, 16)
    net = Hourglass(3, 4, 8, 2)
    out = net(x)
    assert out.shape == (2, net.channels_out, 16, 16) == (2, 7, 16, 16)
    torch.testing.assert_close(out[:, 4:], x)
