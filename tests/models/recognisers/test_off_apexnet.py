from __future__ import annotations

import torch
from torch import nn

from mien.models.recognisers.off_apexnet import FoldOffApexNet


def stream(net: FoldOffApexNet, fold: int, which: int) -> nn.Sequential:
    layers = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
    )
    layers[0].weight.data = net.first_filters[fold, which]
    layers[0].bias.data = net.first_bias[fold, which]
    layers[3].weight.data = net.second_filters[fold, which]
    layers[3].bias.data = net.second_bias[fold, which]
    return layers


def test_each_fold_is_the_published_net():
    net = FoldOffApexNet(3, 0)
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    net.eval()
    maps = torch.randn(4, 3, 28, 28)
    with torch.no_grad():
        scores = net(maps, torch.ones(3, 4), None)
        for fold in range(3):
            y = torch.cat([stream(net, fold, n)(maps[:, n : n + 1]).flatten(1) for n in (0, 1)], 1)
            for weights, bias in (
                (net.hidden_weights, net.hidden_bias),
                (net.last_weights, net.last_bias),
            ):
                y = torch.relu(y @ weights[fold] + bias[fold])
            expected = y @ net.weight[fold].T + net.bias[fold]
            assert torch.allclose(scores[fold], expected, atol=1e-4)
            assert scores[fold].std() > 0.01
