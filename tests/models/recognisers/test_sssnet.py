from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import nn

from mien.models.recognisers.sssnet import SIZE, FoldSSSNet, SSSNet


def published(outputs: int = 3) -> nn.Sequential:
    """The net in the order of its published definition, of torch's own layers: rectify, pool, normalise."""
    return nn.Sequential(
        *(nn.Conv2d(3, 32, 5), nn.ReLU(), nn.MaxPool2d(3), nn.BatchNorm2d(32)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.BatchNorm2d(64)),
        *(nn.Flatten(), nn.Linear(5184, 256), nn.ReLU(), nn.Linear(256, outputs)),
    )


def copied(net: SSSNet) -> nn.Sequential:
    plain = published()
    layers = (net.first, net.first_norm, net.second, net.second_norm, net.hidden, net.last)
    with torch.no_grad():
        for layer, other in zip(layers, (0, 3, 4, 7, 9, 11), strict=True):
            plain[other].load_state_dict(layer.state_dict())
    return plain


def test_parameters_are_those_of_the_published_definition() -> None:
    """Counted from MEB's definition (tvaranka/meb, meb/models/me_networks.py): 32 filters of 5 x 5 x 3, 64 of 3 x 3 x
    32, a gain and a shift for each, then 9 x 9 x 64 to 256 to the outputs, each with a bias.
    """
    by_hand = 32 * 76 + 2 * 32 + 64 * 289 + 2 * 64 + 256 * 5185
    for outputs, count in ((3, 1_349_251), (12, 1_351_564)):
        net = FoldSSSNet(1, 0, outputs=outputs)
        assert sum(weight.numel() for weight in net.parameters()) == count
        assert by_hand + outputs * 257 == count


def test_each_fold_is_the_published_net_in_training_and_after() -> None:
    net = FoldSSSNet(2, 1, dropout=0)
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in net.parameters():
            weight.add_(0.02 * torch.randn_like(weight))
        net.nets[0].first_norm.weight[::3] *= -1
    plains = [copied(one) for one in net.nets]  # type: ignore[arg-type]
    maps, keep = torch.randn(6, 3, 28, 28), torch.ones(2, 6)
    keep[1, 2:4] = 0
    big = functional.interpolate(maps, (SIZE, SIZE), mode="bilinear")
    scores = net(maps, keep, None)
    (scores**2).sum().backward()
    for fold, plain in enumerate(plains):
        mine = keep[fold] > 0
        expected = plain(big[mine])
        (expected**2).sum().backward()
        assert torch.allclose(scores[fold, mine], expected, atol=1e-4) and expected.std() > 0.01
        filters, wanted = net.nets[fold].first.weight.grad, plain[0].weight.grad
        assert torch.allclose(filters, wanted, rtol=1e-3, atol=1e-4 * float(wanted.abs().max()))
    net.eval()
    with torch.no_grad():
        scores = net(maps, torch.ones(2, 1), None)
        for fold, plain in enumerate(plains):
            assert torch.allclose(scores[fold], plain.eval()(big), atol=1e-4)


def test_dropout_takes_whole_channels_and_only_in_training() -> None:
    net = FoldSSSNet(1, 0)
    first, second, third = net.masks(50, torch.Generator().manual_seed(0))
    assert (first.shape, second.shape, third.shape) == ((50, 32, 1, 1), (50, 64, 1, 1), (50, 256))
    assert all(set(mask.unique().tolist()) == {0.0, 2.0} for mask in (first, second, third))
    maps, keep = torch.randn(4, 3, 28, 28), torch.ones(1, 4)
    one, other = (net(maps, keep, torch.Generator().manual_seed(seed)) for seed in (0, 1))
    assert not torch.allclose(one, other)
    net.eval()
    assert torch.equal(net(maps, keep, None), net(maps, keep, None))
