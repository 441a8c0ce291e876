from __future__ import annotations

import math

import pytest
import torch

from mien.training.motion.spline import Deformation, SplineNoise, random_deformation


def one_bump() -> Deformation:
    return Deformation(
        affine=torch.tensor([[[1.1, 0.2, 0.1], [0.0, 0.9, -0.1]]]),
        controls=torch.zeros(1, 2),
        weights=torch.tensor([[0.1]]),
    )


def drawn(seed: int = 0) -> Deformation:
    generator = torch.Generator().manual_seed(seed)
    return random_deformation(2, SplineNoise(), generator, torch.zeros(1))


def points() -> torch.Tensor:
    return torch.rand(2, 5, 2, generator=torch.Generator().manual_seed(1)) * 1.6 - 0.8


def test_a_deformation_by_hand():
    moved = one_bump().points(torch.tensor([[[0.3, 0.4], [0.0, 0.0]]]))[0]
    bump = 0.1 * 0.7**2 * math.log(0.7)  # r = 0.3 + 0.4, along the axes; x and y move alike
    by_hand = [1.1 * 0.3 + 0.2 * 0.4 + 0.1 + bump, 0.9 * 0.4 - 0.1 + bump]
    torch.testing.assert_close(moved[0], torch.tensor(by_hand))
    torch.testing.assert_close(moved[1], torch.tensor([0.1, -0.1]))


def test_the_bend_has_the_published_strength():
    # The bend of a point z is normal with the variance 0.005^2 * sum of (r^2 log r)^2, with r from z
    # to each of the 25 control points: 0.031 at the centre and 0.189 at a corner.
    generator = torch.Generator().manual_seed(0)
    bent = random_deformation(4000, SplineNoise(affine=0.0), generator, torch.zeros(1))
    at = torch.tensor([[0.0, 0.0], [1.0, 1.0]])
    found = (bent.points(at.expand(4000, 2, 2)) - at).square().mean(0).sqrt()
    axis = [-1, -0.5, 0, 0.5, 1]
    for row, (x, y) in enumerate(at.tolist()):
        away = [abs(x - a) + abs(y - b) for a in axis for b in axis]
        spread = 0.005 * math.sqrt(sum((r * r * math.log(r)) ** 2 for r in away if r))
        assert found[row].tolist() == pytest.approx([spread] * 2, rel=0.05)


def test_jacobians_are_the_derivative():
    deformation, at = drawn(), points().requires_grad_(True)
    moved = deformation.points(at)
    for axis in (0, 1):
        (slope,) = torch.autograd.grad(moved[..., axis].sum(), at, retain_graph=True)
        torch.testing.assert_close(deformation.jacobians(at)[..., axis, :], slope)


def test_the_inverse_leads_back():
    deformation = drawn()
    back = deformation.points(deformation.inverse_points(points()))
    torch.testing.assert_close(back, points(), atol=1e-5, rtol=0)


def test_pictures_move_as_their_points_do():
    shift = Deformation(
        affine=torch.tensor([[[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]]]),
        controls=torch.zeros(0, 2),
        weights=torch.zeros(1, 0),
    )
    picture = torch.zeros(1, 1, 8, 8)
    picture[0, 0, 3, 5] = 1
    assert shift.images(picture)[0, 0, 3, 3] > 0.999  # half the half-width is 2 of 8 pixels
    place = torch.tensor([[[(2 * 5 + 1) / 8 - 1, 0.0]]])
    torch.testing.assert_close(shift.inverse_points(place), place - torch.tensor([0.5, 0.0]))


def test_a_seed_gives_the_same_deformation():
    torch.testing.assert_close(drawn().points(points()), drawn().points(points()))
    assert (drawn(0).points(points()) - drawn(1).points(points())).abs().max() > 0.01
