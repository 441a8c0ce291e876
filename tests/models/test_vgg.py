from __future__ import annotations

import pytest
import torch

from mien.errors import UsageError
from mien.models.vgg import Vgg16Features


@pytest.fixture(scope="module")
def handed_on() -> Vgg16Features:
    """Weights that hand each colour on unchanged, through all convolutions."""
    trunk = Vgg16Features()
    for conv in trunk.convs:
        conv.weight.zero_()
        conv.bias.zero_()
        conv.weight[range(3), range(3), 1, 1] = 1
    return trunk


def test_the_maps_are_those_of_relu_1_1_to_5_1(handed_on: Vgg16Features):
    maps = handed_on(torch.zeros(2, 3, 32, 48))
    assert [tuple(m.shape) for m in maps] == [
        *((2, 64, 32, 48), (2, 128, 16, 24), (2, 256, 8, 12), (2, 512, 4, 6), (2, 512, 2, 3))
    ]
    # VGG-16 has 14,714,688 weights in 13 convolutions, the last two of 2,359,808 each.
    assert sum(p.numel() for p in handed_on.parameters()) == 14_714_688 - 2 * 2_359_808


def test_colours_are_normalised_rectified_and_pooled(handed_on: Vgg16Features):
    image = torch.full((1, 3, 16, 16), -1.0)
    image[0, :, 5, 9] = torch.tensor([0.428, 0.808, 0.712])  # shift + scale * (1, 2, 2)
    maps = handed_on(image)
    assert maps[0][0, :3, 5, 9].tolist() == pytest.approx([1, 2, 2])
    assert maps[0].count_nonzero() == 3  # -1 is below every mean
    for seen, row, column in zip(maps[1:], (2, 1, 0, 0), (4, 2, 1, 0), strict=True):
        assert seen[0, :3, row, column].tolist() == pytest.approx([1, 2, 2])
        assert seen.count_nonzero() == 3


def test_it_is_fixed_and_lets_gradients_through():
    trunk = torch.nn.Sequential(Vgg16Features()).train()
    assert not trunk[0].training
    assert not any(p.requires_grad for p in trunk.parameters())
    image = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    image.requires_grad_(True)
    sum(m.sum() for m in trunk(image)).backward()
    assert image.grad is not None
    assert image.grad.abs().amin(1).count_nonzero() > 200  # of 256 pixels


def test_a_picture_too_small_is_refused(handed_on: Vgg16Features):
    with pytest.raises(UsageError, match="at least 16 px for the perceptual loss, got 32x8"):
        handed_on(torch.zeros(1, 3, 8, 32))
