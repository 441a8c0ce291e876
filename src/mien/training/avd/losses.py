"""AVD's losses as pure functions of regions, and the change of shape that AVD learns to undo."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from mien.models.regions import Regions
from mien.models.warping import compose
from mien.training.core.losses import Losses


def stretched(regions: Regions, factors: Float[Tensor, "batch 2"]) -> Regions:
    """Stretch the regions of each picture along x and y, as if its face had another shape.

    Args:
        regions: (B, K, ...).
        factors: (B, 2) factors along x and y, about the picture's centre.
    """
    affine = factors[:, None, :, None] * regions.affine
    shift = factors[:, None] * regions.shift
    return Regions(shift, compose(affine, affine.transpose(-1, -2)), affine)


def region_losses(made: Regions, wanted: Regions) -> Losses:
    """Return the mean absolute differences of the regions' places and of their affine maps."""
    return {
        "shift": (wanted.shift - made.shift).abs().mean(),
        "affine": (wanted.affine - made.affine).abs().mean(),
    }


def mean_distance(one: Regions, other: Regions) -> Float[Tensor, ""]:
    """Return the mean distance between the places of two sets of regions, normalised."""
    return (one.shift - other.shift).square().sum(-1).sqrt().mean()
