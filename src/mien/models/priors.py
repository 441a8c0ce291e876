"""Facial priors: turn points of a face into maps that a network can take as input.

EWP (equal weight) after Zhang et al., "Facial Prior Based First Order Motion Model for Micro-expression
Generation" (ACM MM 2021); AWP (adaptive weight) after "Facial Prior Guided Micro-Expression
Generation" (IEEE TIP 2024).

Each point k gives the map ``exp(-sqrt(r_k) / (2 s^2))`` with s = 0.75, where r is the distance to the
point in 64ths of the picture's side. The map is divided by its maximum, then set to 0 where it is below
its own mean. The caller gives the points; this module does not find faces.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mien.models.conventions import MIEN, Conventions
from mien.models.warping import Points, identity_grid

Prior: TypeAlias = Literal["none", "ewp", "awp"]
"""The facial prior of a network."""

SIGMA = 0.75
"""The constant s of the maps' formula."""

CELLS = 64
"""Cells along the side of the grid in which distances are measured, whatever the maps' size."""

_SMALLEST = (
    1e-20  # keeps the gradient of the square root finite where a point lies on a pixel's centre
)

Maps = Float[Tensor, "batch points height width"]


def city_block_maps(points: Points, height: int, width: int, how: Conventions = MIEN) -> Maps:
    """Make one map for each point with the L1 distance, as EWP does; see `point_maps`."""
    return point_maps(_away(points, height, width, how).abs().sum(-1))


def euclidean_maps(points: Points, height: int, width: int, how: Conventions = MIEN) -> Maps:
    """Make one map for each point with the Euclidean distance, as AWP does; see `point_maps`."""
    away = _away(points, height, width, how)
    return point_maps(away.square().sum(-1).clamp(min=_SMALLEST).sqrt())


def own_points(points: Points, image_px: int, how: Conventions) -> Points:
    """Convert prior points to a network's own coordinates.

    Args:
        points: (B, K, 2) in Mien's normalised coordinates.
        image_px: Side of the network's picture, pixels.
        how: The network's conventions.
    """
    # Mien puts pixel x at (2 x + 1) / side - 1, the published code at 2 x / side - 1.
    return points - 1 / image_px if how.published else points


def _away(
    points: Points, height: int, width: int, how: Conventions
) -> Float[Tensor, "batch points height width 2"]:
    """Return (x, y) from each point to each cell, in 64ths of the picture's side."""
    if not how.published:
        return (identity_grid(height, width, points) - points[:, :, None, None]) * (CELLS / 2)
    x, y = (
        (torch.arange(size, device=points.device, dtype=points.dtype) + 1) * (CELLS / size)
        for size in (width, height)
    )
    cells = torch.stack([x.expand(height, -1), y[:, None].expand(-1, width)], -1)
    return cells - ((points + 1) * (CELLS / 2))[:, :, None, None]


def point_maps(distance: Maps) -> Maps:
    """Turn distances into the prior's maps.

    Args:
        distance: (B, K, H, W) the distance to each point, in 64ths of the picture's side.

    Returns:
        (B, K, H, W) from 0 to 1. The largest value of a map is 1; values below the map's mean are
        set to 0. The maps are differentiable, except for the choice of the pixels set to 0.
    """
    maps = torch.exp(-distance.clamp(min=_SMALLEST).sqrt() / (2 * SIGMA**2))
    maps = maps / maps.amax((-2, -1), keepdim=True)
    kept = maps >= maps.mean((-2, -1), keepdim=True)
    return torch.where(kept, maps, torch.zeros_like(maps))


def equal_weight_prior(
    points: Points, height: int, width: int, how: Conventions = MIEN
) -> Float[Tensor, "batch 1 height width"]:
    """Make EWP's map: the sum of the points' maps, divided by its largest value.

    Args:
        points: (B, K, 2) normalised.
        height: Height of the map, pixels.
        width: Width of the map, pixels.
        how: Conventions of the coordinates.

    Returns:
        (B, 1, H, W) from 0 to 1.
    """
    total = city_block_maps(points, height, width, how).sum(1, keepdim=True)
    return total / total.amax((-2, -1), keepdim=True)


class EqualWeightPrior(nn.Module):
    """`equal_weight_prior` as a layer without parameters."""

    def __init__(self, how: Conventions = MIEN) -> None:
        super().__init__()
        self.how = how

    def forward(
        self, points: Points, height: int, width: int
    ) -> Float[Tensor, "batch 1 height width"]:
        """Map (B, K, 2) normalised points to (B, 1, H, W); see `equal_weight_prior`."""
        return equal_weight_prior(points, height, width, self.how)


class AdaptiveWeightPrior(nn.Module):
    """AWP: two learned 3x3 convolutions of the points' maps, from 18 to 9 to 1 channels as published."""

    def __init__(self, points: int = 18, how: Conventions = MIEN) -> None:
        super().__init__()
        self.how = how
        narrower = max(1, points // 2)
        # No activation between them, as published.
        self.mix = nn.Sequential(
            nn.Conv2d(points, narrower, 3, padding=1), nn.Conv2d(narrower, 1, 3, padding=1)
        )

    def forward(
        self, points: Points, height: int, width: int
    ) -> Float[Tensor, "batch 1 height width"]:
        """Map (B, K, 2) normalised points to (B, 1, H, W), unbounded."""
        channel: Tensor = self.mix(euclidean_maps(points, height, width, self.how))
        return channel


def prior_layer(prior: Prior, points: int, how: Conventions = MIEN) -> nn.Module:
    """Return the layer that turns points into a prior's single channel."""
    return EqualWeightPrior(how) if prior == "ewp" else AdaptiveWeightPrior(points, how)
