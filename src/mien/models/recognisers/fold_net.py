"""What recognition's nets share: as many nets as folds in one module, which see the same batches."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn


class FoldNet(nn.Module, ABC):
    """As many nets as folds, which begin alike; every weight's first axis is the fold.

    Args:
        folds: how many nets.
        seed: of the first weights, the same in each fold, so that a fold's net is the same
            whichever others are trained beside it.
    """

    def __init__(self, folds: int, seed: int) -> None:
        super().__init__()
        self.folds = folds
        self._first = torch.Generator().manual_seed(seed)

    def uniform(self, *shape: int, fan_in: int) -> nn.Parameter:
        """Return a weight of (folds, *shape) as torch's own layers begin with, alike in all folds."""
        one = torch.empty(1, *shape).uniform_(-1, 1, generator=self._first) / math.sqrt(fan_in)
        return nn.Parameter(one.repeat(self.folds, *[1] * len(shape)))

    @abstractmethod
    def forward(self, maps: Tensor, keep: Tensor, generator: torch.Generator | None) -> Tensor:
        """Return the classes' scores.

        Args:
            maps: (B, 3, 28, 28), the same for all folds.
            keep: (F, B), 1 where a fold may learn from a sample and 0 where it is of its test
                subject, whose maps then do not reach that fold's statistics.
            generator: of the dropout in training, one mask for all folds.

        Returns:
            (F, B, 3) logits.
        """

    def begin_with(self, other: FoldNet) -> None:
        """Give every fold the weights of a single net, such as one trained on generated maps."""
        if other.folds != 1:
            raise ValueError(f"expected one net to begin with, got {other.folds}")
        mine = self.state_dict()
        for name, value in other.state_dict().items():
            mine[name].copy_(value.expand_as(mine[name]))
