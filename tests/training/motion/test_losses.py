from __future__ import annotations

import pytest
import torch

from mien.models.fomm import Fomm, FommConfig
from mien.training.motion import losses
from mien.training.motion.spline import SplineNoise, random_deformation
from tests.models.test_fomm import TINY, faces, some_points


def test_the_perceptual_pyramid_by_hand():
    made, real = torch.full((1, 3, 16, 16), 0.7), torch.full((1, 3, 16, 16), 0.2)
    made.requires_grad_(True)
    loss = losses.perceptual_pyramid(lambda x: (x, 2 * x[:, :1]), made, real, (1, 2))
    assert loss.item() == pytest.approx(2 * (0.5 + 1.0))
    loss.backward()
    assert made.grad is not None


def test_least_squares_by_hand():
    real, fake = [torch.tensor([0.5, 1.0])], [torch.tensor([0.2])]
    assert losses.generator_lsgan(fake).item() == pytest.approx(0.64)
    assert losses.discriminator_lsgan(real, fake).item() == pytest.approx(0.125 + 0.04)
    assert losses.generator_lsgan(2 * fake).item() == pytest.approx(1.28)


def test_feature_matching_by_hand():
    real = [torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0])]
    fake = [torch.tensor([1.0, 4.0], requires_grad=True), torch.tensor([2.0])]
    loss = losses.feature_matching(real, fake)
    assert loss.item() == pytest.approx(2.0)
    loss.backward()
    assert fake[0].grad is not None
    assert real[0].grad is None
    with pytest.raises(ValueError):  # a layer must not be left out in silence
        losses.feature_matching(real, fake[:1])


def test_points_and_jacobians_of_a_known_deformation_cost_nothing():
    noise = SplineNoise(affine=0.1)
    deformation = random_deformation(2, noise, torch.Generator().manual_seed(0), torch.zeros(1))
    points = some_points(2, 4)
    jacobians = torch.eye(2) + 0.2 * torch.randn(
        2, 4, 2, 2, generator=torch.Generator().manual_seed(3)
    )
    found = deformation.inverse_points(points)
    slope = deformation.jacobians(found)
    moved = torch.linalg.inv(slope) @ jacobians
    assert losses.point_equivariance(points, deformation.points(found)) < 1e-5
    assert losses.jacobian_equivariance(jacobians, moved, slope) < 1e-5
    assert losses.jacobian_equivariance(jacobians, -moved, slope) > 0.5
    assert losses.jacobian_equivariance(jacobians, -moved, slope, signless=True) < 1e-5
    # What did not follow costs as much as it is off.
    off = deformation.points(found) + torch.tensor([0.1, 0.0])
    assert losses.point_equivariance(points, off).item() == pytest.approx(0.05, abs=1e-5)
    wrong = losses.jacobian_equivariance(jacobians, 1.5 * moved, slope)
    assert wrong.item() == pytest.approx(0.25, abs=1e-5)


@pytest.mark.parametrize(
    ("row", "signless", "cost"),
    [
        # -2 and 0.5 on the diagonal: |-2 - 1| + |0.5 - 1| = 3.5; of the other sign 1 + 1.5.
        ((-2.0, 0.5), False, 3.5),
        ((-2.0, 0.5), True, 2.5),
        # A trace above 0 stays: 0.5 + 1.
        ((0.5, 0.0), True, 1.5),
        ((0.5, 0.0), False, 1.5),
    ],
)
def test_jacobian_equivariance_by_hand(row, signless, cost):
    eye = torch.eye(2)[None, None]
    found = losses.jacobian_equivariance(
        eye, torch.diag(torch.tensor(row))[None, None], eye, signless=signless
    )
    assert found.item() == pytest.approx(cost / 4)  # over four numbers, two of which are 0


def test_jacobian_equivariance_multiplies_in_order():
    # inverse([[2, 0], [0, 1]]) ([[0, 1], [-1, 0]] [[1, 3], [0, 1]]) = [[0, 0.5], [-1, -3]]
    first, deformation, second = (
        torch.tensor(rows)[None, None]
        for rows in ([[2.0, 0], [0, 1]], [[0.0, 1], [-1, 0]], [[1.0, 3], [0, 1]])
    )
    found = losses.jacobian_equivariance(first, second, deformation)
    assert found.item() == pytest.approx((1 + 0.5 + 1 + 4) / 4)


def test_flow_error_counts_where_the_flow_is_known():
    true, known = torch.zeros(1, 2, 2, 2), torch.ones(1, 1, 2, 2)
    motion = torch.zeros(1, 2, 2, 2)
    motion[:, 0, 0, 0], motion[:, 1, 0, 0] = 0.3, 0.4
    assert losses.flow_error(motion, true, known).item() == pytest.approx(0.125, abs=1e-4)
    known[..., 0, 0] = 0
    assert losses.flow_error(motion, true, known).item() < 1e-4
    # One pixel known of two pictures, whose error is |(0.3, 0.4) - (0, 0.8)| = 0.5.
    known, true = torch.zeros(2, 1, 2, 2), torch.zeros(2, 2, 2, 2)
    known[0, :, 0, 0] = 1
    true[0, 1, 0, 0], true[1] = 0.8, 9
    two = motion.expand(2, -1, -1, -1)
    assert losses.flow_error(two, true, known).item() == pytest.approx(0.5, abs=1e-4)
    assert losses.flow_error(two, true, torch.zeros(2, 1, 2, 2)) == 0


@pytest.mark.parametrize("prior", ["none", "ewp", "awp"])
def test_every_number_learns(prior):
    torch.manual_seed(0)
    model = Fomm(FommConfig(**(TINY | {"prior": prior})))  # type: ignore[arg-type]
    torch.nn.init.normal_(model.detector.jacobian_head.weight, std=0.01)
    points = (None, None) if prior == "none" else (some_points(2), some_points(2) + 0.05)
    made = model(faces(2), faces(2).flip(0), *points)
    losses.perceptual_pyramid(lambda x: (x,), made.images, faces(2).flip(0), (1, 2)).backward()
    idle = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    # A shift before batch norm, or of all scores of a softmax, changes nothing.
    assert not [name for name in idle if not name.endswith(".bias")]


def test_the_relative_error_of_a_weak_motion_counts_as_that_of_a_strong_one() -> None:
    true = torch.zeros(2, 2, 4, 4)
    true[0, 0], true[1, 0] = 0.1, 0.01
    known = torch.ones(2, 1, 4, 4)
    # Half of each motion is found: 0.05 of 0.1 and 0.005 of 0.01, each with the smallest motion added.
    wanted = (0.05 / (0.1 + losses.SMALLEST_MOTION) + 0.005 / (0.01 + losses.SMALLEST_MOTION)) / 2
    assert float(losses.relative_flow_error(0.5 * true, true, known)) == pytest.approx(
        wanted, rel=1e-5
    )
    # What is not known does not count.
    wrong = 0.5 * true
    wrong[:, :, 2:] = 9.0
    known[:, :, 2:] = 0.0
    assert float(losses.relative_flow_error(wrong, true, known)) == pytest.approx(wanted, rel=1e-5)


def test_the_occlusion_map_is_compared_with_what_the_source_shows() -> None:
    drawn = torch.zeros(1, 1, 4, 4)
    drawn[..., :2, :2] = 1.0  # one of four cells
    occlusion = torch.ones(1, 1, 2, 2)
    assert float(losses.shown_error(occlusion, drawn)) == pytest.approx(0.25)
    occlusion[..., 0, 0] = 0.0
    assert float(losses.shown_error(occlusion, drawn)) == 0
