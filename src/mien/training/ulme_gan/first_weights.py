"""First weights of ULME-GAN's networks."""

from __future__ import annotations

from typing import Literal, TypeAlias

import torch
from torch import nn

FirstWeights: TypeAlias = Literal["normal", "torch"]
"""``normal``: normally distributed with mean 0 and standard deviation `STD`, biases 0. ``torch``: PyTorch's own."""

STD = 0.02
"""Standard deviation of normal first weights, as published."""


@torch.no_grad()
def begin_weights(network: nn.Module, kind: FirstWeights) -> None:
    """Draw the first weights of all convolutions, in place; ``torch`` leaves them as they are."""
    if kind == "torch":
        return
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, STD)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
