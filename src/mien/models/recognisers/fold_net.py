"""The base of the recognition nets: one net for each fold in a single module, all with the same batches."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn


class FoldNet(nn.Module, ABC):
    """One net for each fold, all with the same first weights; every weight's first axis is the fold.

    Args:
        folds: number of nets.
        seed: seed of the first weights. They are the same in each fold, so that a fold's net does not
            depend on which other folds are trained with it.
    """

    def __init__(self, folds: int, seed: int) -> None:
        super().__init__()
        self.folds = folds
        self._first = torch.Generator().manual_seed(seed)

    def uniform(self, *shape: int, fan_in: int) -> nn.Parameter:
        """Return a first weight (folds, *shape) as in torch's own layers, the same in all folds."""
        one = torch.empty(1, *shape).uniform_(-1, 1, generator=self._first) / math.sqrt(fan_in)
        return nn.Parameter(one.repeat(self.folds, *[1] * len(shape)))

    @abstractmethod
    def forward(self, maps: Tensor, keep: Tensor, generator: torch.Generator | None) -> Tensor:
        """Return the classes' scores.

        Args:
            maps: (B, 3, 28, 28), the same for all folds.
            keep: (F, B), 1 where a fold may learn from a sample, and 0 where the sample is of the fold's
                test subject and must not count in that fold's statistics.
            generator: random generator of the dropout in training; all folds get the same mask.

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
