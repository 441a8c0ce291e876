from __future__ import annotations

import pytest
import torch
from torch import nn

from mien.errors import UsageError
from mien.models.avd import Avd, AvdConfig
from mien.models.regions import Regions


def network() -> Avd:
    torch.manual_seed(0)
    return Avd(AvdConfig(points=18, widths=(8, 16))).eval()


def regions(seed: int) -> Regions:
    """Anywhere, turned and stretched a little."""
    generator = torch.Generator().manual_seed(seed)
    shift = torch.rand(2, 18, 2, generator=generator) - 0.5
    affine = 0.2 * torch.eye(2) + 0.05 * torch.randn(2, 18, 2, 2, generator=generator)
    return Regions(shift, affine @ affine.mT, affine)


def silence(encoder: nn.Sequential) -> None:
    """It says nothing, whatever it hears."""
    for parameter in encoder[-1].parameters():
        nn.init.zeros_(parameter)


def test_the_axes_sign_is_not_seen():
    same = regions(0)
    made = network()(same, same)
    assert made.shift.shape == (2, 18, 2)
    torch.testing.assert_close(made.covariance, made.affine @ made.affine.mT)
    flipped = network()(same._replace(affine=-same.affine), same)
    torch.testing.assert_close(flipped.affine, made.affine)


def test_the_pose_is_the_driver_s_and_the_shape_the_portrait_s():
    one, other = regions(0), regions(1)
    pose_alone, shape_alone = network(), network()
    silence(pose_alone.identity)
    silence(shape_alone.pose)
    for avd, hears_portrait in ((pose_alone, False), (shape_alone, True)):
        made, other_portrait, other_driver = (
            avd(*pair).shift for pair in ((one, one), (other, one), (one, other))
        )
        assert torch.equal(made, other_driver) == hears_portrait
        assert torch.equal(made, other_portrait) == (not hears_portrait)


def test_a_network_without_layers_is_refused():
    with pytest.raises(UsageError, match="at least 1"):
        AvdConfig(widths=())
