from __future__ import annotations

import pytest
import torch
from torch import nn

from mien.models.recognisers.fold_convolution import patches
from mien.models.recognisers.ststnet import FILTERS, FoldSTSTNet


class Published(nn.Module):
    """The net as its authors wrote it: three streams of torch's own layers."""

    def __init__(self) -> None:
        super().__init__()
        self.streams = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(3, count, 3, padding=2),
                nn.ReLU(),
                nn.BatchNorm2d(count),
                nn.MaxPool2d(3, 3, 1),
            )
            for count in (3, 5, 8)
        )
        self.pool = nn.AvgPool2d(2, 2)
        self.last = nn.Linear(FILTERS * 25, 3)

    def forward(self, maps):
        return self.last(self.pool(torch.cat([s(maps) for s in self.streams], 1)).flatten(1))


def copied(net: FoldSTSTNet, fold: int) -> Published:
    """The published net with one fold's weights."""
    plain = Published()
    with torch.no_grad():
        start = 0
        for stream in plain.streams:
            here = slice(start, start + stream[0].out_channels)
            stream[0].weight.copy_(net.filters[fold, here])
            stream[0].bias.copy_(net.filter_bias[fold, here])
            stream[2].weight.copy_(net.gain[fold, here])
            stream[2].bias.copy_(net.shift[fold, here])
            start = here.stop
        plain.last.weight.copy_(net.weight[fold].view(3, 25, FILTERS).mT.flatten(1))
        plain.last.bias.copy_(net.bias[fold])
    return plain


def unlike(seed: int) -> FoldSTSTNet:
    """Three folds of different weights, some gains below zero."""
    net = FoldSTSTNet(3, seed, dropout=0)
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
        net.gain[0, ::3] *= -1
    return net


@pytest.mark.parametrize("flat", [False, True])
def test_scores_statistics_and_gradients_are_the_published_nets(flat):
    net = unlike(1)
    maps = torch.randn(7, 3, 28, 28)
    if flat:  # still skin: whole windows of one value, which share what one of them would get
        maps[:, :, :14] = 0
    keep = torch.ones(3, 7)
    keep[0, 2:4] = keep[1, 6] = 0
    scores = net(maps, keep, None)
    weight = torch.randn(3, 7, 3) * keep[..., None]
    (scores * weight).sum().backward()
    for fold in range(3):
        plain = copied(net, fold)
        mine = keep[fold] > 0
        expected = plain(maps[mine])
        (expected * weight[fold, mine]).sum().backward()
        assert torch.allclose(scores[fold, mine], expected, atol=1e-4)
        filters = torch.cat([s[0].weight.grad for s in plain.streams])
        assert torch.allclose(net.filters.grad[fold], filters, rtol=1e-3, atol=1e-3)
        biases = torch.cat([s[0].bias.grad for s in plain.streams])
        assert torch.allclose(net.filter_bias.grad[fold], biases, rtol=1e-3, atol=1e-3)
        gains = torch.cat([s[2].weight.grad for s in plain.streams])
        assert torch.allclose(net.gain.grad[fold], gains, rtol=1e-3, atol=1e-3)
        means = torch.cat([s[2].running_mean for s in plain.streams])
        assert torch.allclose(net.mean[fold], means, atol=1e-4)


def test_a_left_out_sample_reaches_nothing_of_its_fold():
    maps, keep = torch.randn(5, 3, 28, 28), torch.ones(3, 5)
    keep[1, 4] = 0
    net, other = unlike(2), unlike(2)
    net(maps, keep, None)[:, :4].sum().backward()
    maps[4] *= -2
    other(maps, keep, None)[:, :4].sum().backward()
    assert torch.equal(net.mean[1], other.mean[1])
    assert not torch.allclose(net.mean[0], other.mean[0])
    assert torch.allclose(net.filters.grad[1], other.filters.grad[1], atol=1e-5)
    assert not torch.allclose(net.filters.grad[0], other.filters.grad[0], atol=1e-5)


def test_patches_hold_each_position_once():
    maps = torch.arange(2 * 3 * 784, dtype=torch.float32).view(2, 3, 28, 28) + 1
    made = patches(maps)
    assert made.shape == (2, 959, 28)
    assert made[..., -1].sum(1).tolist() == [900, 900]
    # Each number is under nine places of the filter.
    assert made[..., :-1].double().sum().item() == 9 * maps.double().sum().item()
