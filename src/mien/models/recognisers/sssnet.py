"""SSSNet (Varanka et al., Electronic Imaging 2021), one net for each fold.

A single stream of two convolutions, of 32 filters of 5 x 5 and 64 of 3 x 3, both without padding. Each is rectified,
pooled (by 3, then by 2), normalised by channel, and followed by a dropout of whole channels. The 9 x 9 x 64 numbers go
through a layer of 256. The input is 64 x 64 (u, v, strain), as in MEB.
"""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from mien.au.emotions import CLASS_COUNT
from mien.models.recognisers.separate_folds import PlainNet, SeparateFolds, dropout_mask

SIZE = 64
"""Height and width of the input, pixels."""
FILTERS = (32, 64)
HIDDEN = 256
FEATURES = FILTERS[1] * 9 * 9


class SSSNet(PlainNet):
    """One SSSNet.

    Args:
        outputs: Number of values that it returns for a map.
    """

    def __init__(self, outputs: int = CLASS_COUNT) -> None:
        super().__init__()
        one, two = FILTERS
        self.first = nn.Conv2d(3, one, 5)
        self.first_norm = nn.BatchNorm2d(one)
        self.second = nn.Conv2d(one, two, 3)
        self.second_norm = nn.BatchNorm2d(two)
        self.hidden = nn.Linear(FEATURES, HIDDEN)
        self.last = nn.Linear(HIDDEN, outputs)

    def forward(self, maps: Tensor, *masks: Tensor) -> Tensor:
        """Return the logits (B, outputs) of maps (B, 3, 64, 64).

        Args:
            maps: The maps.
            masks: Factors of the dropout after each convolution and after the hidden layer, or none.
        """
        first, second, third = masks or (1.0, 1.0, 1.0)
        y = functional.max_pool2d(
            self.first(maps), 3
        ).relu()  # as rectifying first, on fewer numbers
        y = self.first_norm(y) * first
        y = functional.max_pool2d(self.second(y), 2).relu()
        y = self.second_norm(y) * second
        y = self.hidden(y.flatten(1)).relu() * third
        scores: Tensor = self.last(y)
        return scores


class FoldSSSNet(SeparateFolds):
    """One SSSNet for each fold.

    Args:
        folds: Number of nets.
        seed: Seed of the initial weights.
        dropout: Share of the channels of both convolutions, and of the hidden layer, that is dropped in training.
        outputs: Number of values that each net returns for a map.
    """

    def __init__(
        self, folds: int, seed: int, dropout: float = 0.5, outputs: int = CLASS_COUNT
    ) -> None:
        super().__init__(SSSNet, folds, seed, SIZE, outputs)
        self.dropout = dropout

    def masks(self, count: int, generator: torch.Generator | None) -> tuple[Tensor, ...]:
        """Return the factors of the three dropouts, the first two for whole channels."""
        one, two = FILTERS
        shapes = ((count, one, 1, 1), (count, two, 1, 1), (count, HIDDEN))
        return tuple(dropout_mask(shape, self.dropout, generator) for shape in shapes)
