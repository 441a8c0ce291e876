from __future__ import annotations

import pytest
import torch
from lightning_fabric import Fabric
from torch import nn

from mien.errors import UsageError
from mien.training.core.checkpoint import Checkpoint
from mien.training.core.trained_network import TrainedNetwork
from mien.training.ulme_gan.recipe import UlmeGanRecipe


def line(**recipe: object) -> TrainedNetwork[nn.Linear]:
    module = nn.Linear(2, 1, bias=False)
    nn.init.ones_(module.weight)
    fabric = Fabric(accelerator="cpu", devices=1)
    return TrainedNetwork("line", "line", module, UlmeGanRecipe(**recipe), fabric)


def test_the_first_step_of_adam_is_as_long_as_the_learning_rate():
    network = line()
    loss = (network.module(torch.tensor([[3.0, -2.0]]))).sum()
    network.update(loss, 0.1)
    torch.testing.assert_close(network.module.weight.data, torch.tensor([[0.9, 1.1]]))


@pytest.mark.parametrize(("norm", "length"), [(0.0, 5.0), (1.0, 1.0), (9.0, 5.0)])
def test_long_gradients_are_clipped(norm: float, length: float):
    network = line(max_gradient_norm=norm)
    network.update(network.module(torch.tensor([[3.0, 4.0]])).sum(), 0.1)
    assert network.module.weight.grad.norm().item() == pytest.approx(length, rel=1e-4)


def test_gradients_do_not_add_up():
    network = line()
    for _ in range(2):
        network.update(network.module(torch.tensor([[3.0, 4.0]])).sum(), 0.1)
    assert network.module.weight.grad.tolist() == [[3.0, 4.0]]


def test_saved_and_restored():
    network, other = line(), line()
    network.update(network.module(torch.tensor([[3.0, 4.0]])).sum(), 0.1)
    tensors = network.tensors()
    assert tensors.keys() == {
        "line.weight",
        *(f"line_adam.0.{name}" for name in ("step", "exp_avg", "exp_avg_sq")),
    }
    other.restore(Checkpoint({n: t.clone() for n, t in tensors.items()}, {}))
    for both in (network, other):
        both.update(both.module(torch.tensor([[1.0, -1.0]])).sum(), 0.1)
    torch.testing.assert_close(network.module.weight, other.module.weight, rtol=0, atol=0)
    with pytest.raises(UsageError, match="weights of the recipe's line"):
        line().restore(Checkpoint({"line.weight": torch.zeros(2, 2)}, {}))
