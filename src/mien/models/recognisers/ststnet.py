"""STSTNet (Liong et al., FG 2019), one net for each fold, all in one module.

Its three streams are convolutions of 3, 5 and 8 filters, each normalised by channel, and their outputs
are concatenated. This equals one convolution of 16 filters, which is used here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mien.au.emotions import CLASS_COUNT
from mien.models.recognisers.fold_convolution import (
    FILTERS,
    POSITIONS,
    WINDOWS,
    convolve,
    patches,
)
from mien.models.recognisers.fold_net import FoldNet

FEATURES = FILTERS * 5 * 5
MOMENTUM = 0.1
EPSILON = 1e-5


class FoldSTSTNet(FoldNet):
    """One STSTNet for each fold.

    Args:
        folds: Number of nets.
        seed: Seed of the initial weights.
        dropout: Share of the pooled features that is dropped in training.
        outputs: Number of values that each net returns for a map.
    """

    mean: Tensor
    variance: Tensor

    def __init__(
        self, folds: int, seed: int, dropout: float = 0.5, outputs: int = CLASS_COUNT
    ) -> None:
        super().__init__(folds, seed, outputs)
        self.dropout = dropout
        self.filters = self.uniform(FILTERS, 3, 3, 3, fan_in=27)
        self.filter_bias = self.uniform(FILTERS, fan_in=27)
        self.gain = nn.Parameter(torch.ones(folds, FILTERS))
        self.shift = nn.Parameter(torch.zeros(folds, FILTERS))
        self.weight = self.uniform(outputs, FEATURES, fan_in=FEATURES)
        self.bias = self.uniform(outputs, fan_in=FEATURES)
        self.register_buffer("mean", torch.zeros(folds, FILTERS))
        self.register_buffer("variance", torch.ones(folds, FILTERS))

    def forward(self, maps: Tensor, keep: Tensor, generator: torch.Generator | None) -> Tensor:
        """Return the logits; see :class:`FoldNet`."""
        gain, shift = self.gain.flatten(), self.shift.flatten()
        filters = torch.cat([self.filters.flatten(2), self.filter_bias[..., None]], 2)
        pooled, sums, squares = convolve(
            patches(maps), filters.flatten(0, 1).T.contiguous(), gain < 0
        )
        mean, variance = self._statistics(sums, squares, keep)
        # Normalisation is affine, so it can be applied after both poolings and the dropout, on only
        # 25 of 900 positions. If the gain is negative, the first pooling took the minimum.
        scale = gain * (variance.flatten() + EPSILON).rsqrt()
        move = shift - mean.flatten() * scale
        kept = maps.new_ones(1, WINDOWS, 1, FILTERS)
        if self.training:
            chance = torch.rand(len(maps), WINDOWS, 1, FILTERS, generator=generator)
            kept = (chance >= self.dropout).to(maps) / (1 - self.dropout)
        features = _halved(torch.unflatten(pooled, 2, (self.folds, FILTERS)) * kept)
        moves = _halved(kept) * move.view(self.folds, FILTERS)
        features = features * scale.view(self.folds, FILTERS) + moves
        rows = features.permute(2, 0, 1, 3).flatten(2)
        return torch.baddbmm(self.bias[:, None], rows, self.weight.mT)

    def _statistics(self, sums: Tensor, squares: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and variance (F, 16) of each channel: the batch's in training, otherwise the running ones.

        Args:
            sums: (B, F * 16) sums over positions.
            squares: (B, F * 16) sums of squares over positions.
            keep: (F, B) which samples count.
        """
        if not self.training:
            return self.mean, self.variance
        counts = keep.sum(1, keepdim=True).clamp(min=1)
        share = (keep / counts).T[..., None] / POSITIONS  # (B, F, 1)
        mean = (share * torch.unflatten(sums, 1, (self.folds, FILTERS))).sum(0)
        square = (share * torch.unflatten(squares, 1, (self.folds, FILTERS))).sum(0)
        variance = (square - mean**2).clamp(min=0)
        with torch.no_grad():
            self.mean.lerp_(mean, MOMENTUM)
            self.variance.lerp_(variance, MOMENTUM)
        return mean, variance


def _halved(windows: Tensor) -> Tensor:
    """Return the means of 2 x 2 windows: (B, 100, F, 16) to (B, 25, F, 16)."""
    return torch.unflatten(windows, 1, (5, 2, 5, 2)).mean((2, 4)).flatten(1, 2)
