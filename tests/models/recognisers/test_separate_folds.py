"""Nets with a module for each fold: folds do not mix, start equal, and can start from a trained net."""

from __future__ import annotations

import pytest
import torch

from mien.models.recognisers.resnet18 import FoldResNet18
from mien.models.recognisers.separate_folds import SeparateFolds, dropout_mask
from mien.models.recognisers.sssnet import FoldSSSNet
from mien.models.recognisers.ststnet import FoldSTSTNet

NETS: tuple[type[FoldSSSNet] | type[FoldResNet18], ...] = (FoldSSSNet, FoldResNet18)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(4)


def state(net: SeparateFolds, fold: int) -> torch.Tensor:
    """Every weight and running statistic of a fold, as one row."""
    return torch.cat([value.flatten().double() for value in net.nets[fold].state_dict().values()])


def gradients(net: SeparateFolds, fold: int) -> torch.Tensor:
    found = [weight.grad for weight in net.nets[fold].parameters()]
    assert all(gradient is not None and gradient.abs().sum() > 0 for gradient in found)
    return torch.cat([gradient.flatten() for gradient in found if gradient is not None])


@pytest.mark.parametrize("kind", NETS)
def test_a_seed_gives_equal_folds_and_another_seed_others(kind: type[FoldSSSNet]) -> None:
    net, again, other = kind(2, 0), kind(1, 0), kind(1, 1)
    assert torch.equal(state(net, 0), state(net, 1)) and torch.equal(state(net, 0), state(again, 0))
    assert not torch.equal(state(net, 0), state(other, 0))
    assert net.nets[0].last.weight is not net.nets[1].last.weight
    for layer in (net.nets[0].last, *net.modules()):
        if isinstance(layer, torch.nn.Linear):  # as torch's own layers start
            bound = layer.in_features**-0.5
            assert 0.95 * bound < layer.weight.abs().max() <= bound


@pytest.mark.parametrize("kind", NETS)
def test_a_left_out_sample_reaches_nothing_of_its_fold(kind: type[FoldSSSNet]) -> None:
    maps, keep = torch.randn(5, 3, 28, 28, generator=generator()), torch.ones(2, 5)
    keep[1, 4] = 0
    net, other = kind(2, 2), kind(2, 2)
    scores = net(maps, keep, generator())
    (scores**2).sum().backward()
    maps[4] *= -2
    changed = other(maps, keep, generator())
    (changed**2).sum().backward()
    assert torch.equal(scores[1], changed[1]) and (scores[1, 4] == 0).all()
    assert torch.equal(state(net, 1), state(other, 1))
    assert torch.equal(gradients(net, 1), gradients(other, 1))
    assert not torch.allclose(scores[0], changed[0], atol=1e-3)
    assert not torch.allclose(state(net, 0), state(other, 0))
    assert not torch.allclose(gradients(net, 0), gradients(other, 0))


@pytest.mark.parametrize("kind", NETS)
def test_a_fold_is_the_same_alone_and_among_others(kind: type[FoldSSSNet]) -> None:
    maps, keep = torch.randn(4, 3, 28, 28), torch.tensor([[1.0, 1, 1, 0], [0, 1, 1, 1]])
    together, alone = kind(2, 3), kind(1, 3)
    scores = together(maps, keep, generator())
    assert torch.equal(scores[1:], alone(maps, keep[1:], generator()))
    (scores[0] ** 2).sum().backward()  # a fold's loss moves no other fold's weights
    assert not any(
        (weight.grad != 0).any()
        for weight in together.nets[1].parameters()
        if weight.grad is not None
    )
    assert gradients(together, 0).abs().max() > 0


@pytest.mark.parametrize("kind", NETS)
def test_a_batch_that_a_fold_must_not_see_teaches_nothing(kind: type[FoldSSSNet]) -> None:
    net = kind(1, 0)
    before = state(net, 0)
    scores = net(torch.randn(3, 3, 28, 28), torch.zeros(1, 3), None)
    (scores - 1).square().sum().backward()
    assert torch.equal(state(net, 0), before)
    assert all((p.grad == 0).all() for p in net.parameters() if p.grad is not None)


@pytest.mark.parametrize("kind", NETS)
def test_every_fold_can_start_from_a_trained_net(kind: type[FoldSSSNet]) -> None:
    trained, net = kind(1, 5, outputs=4), kind(2, 6, outputs=4)
    trained(torch.randn(4, 3, 28, 28), torch.ones(1, 4), None)  # moves the running statistics
    net.begin_with(trained)
    assert torch.equal(state(net, 0), state(trained, 0)) and torch.equal(
        state(net, 1), state(trained, 0)
    )
    maps = torch.randn(3, 3, 28, 28)
    scores = [one.eval()(maps, torch.ones(one.folds, 1), None) for one in (trained, net)]
    assert scores[0].shape == (1, 3, 4) and torch.equal(scores[0][0], scores[1][1])
    for wrong in (kind(2, 0), FoldSTSTNet(1, 0)):
        with pytest.raises(ValueError, match="of one net, got Fold"):
            net.begin_with(wrong)


def test_dropout_keeps_the_mean_and_drops_its_share() -> None:
    mask = dropout_mask((100, 100), 0.25, generator())
    assert mask.unique().tolist() == pytest.approx([0, 4 / 3])
    assert (mask == 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
