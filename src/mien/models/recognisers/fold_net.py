"""Base of the recognition nets: one net for each fold in one module, all trained on the same batches."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

from mien.au.emotions import CLASS_COUNT


class FoldNet(nn.Module, ABC):
    """One net for each fold, all with the same initial weights.

    Every weight's first axis is the fold, except in :class:`SeparateFolds`, which has a module for each fold.

    Args:
        folds: Number of nets.
        seed: Seed of the initial weights. They are equal in all folds, so that a fold's net does not
            depend on which other folds are in the module.
        outputs: Number of values that each net returns for a map.
    """

    shares_work: ClassVar[bool] = True
    """Whether folds in one module take less time than in several modules."""

    def __init__(self, folds: int, seed: int, outputs: int = CLASS_COUNT) -> None:
        super().__init__()
        self.folds = folds
        self.outputs = outputs
        self._first = torch.Generator().manual_seed(seed)

    def uniform(self, *shape: int, fan_in: int) -> nn.Parameter:
        """Return a weight (folds, *shape), initialised like those of torch's layers and equal in all folds."""
        one = self.uniform_values(1, *shape, fan_in=fan_in)
        return nn.Parameter(one.repeat(self.folds, *[1] * len(shape)))

    def uniform_values(self, *shape: int, fan_in: int) -> Tensor:
        """Return the initial values of a weight of torch's layers: uniform within 1 / sqrt(fan-in) around 0."""
        return torch.empty(shape).uniform_(-1, 1, generator=self._first) / math.sqrt(fan_in)

    @abstractmethod
    def forward(self, maps: Tensor, keep: Tensor, generator: torch.Generator | None) -> Tensor:
        """Return the logits of the classes, or of other labels that the outputs mean.

        Args:
            maps: (B, 3, 28, 28), the same for all folds.
            keep: (F, B), 0 for samples of a fold's test subject, which must not enter the fold's
                batch statistics; 1 for all others.
            generator: Random generator of the dropout in training; all folds share one mask. None: torch's default.

        Returns:
            (F, B, outputs) logits.
        """

    def begin_with(self, other: FoldNet) -> None:
        """Copy the weights of a module with one net, for example trained on generated maps, into every fold.

        Raises:
            ValueError: The module has several nets.
        """
        if other.folds != 1:
            raise ValueError(f"expected a module of one net, got {other.folds}")
        mine = self.state_dict()
        for name, value in other.state_dict().items():
            mine[name].copy_(value.expand_as(mine[name]))
