"""Facial priors: points of a face as maps, an input of a network.

EWP (equal weight) after Zhang et al., "Facial Prior Based First Order Motion Model for Micro-expression
Generation" (ACM MM 2021); AWP (adaptive weight) after "Facial Prior Guided Micro-Expression
Generation" (IEEE TIP 2024).

Each point k gives the map ``exp(-sqrt(r_k) / (2 s^2))`` with s = 0.75 and r_k the distance to the
point in 64ths of the picture's side, divided by its maximum and set to 0 below its own mean. The
points are given; nothing here finds a face.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mien.models.warping import Points, identity_grid

Prior: TypeAlias = Literal["none", "ewp", "awp"]
"""The facial prior of a network."""

SIGMA = 0.75
"""s, in the square root of 64ths of the picture's side."""

CELLS = 64
"""Cells along the side of the grid that is the unit of distance, whatever the size of the maps."""

_SMALLEST = 1e-20  # keeps the gradient of the root finite where a point is at a pixel's centre

Maps = Float[Tensor, "batch points height width"]


def city_block_maps(points: Points, height: int, width: int) -> Maps:
    """Return a map per point with the L1 distance, as in EWP; see `point_maps`."""
    away = (identity_grid(height, width, points) - points[:, :, None, None]).abs()
    return point_maps(away.sum(-1) * (CELLS / 2))


def euclidean_maps(points: Points, height: int, width: int) -> Maps:
    """Return a map per point with the Euclidean distance, as in AWP; see `point_maps`."""
    away = identity_grid(height, width, points) - points[:, :, None, None]
    return point_maps(away.square().sum(-1).clamp(min=_SMALLEST).sqrt() * (CELLS / 2))


def point_maps(distance: Maps) -> Maps:
    """Turn distances into the maps of a prior.

    Args:
        distance: (B, K, H, W) distance to each point, in 64ths of the picture's side.

    Returns:
        (B, K, H, W) from 0 to 1. The largest value of each map is 1; values below its mean are 0.
        Differentiable except for the position of that cut.
    """
    maps = torch.exp(-distance.clamp(min=_SMALLEST).sqrt() / (2 * SIGMA**2))
    maps = maps / maps.amax((-2, -1), keepdim=True)
    kept = maps >= maps.mean((-2, -1), keepdim=True)
    return torch.where(kept, maps, torch.zeros_like(maps))


def equal_weight_prior(
    points: Points, height: int, width: int
) -> Float[Tensor, "batch 1 height width"]:
    """Return EWP: the sum of the points' maps, divided by its maximum.

    Args:
        points: (B, K, 2) normalised.
        height: Height of the map, pixels.
        width: Width of the map, pixels.

    Returns:
        (B, 1, H, W) from 0 to 1.
    """
    total = city_block_maps(points, height, width).sum(1, keepdim=True)
    return total / total.amax((-2, -1), keepdim=True)


class EqualWeightPrior(nn.Module):
    """`equal_weight_prior` as a layer; it has no parameters."""

    def forward(
        self, points: Points, height: int, width: int
    ) -> Float[Tensor, "batch 1 height width"]:
        """Compute `equal_weight_prior`."""
        return equal_weight_prior(points, height, width)


class AdaptiveWeightPrior(nn.Module):
    """AWP: two learned 3x3 convolutions over the points' maps, 18 to 9 to 1 channels as published."""

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
        mixed: Tensor = self.mix(euclidean_maps(points, height, width))
        return mixed


def prior_layer(prior: Prior, points: int) -> nn.Module:
    """Return the layer that turns points into the single channel of a prior."""
    return EqualWeightPrior() if prior == "ewp" else AdaptiveWeightPrior(points)
