"""Coordinates of pictures: grids, Gaussians at points, and warps.

Normalised coordinates are (x, y) in [-1, 1] from edge to edge of the picture, x to the right, y
down: of n pixels the i-th has its centre at ``(2 i + 1) / n - 1``, whatever the picture's size, so a
point is the same at every scale. (FOMM puts the outer pixels' centres at -1 and 1, and samples
as if their edges were there.)

A motion is a displacement, not a map of places: no motion is exactly 0 at every scale, and small
motions keep their digits. It is backward: the driving frame's pixel z is found in the source at
``z + displacement(z)``.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

Points = Float[Tensor, "batch points 2"]
"""Normalised (x, y)."""

Matrices = Float[Tensor, "batch points 2 2"]
"""A linear map at each point: row i says how x (0) or y (1) comes out."""

Displacement = Float[Tensor, "batch 2 height width"]
"""Normalised, channel 0 along x, 1 along y."""


def identity_grid(height: int, width: int, like: Tensor) -> Float[Tensor, "height width 2"]:
    """Return the normalised coordinates of each pixel's centre, on another tensor's device and of its type."""
    x, y = (
        (2 * torch.arange(size, device=like.device, dtype=like.dtype) + 1) / size - 1
        for size in (width, height)
    )
    return torch.stack([x.expand(height, -1), y[:, None].expand(-1, width)], -1)


def gaussian_maps(
    points: Points, height: int, width: int, covariance: float | Matrices
) -> Float[Tensor, "batch points height width"]:
    """Unnormalised Gaussians, 1 at their centres.

    Args:
        points: (B, K, 2).
        height: Of the maps.
        width: Of the maps.
        covariance: A variance for all, or (B, K, 2, 2).
    """
    away = identity_grid(height, width, points) - points[:, :, None, None]
    if isinstance(covariance, Tensor):
        scaled = apply_linear(inverse_2x2(covariance), away)
        return torch.exp(-0.5 * (away * scaled).sum(-1))
    return torch.exp(-0.5 * away.square().sum(-1) / covariance)


def apply_linear(
    linear: Matrices, vectors: Float[Tensor, "batch points height width 2"]
) -> Float[Tensor, "batch points height width 2"]:
    """Each point's matrix times each of its vectors; never in half precision, as a matmul would be."""
    x, y = vectors.unbind(-1)
    rows = linear[:, :, None, None].unbind(-2)
    return torch.stack([row[..., 0] * x + row[..., 1] * y for row in rows], -1)


def compose(
    outer: Float[Tensor, "*leading 2 2"], inner: Float[Tensor, "*leading 2 2"]
) -> Float[Tensor, "*leading 2 2"]:
    """Return the matrix product, likewise never in half precision."""
    return (outer[..., :, :, None] * inner[..., None, :, :]).sum(-2)


def inverse_2x2(matrices: Float[Tensor, "*leading 2 2"]) -> Float[Tensor, "*leading 2 2"]:
    """Return the inverse in closed form, the same on every device; infinite if the matrix is singular."""
    a, b, c, d = matrices.flatten(-2).unbind(-1)
    adjugate = torch.stack([torch.stack([d, -b], -1), torch.stack([-c, a], -1)], -2)
    return adjugate / (a * d - b * c)[..., None, None]


def local_displacements(
    source: Points, driving: Points, linear: Matrices, height: int, width: int
) -> Float[Tensor, "batch points height width 2"]:
    """How each point alone would have all pixels move.

    The displacement at z is ``source + linear (z - driving) - z``: none at all where the points are the same
    and the linear map is the identity.

    Args:
        source: (B, K, 2) the points in the source.
        driving: (B, K, 2) the same points in the driving frame.
        linear: (B, K, 2, 2) the linear part of the map from the driving frame to the source.
        height: Of the maps.
        width: Of the maps.
    """
    away = identity_grid(height, width, driving) - driving[:, :, None, None]
    stretch = linear - torch.eye(2, device=linear.device, dtype=linear.dtype)
    return (source - driving)[:, :, None, None] + apply_linear(stretch, away)


def warp(images: Tensor, displacement: Displacement) -> Tensor:
    """Look pictures or features up where a motion says.

    Args:
        images: (B, C, H, W).
        displacement: (B, 2, h, w); brought to H, W if it has another size.

    Returns:
        (B, C, H, W), bilinear; beyond the border the border goes on.
    """
    height, width = images.shape[-2:]
    displacement = resized(displacement, height, width)
    grid = identity_grid(height, width, displacement) + displacement.movedim(1, -1)
    return sampled(images, grid)


def sampled(images: Tensor, places: Float[Tensor, "batch height width 2"]) -> Tensor:
    """Look up places (B, h, w, 2), normalised, in (B, C, H, W): (B, C, h, w) of the same type.

    Never in half precision, whose steps among places are of whole pixels.
    """
    found = functional.grid_sample(
        images.float(), places.float(), padding_mode="border", align_corners=False
    )
    return found.to(images.dtype)


def resized(maps: Tensor, height: int, width: int) -> Tensor:
    """Resize maps (B, C, h, w), bilinear."""
    if maps.shape[-2:] == (height, width):
        return maps
    return functional.interpolate(maps, (height, width), mode="bilinear", align_corners=False)
