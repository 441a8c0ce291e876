"""STSTNet (Liong et al., FG 2019), one net for each fold, all in one module.

Its three streams are convolutions of 3, 5 and 8 filters side by side, normalised by channel and
then concatenated. This equals one convolution of 16 filters, which is used here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mien.models.recognisers.fold_convolution import (
    FILTERS,
    POSITIONS,
    WINDOWS,
    FoldConvolution,
    patches,
)
from mien.models.recognisers.fold_net import FoldNet

FEATURES = FILTERS * 5 * 5
MOMENTUM = 0.1
EPSILON = 1e-5


class FoldSTSTNet(FoldNet):
    """As many STSTNets as folds.

    Args:
        folds: number of nets.
        seed: seed of the first weights.
        dropout: share of the pooled features dropped in training.
    """

    mean: Tensor
    variance: Tensor

    def __init__(self, folds: int, seed: int, dropout: float = 0.5) -> None:
        super().__init__(folds, seed)
        self.dropout = dropout
        self.filters = self.uniform(FILTERS, 3, 3, 3, fan_in=27)
        self.filter_bias = self.uniform(FILTERS, fan_in=27)
        self.gain = nn.Parameter(torch.ones(folds, FILTERS))
        self.shift = nn.Parameter(torch.zeros(folds, FILTERS))
        self.weight = self.uniform(3, FEATURES, fan_in=FEATURES)
        self.bias = self.uniform(3, fan_in=FEATURES)
        self.register_buffer("mean", torch.zeros(folds, FILTERS))
        self.register_buffer("variance", torch.ones(folds, FILTERS))

    def forward(self, maps: Tensor, keep: Tensor, generator: torch.Generator | None) -> Tensor:
        """Return the classes' scores, as :class:`FoldNet` says."""
        gain, shift = self.gain.flatten(), self.shift.flatten()
        filters = torch.cat([self.filters.flatten(2), self.filter_bias[..., None]], 2)
        pooled, sums, squares = FoldConvolution.apply(
            patches(maps), filters.flatten(0, 1).T.contiguous(), gain < 0
        )
        mean, variance = self._statistics(sums, squares, keep)
        # Normalising is affine, so it can come after both poolings and the dropout, which leave 25 of
        # 900 positions. Where the gain is negative, the first pooling took the smallest value.
        scale = gain * (variance.flatten() + EPSILON).rsqrt()
        move = shift - mean.flatten() * scale
        kept = maps.new_ones(1, WINDOWS, 1, FILTERS)
        if self.training:
            chance = torch.rand(len(maps), WINDOWS, 1, FILTERS, generator=generator)
            kept = (chance >= self.dropout).to(maps) / (1 - self.dropout)
        features = _halved(pooled.unflatten(2, (self.folds, FILTERS)) * kept)
        moves = _halved(kept) * move.view(self.folds, FILTERS)
        features = features * scale.view(self.folds, FILTERS) + moves
        rows = features.permute(2, 0, 1, 3).flatten(2)
        return torch.baddbmm(self.bias[:, None], rows, self.weight.mT)

    def _statistics(self, sums: Tensor, squares: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
        if not self.training:
            return self.mean, self.variance
        share = (keep / keep.sum(1, keepdim=True).clamp(min=1)).T[
            ..., None
        ] / POSITIONS  # (B, F, 1)
        mean = (share * sums.unflatten(1, (self.folds, FILTERS))).sum(0)
        square = (share * squares.unflatten(1, (self.folds, FILTERS))).sum(0)
        variance = (square - mean**2).clamp(min=0)
        with torch.no_grad():
            self.mean.lerp_(mean, MOMENTUM)
            self.variance.lerp_(variance, MOMENTUM)
        return mean, variance


def _halved(windows: Tensor) -> Tensor:
    """Return the means of 2 x 2 windows: (B, 100, F, 16) to (B, 25, F, 16)."""
    return windows.unflatten(1, (5, 2, 5, 2)).mean((2, 4)).flatten(1, 2)
