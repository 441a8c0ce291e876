"""FOMM's patch discriminator at several scales; it also returns features for feature matching."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mien.errors import UsageError
from mien.models.config_checks import check_config
from mien.models.layers import downsample, level_widths
from mien.models.ulme_gan import Images
from mien.models.warping import Points, gaussian_maps

_KERNEL = 4


@dataclass(frozen=True, kw_only=True)
class PatchDiscriminatorConfig:
    """Config of the discriminator. The defaults are those published for faces.

    Attributes:
        image_px: Side of the square picture.
        points: Number of keypoints that it gets as Gaussians; 0 for none.
        width: Half the channels of the first block; they double from block to block.
        max_width: Largest number of channels.
        blocks: Number of 4x4 convolutions; all but the last are followed by a halving.
        factors: Downsampling factor of each scale.
        variance: Variance of the keypoints' Gaussians, normalised.

    Raises:
        UsageError: A value out of its range, or a picture too small for the blocks.
    """

    image_px: int = 256
    points: int = 0
    width: int = 32
    max_width: int = 512
    blocks: int = 4
    factors: tuple[int, ...] = (1,)
    variance: float = 0.01

    def __post_init__(self) -> None:
        object.__setattr__(self, "factors", tuple(self.factors))
        check_config(self)
        if min(self.width, self.max_width, self.blocks) < 1 or self.points < 0:
            raise UsageError("expected widths and blocks of at least 1, and points of at least 0")
        if not self.factors or any(f < 1 or (f > 1 and f % 2) for f in self.factors):
            raise UsageError(f"expected factors of 1 or even numbers, got {self.factors}")
        side = self.image_px // max(self.factors)
        for block in range(self.blocks):
            side = (side - _KERNEL + 1) // (2 if block < self.blocks - 1 else 1)
        if side < 1:
            raise UsageError(f"expected fewer blocks or a larger picture, got {self.image_px} px")


class PatchJudgement(NamedTuple):
    """The judgement of one scale.

    Attributes:
        realness: (B, 1, h, w) score of each patch, near 1 for real and near 0 for generated patches.
        features: Output of each block, first to last.
    """

    realness: Tensor
    features: tuple[Tensor, ...]


class PatchDiscriminator(nn.Module):
    """Score how real each patch of a picture looks, on each scale."""

    def __init__(self, config: PatchDiscriminatorConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or PatchDiscriminatorConfig()
        self.scales = nn.ModuleList(_Scale(config) for _ in config.factors)

    def forward(self, images: Images, points: Points | None = None) -> list[PatchJudgement]:
        """Judge pictures on each scale.

        Args:
            images: (B, 3, H, W) RGB in [-1, 1].
            points: (B, K, 2) normalised keypoints; None if the config has no points.

        Raises:
            UsageError: Points without ``points`` in the config, or the other way round.
        """
        if (points is None) != (self.config.points == 0):
            raise UsageError(f"expected {self.config.points or 'no'} points for the discriminator")
        judged = []
        for factor, scale in zip(self.config.factors, self.scales, strict=True):
            seen = downsample(images, factor)
            if points is not None:
                height, width = seen.shape[-2:]
                maps = gaussian_maps(points, height, width, self.config.variance)
                seen = torch.cat([seen, maps.to(seen.dtype)], 1)
            judged.append(scale(seen))
        return judged


class _Scale(nn.Module):
    def __init__(self, config: PatchDiscriminatorConfig) -> None:
        super().__init__()
        widths = level_widths(config.width, config.max_width, config.blocks)[1:]
        channels = [3 + config.points, *widths]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, _KERNEL) for a, b in pairwise(channels))
        self.norms = nn.ModuleList(nn.InstanceNorm2d(w, affine=True) for w in widths[1:])
        self.head = nn.Conv2d(widths[-1], 1, 1)

    def forward(self, x: Tensor) -> PatchJudgement:
        features = []
        for block, conv in enumerate(self.convs):
            x = conv(x)
            if block > 0:
                x = self.norms[block - 1](x)
            x = functional.leaky_relu(x, 0.2)
            if block < len(self.convs) - 1:
                x = functional.avg_pool2d(x, 2)
            features.append(x)
        return PatchJudgement(self.head(x), tuple(features))
