from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from mien.models.recognisers.resnet18 import FoldResNet18, ResNet18


def test_parameters_are_those_of_the_published_definition() -> None:
    """11,689,512 with 1,000 classes is torchvision's count (``ResNet18_Weights.IMAGENET1K_V1``, num_params)."""
    assert sum(weight.numel() for weight in ResNet18(1000).parameters()) == 11_689_512
    three = 11_689_512 - 997 * 513
    assert sum(weight.numel() for weight in FoldResNet18(1, 0).parameters()) == three


def test_operations_are_those_of_the_published_definition() -> None:
    """Torchvision documents 1.814 GFLOPS (multiply-adds of an image of 224 x 224); He et al. write 1.8 x 10^9."""
    counts, shapes = [], []

    def count(layer: nn.Module, _: object, made: torch.Tensor) -> None:
        assert isinstance(layer, nn.Conv2d | nn.Linear)
        counts.append(layer.weight[0].numel() * made.numel())
        shapes.append(tuple(made.shape[1:]))

    net = ResNet18(1000).eval()
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    with torch.no_grad():
        net(torch.zeros(1, 3, 224, 224))
    assert sum(counts) / 1e9 == pytest.approx(1.814, abs=5e-4)
    assert len(shapes) == 18 + 3  # three shortcuts besides the 18 layers of the name
    assert shapes[0] == (64, 112, 112) and shapes[1] == (64, 56, 56) and shapes[-2] == (512, 7, 7)


def test_a_block_adds_its_input() -> None:
    """With gains of 0 in the second normalisation, a block returns its rectified input."""
    net = ResNet18().eval()
    same, halving = net.blocks[1], net.blocks[2]
    for block in (same, halving):
        block.residual[4].weight.data.zero_()
    maps = torch.randn(2, 64, 14, 14)
    assert torch.equal(same(maps), maps.relu())
    assert torch.allclose(halving(maps), halving.shortcut(maps).relu())
    assert halving(maps).shape == (2, 128, 7, 7)


def test_convolutions_start_as_he_et_al_proposed() -> None:
    net = FoldResNet18(1, 0).nets[0]
    for layer, fan_out in ((net.stem[0], 64 * 49), (net.blocks[7].residual[3], 512 * 9)):
        assert layer.weight.std().item() == pytest.approx(math.sqrt(2 / fan_out), rel=0.02)
        assert abs(layer.weight.mean().item()) < 1e-3
    assert all((n.weight == 1).all() for n in net.modules() if isinstance(n, nn.BatchNorm2d))
    with torch.no_grad():  # signals neither vanish nor explode
        y = net.stem(torch.randn(8, 3, 56, 56))
        assert 0.1 < net.blocks(y).std() < 10
