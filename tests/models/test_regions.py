from __future__ import annotations

import math

import pytest
import torch

from mien.models.regions import (
    Regions,
    covariance_root,
    regions_of,
    relative_regions,
    transport,
)
from mien.models.warping import gaussian_maps


def gaussian_heat(shift: torch.Tensor, covariance: torch.Tensor) -> torch.Tensor:
    maps = gaussian_maps(shift, 64, 64, covariance)
    return maps / maps.sum((-2, -1), keepdim=True)


def ellipse(angle_degrees: float, long: float, short: float) -> torch.Tensor:
    angle = math.radians(angle_degrees)
    axes = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return (axes @ torch.diag(torch.tensor([long**2, short**2])) @ axes.T)[None, None]


def test_the_principal_axes_of_a_known_gaussian():
    shift = torch.tensor([[[0.1, -0.2]]])
    found = regions_of(gaussian_heat(shift, ellipse(30, 0.2, 0.1)), "principal")
    torch.testing.assert_close(found.shift, shift, atol=1e-4, rtol=0)
    torch.testing.assert_close(found.covariance, ellipse(30, 0.2, 0.1), atol=1e-4, rtol=0)
    long, short = found.affine[0, 0].unbind(-1)  # its columns
    expected = torch.tensor([0.2 * math.cos(math.pi / 6), 0.2 * math.sin(math.pi / 6)])
    torch.testing.assert_close(long, expected, atol=2e-4, rtol=0)
    torch.testing.assert_close(
        short, torch.tensor([-0.5, math.sqrt(0.75)]) * 0.1, atol=2e-4, rtol=0
    )


@pytest.mark.parametrize("root", ["principal", "symmetric"])
@pytest.mark.parametrize("angle", [0, 20, 90, 135])
def test_the_affine_map_is_a_root_of_the_covariance(root, angle: float):
    covariance = ellipse(angle, 0.3, 0.05)
    affine = covariance_root(covariance, root)
    torch.testing.assert_close(affine @ affine.mT, covariance, atol=1e-6, rtol=1e-4)
    assert torch.linalg.det(affine) > 0


def test_nearly_round_regions_swap_axes_but_not_roots():
    wide, high = ellipse(0, 0.1001, 0.1), ellipse(90, 0.1001, 0.1)
    eye = torch.eye(2)
    swapped, steady = (
        transport(covariance_root(wide, root), covariance_root(high, root))[0, 0]
        for root in ("principal", "symmetric")
    )
    assert (swapped - eye).abs().max() > 0.9
    torch.testing.assert_close(steady, eye, atol=0.002, rtol=0)


def test_regions_follow_a_known_affine():
    linear, by = torch.tensor([[1.2, 0.1], [-0.2, 0.9]]), torch.tensor([0.05, -0.1])
    shift, covariance = torch.tensor([[[0.1, 0.2]]]), ellipse(20, 0.12, 0.06)
    heat = gaussian_heat(shift @ linear.T + by, linear @ covariance @ linear.T)
    found = regions_of(heat, "principal")
    torch.testing.assert_close(found.shift, shift @ linear.T + by, atol=1e-4, rtol=0)
    torch.testing.assert_close(found.covariance, linear @ covariance @ linear.T, atol=1e-4, rtol=0)


@pytest.mark.parametrize("root", ["principal", "symmetric"])
def test_round_regions_have_finite_gradients(root):
    covariance = (0.01 * torch.eye(2)).expand(1, 3, 2, 2).clone().requires_grad_(True)
    covariance_root(covariance, root).sum().backward()
    assert covariance.grad is not None
    assert covariance.grad.isfinite().all()


def test_a_map_turned_over_is_turned_back():
    affine = covariance_root(ellipse(30, 0.2, 0.1), "principal")
    torch.testing.assert_close(transport(affine, -affine)[0, 0], torch.eye(2))


def test_relative_driving_adds_the_change():
    def regions(x: float, angle: float, long: float) -> Regions:
        covariance = ellipse(angle, long, 0.1)
        affine = covariance_root(covariance, "principal")
        return Regions(torch.tensor([[[x, 0.0]]]), covariance, affine)

    portrait, first, later = regions(0.3, 10, 0.3), regions(0, 0, 0.2), regions(0.1, 0, 0.4)
    same = relative_regions(portrait, first, first)
    for got, wanted in zip(same, portrait, strict=True):
        torch.testing.assert_close(got, wanted)
    moved = relative_regions(portrait, later, first, 0.5)
    assert moved.shift[0, 0, 0] == pytest.approx(0.35)
    # The driver's region became twice as long along x; so does the portrait's map.
    torch.testing.assert_close(moved.affine, torch.diag(torch.tensor([2.0, 1.0])) @ portrait.affine)
    torch.testing.assert_close(moved.covariance, moved.affine @ moved.affine.mT)
