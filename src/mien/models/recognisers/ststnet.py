"""STSTNet (Liong et al., FG 2019), one net for each fold, all in one module.

Its three streams are convolutions of 3, 5 and 8 filters side by side, each normalised by channel and
joined: the same as one convolution of 16 filters, which is what stands here.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

FILTERS = 3 + 5 + 8
FEATURES = FILTERS * 5 * 5
MOMENTUM = 0.1
EPSILON = 1e-5


class FoldSTSTNet(nn.Module):
    """As many STSTNets as folds, which begin alike and see the same batches.

    Args:
        folds: how many nets.
        seed: of the first weights, the same in each fold, so that a fold's net is the same
            whichever others are trained beside it.
        dropout: share of the pooled features left out in training.
    """

    mean: Tensor
    variance: Tensor

    def __init__(self, folds: int, seed: int, dropout: float = 0.5) -> None:
        super().__init__()
        self.folds = folds
        self.dropout = dropout
        generator = torch.Generator().manual_seed(seed)

        def first(*shape: int, fan_in: int) -> nn.Parameter:
            one = torch.empty(1, *shape).uniform_(-1, 1, generator=generator) / math.sqrt(fan_in)
            return nn.Parameter(one.repeat(folds, *[1] * len(shape)))

        self.filters = first(FILTERS, 3, 3, 3, fan_in=27)
        self.filter_bias = first(FILTERS, fan_in=27)
        self.gain = nn.Parameter(torch.ones(folds, FILTERS))
        self.shift = nn.Parameter(torch.zeros(folds, FILTERS))
        self.weight = first(3, FEATURES, fan_in=FEATURES)
        self.bias = first(3, fan_in=FEATURES)
        self.register_buffer("mean", torch.zeros(folds, FILTERS))
        self.register_buffer("variance", torch.ones(folds, FILTERS))

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
        batch = len(maps)
        y = functional.conv2d(
            maps, self.filters.flatten(0, 1), self.filter_bias.flatten(), padding=2
        ).relu()
        mean, variance = self._statistics(y, keep)
        scale = self.gain * (variance + EPSILON).rsqrt()
        move = self.shift - mean * scale
        # Normalising is affine, so it can follow the pooling, which leaves a ninth to normalise;
        # under a negative scale the largest value becomes the smallest.
        largest = functional.max_pool2d(y, 3, 3, 1)
        if bool((scale < 0).any()):
            # Padding never wins in either direction: it is minus infinity to the pooling.
            smallest = -functional.max_pool2d(-y, 3, 3, 1)
            largest = torch.where(scale.flatten()[:, None, None] >= 0, largest, smallest)
        pooled = largest * scale.flatten()[:, None, None] + move.flatten()[:, None, None]
        if self.training:
            kept = torch.rand(batch, FILTERS, *pooled.shape[-2:], generator=generator)
            mask = (kept >= self.dropout).to(pooled) / (1 - self.dropout)
            pooled = pooled * mask.repeat(1, self.folds, 1, 1)
        features = functional.avg_pool2d(pooled, 2, 2).reshape(batch, self.folds, FEATURES)
        return torch.baddbmm(self.bias[:, None], features.transpose(0, 1), self.weight.mT)

    def _statistics(self, y: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
        if not self.training:
            return self.mean, self.variance
        variances, means = torch.var_mean(y, (2, 3), unbiased=False)
        share = (keep / keep.sum(1, keepdim=True).clamp(min=1)).T[..., None]  # (B, F, 1)
        means = means.unflatten(1, (self.folds, FILTERS))
        variances = variances.unflatten(1, (self.folds, FILTERS))
        mean = (share * means).sum(0)
        variance = (share * (variances + (means - mean) ** 2)).sum(0)
        with torch.no_grad():
            self.mean.lerp_(mean, MOMENTUM)
            self.variance.lerp_(variance, MOMENTUM)
        return mean, variance

    def begin_with(self, other: FoldSTSTNet) -> None:
        """Give every fold the weights of a single net, such as one trained on generated maps."""
        if other.folds != 1:
            raise ValueError(f"expected one net to begin with, got {other.folds}")
        for name, value in other.state_dict().items():
            self.state_dict()[name].copy_(value.expand_as(self.state_dict()[name]))
