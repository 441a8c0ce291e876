"""OFF-ApexNet (Gan et al., Signal Processing: Image Communication 2019), one net for each fold.

It has two streams, for flow to the right and flow down. Each has a convolution of 6 filters of 5 x 5,
pooling by 2, a convolution of 16 filters of 5 x 5, and pooling by 2. The 7 x 7 x 16 numbers of each stream are joined
and go through two layers of 1,024.
"""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor

from mien.au.emotions import CLASS_COUNT
from mien.models.recognisers.fold_net import FoldNet

STREAMS = 2
FILTERS = (6, 16)
FEATURES = STREAMS * FILTERS[1] * 7 * 7
HIDDEN = 1024


class FoldOffApexNet(FoldNet):
    """One OFF-ApexNet for each fold.

    Args:
        folds: Number of nets.
        seed: Seed of the initial weights.
        dropout: Share of each hidden layer that is dropped in training.
        outputs: Number of values that each net returns for a map.
    """

    def __init__(
        self, folds: int, seed: int, dropout: float = 0.5, outputs: int = CLASS_COUNT
    ) -> None:
        super().__init__(folds, seed, outputs)
        self.dropout = dropout
        one, two = FILTERS
        self.first_filters = self.uniform(STREAMS, one, 1, 5, 5, fan_in=25)
        self.first_bias = self.uniform(STREAMS, one, fan_in=25)
        self.second_filters = self.uniform(STREAMS, two, one, 5, 5, fan_in=25 * one)
        self.second_bias = self.uniform(STREAMS, two, fan_in=25 * one)
        # (input, output), so that gradients have the same memory layout as weights.
        self.hidden_weights = self.uniform(FEATURES, HIDDEN, fan_in=FEATURES)
        self.hidden_bias = self.uniform(HIDDEN, fan_in=FEATURES)
        self.last_weights = self.uniform(HIDDEN, HIDDEN, fan_in=HIDDEN)
        self.last_bias = self.uniform(HIDDEN, fan_in=HIDDEN)
        self.weight = self.uniform(outputs, HIDDEN, fan_in=HIDDEN)
        self.bias = self.uniform(outputs, fan_in=HIDDEN)

    def forward(self, maps: Tensor, keep: Tensor, generator: torch.Generator | None) -> Tensor:
        """Return the logits; see :class:`FoldNet`. The strain channel is ignored."""
        streams = self.folds * STREAMS
        # Channels are ordered by stream, then fold: the groups of the first convolution are streams.
        y = functional.conv2d(
            maps[:, :STREAMS],
            self.first_filters.transpose(0, 1).flatten(0, 2),
            self.first_bias.transpose(0, 1).flatten(),
            padding=2,
            groups=STREAMS,
        )
        y = functional.max_pool2d(y.relu(), 2)
        y = functional.conv2d(
            y,
            self.second_filters.transpose(0, 1).flatten(0, 2),
            self.second_bias.transpose(0, 1).flatten(),
            padding=2,
            groups=streams,
        )
        y = functional.max_pool2d(y.relu(), 2)
        rows = torch.unflatten(y, 1, (STREAMS, self.folds, -1)).permute(2, 0, 1, 3, 4, 5).flatten(2)
        for weights, bias in (
            (self.hidden_weights, self.hidden_bias),
            (self.last_weights, self.last_bias),
        ):
            rows = torch.baddbmm(bias[:, None], rows, weights).relu()
            if self.training:
                chance = torch.rand(1, *rows.shape[1:], generator=generator)
                rows = rows * ((chance >= self.dropout).to(rows) / (1 - self.dropout))
        return torch.baddbmm(self.bias[:, None], rows, self.weight.mT)
