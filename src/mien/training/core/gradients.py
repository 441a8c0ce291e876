"""Average gradients over devices, and keep frozen networks from accumulating them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn


def average_gradients(fabric: Fabric, module: nn.Module) -> None:
    """Average the gradients of a module over devices, in one piece; no-op on one device."""
    if fabric.world_size == 1:
        return
    parameters = [p for p in module.parameters() if p.grad is not None]
    flat = torch.cat([p.grad.flatten() for p in parameters])  # type: ignore[union-attr]
    mean = fabric.all_reduce(flat, reduce_op="mean")
    assert isinstance(mean, Tensor)
    sizes = [p.numel() for p in parameters]
    for parameter, part in zip(parameters, torch.split(mean, sizes), strict=True):
        parameter.grad = part.view_as(parameter).clone()


@contextmanager
def frozen(module: nn.Module | None) -> Iterator[None]:
    """Keep a network from accumulating gradients while the block runs; gradients still flow through it."""
    if module is None:
        yield
        return
    module.requires_grad_(False)
    try:
        yield
    finally:
        module.requires_grad_(True)
