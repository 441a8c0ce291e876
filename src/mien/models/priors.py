"""Facial priors: points of a face as maps that a network can see.

EWP (equal weight) after Zhang et al., "Facial Prior Based First Order Motion Model for Micro-expression
Generation" (ACM MM 2021); AWP (adaptive weight) after "Facial Prior Guided Micro-Expression
Generation" (IEEE TIP 2024).

Each point k gives the map ``exp(-sqrt(r_k) / (2 s^2))`` with s = 0.75 and r the distance to the
point in 64ths of the picture's side, divided by its maximum and 0 where it is below its own mean. The
points come in; nothing here finds a face.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mien.models.warping import Points, identity_grid

Prior: TypeAlias = Literal["none", "ewp", "awp"]
"""Which facial prior a network is given."""

SIGMA = 0.75
"""s, in the square root of 64ths of the picture's side."""

CELLS = 64
"""Cells along the side of the grid on which the distance counts, whatever the maps' size."""

_SMALLEST = 1e-20  # keeps the root's gradient finite where a point is a pixel's centre

Maps = Float[Tensor, "batch points height width"]


def city_block_maps(points: Points, height: int, width: int) -> Maps:
    """One map for each point with the L1 distance, EWP's; see `point_maps`."""
    away = (identity_grid(height, width, points) - points[:, :, None, None]).abs()
    return point_maps(away.sum(-1) * (CELLS / 2))


def euclidean_maps(points: Points, height: int, width: int) -> Maps:
    """One map for each point with the Euclidean distance, AWP's; see `point_maps`."""
    away = identity_grid(height, width, points) - points[:, :, None, None]
    return point_maps(away.square().sum(-1).clamp(min=_SMALLEST).sqrt() * (CELLS / 2))


def point_maps(distance: Maps) -> Maps:
    """Return the prior's maps of distances.

    Args:
        distance: (B, K, H, W) to each point, in 64ths of the picture's side.

    Returns:
        (B, K, H, W) from 0 to 1; the largest value is 1, and what would be below the map's mean
        is 0. Differentiable but for where that cut lies.
    """
    maps = torch.exp(-distance.clamp(min=_SMALLEST).sqrt() / (2 * SIGMA**2))
    maps = maps / maps.amax((-2, -1), keepdim=True)
    kept = maps >= maps.mean((-2, -1), keepdim=True)
    return torch.where(kept, maps, torch.zeros_like(maps))


def equal_weight_prior(
    points: Points, height: int, width: int
) -> Float[Tensor, "batch 1 height width"]:
    """EWP: the points' maps added up, divided by the largest sum.

    Args:
        points: (B, K, 2) normalised.
        height: Of the map.
        width: Of the map.

    Returns:
        (B, 1, H, W) from 0 to 1.
    """
    total = city_block_maps(points, height, width).sum(1, keepdim=True)
    return total / total.amax((-2, -1), keepdim=True)


class EqualWeightPrior(nn.Module):
    """`equal_weight_prior` as a layer; it has nothing to learn."""

    def forward(
        self, points: Points, height: int, width: int
    ) -> Float[Tensor, "batch 1 height width"]:
        """As `equal_weight_prior`."""
        return equal_weight_prior(points, height, width)


class AdaptiveWeightPrior(nn.Module):
    """AWP: the points' maps through two learned 3x3 convolutions, 18 to 9 to 1 as published."""

    def __init__(self, points: int = 18) -> None:
        super().__init__()
        narrower = max(1, points // 2)
        # No activation between them, as published.
        self.mix = nn.Sequential(
            nn.Conv2d(points, narrower, 3, padding=1), nn.Conv2d(narrower, 1, 3, padding=1)
        )

    def forward(
        self, points: Points, height: int, width: int
    ) -> Float[Tensor, "batch 1 height width"]:
        """Map (B, K, 2) normalised points to (B, 1, H, W), unbounded."""
        channel: Tensor = self.mix(euclidean_maps(points, height, width))
        return channel


def prior_layer(prior: Prior, points: int) -> nn.Module:
    """Return the layer that turns points into a prior's one channel."""
    return EqualWeightPrior() if prior == "ewp" else AdaptiveWeightPrior(points)
