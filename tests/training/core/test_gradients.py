from __future__ import annotations

import torch

from mien.training.core.gradients import frozen


def test_a_frozen_network_passes_gradients_but_gathers_none():
    layer, x = torch.nn.Linear(2, 1), torch.ones(1, 2, requires_grad=True)
    with frozen(layer):
        layer(x).sum().backward()
    assert layer.weight.grad is None and x.grad is not None
    assert layer.weight.requires_grad


def test_none_can_be_frozen():
    with frozen(None):
        pass
