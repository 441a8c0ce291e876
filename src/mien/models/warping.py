"""Coordinates of pictures: grids, Gaussians at points, and warps.

Normalised coordinates are (x, y) in [-1, 1] from edge to edge of the picture, x to the right, y
down. The centre of pixel i of n is at ``(2 i + 1) / n - 1``, so a point has the same coordinates at
every scale. (FOMM puts the centres of the outer pixels at -1 and 1, but samples as if their edges
were there; see `mien.models.conventions`.)

A motion is a displacement, not a map of positions: no motion is exactly 0 at every scale, and small
motions keep their precision. It is backward: the driving frame's pixel z is at
``z + displacement(z)`` in the source.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.conventions import MIEN, Conventions

Points = Float[Tensor, "batch points 2"]
"""Normalised (x, y)."""

Matrices = Float[Tensor, "batch points 2 2"]
"""A linear map at each point; row 0 gives x, row 1 gives y."""

Displacement = Float[Tensor, "batch 2 height width"]
"""Normalised displacement; channel 0 is x, channel 1 is y."""


def identity_grid(
    height: int, width: int, like: Tensor, how: Conventions = MIEN
) -> Float[Tensor, "height width 2"]:
    """Return the normalised coordinates of each pixel's centre, with the device and type of ``like``."""
    x, y = (_centres(size, like, how) for size in (width, height))
    return torch.stack([x.expand(height, -1), y[:, None].expand(-1, width)], -1)


def _centres(size: int, like: Tensor, how: Conventions) -> Float[Tensor, " size"]:
    numbers = torch.arange(size, device=like.device, dtype=like.dtype)
    if how.published:
        return 2 * numbers / (size - 1) - 1
    return (2 * numbers + 1) / size - 1


def gaussian_maps(
    points: Points,
    height: int,
    width: int,
    covariance: float | Matrices,
    how: Conventions = MIEN,
) -> Float[Tensor, "batch points height width"]:
    """Return Gaussians at points, with maximum 1.

    Args:
        points: (B, K, 2).
        height: Height of the maps, pixels.
        width: Width of the maps, pixels.
        covariance: One variance for all, or (B, K, 2, 2).
        how: Conventions of the coordinates.
    """
    away = identity_grid(height, width, points, how) - points[:, :, None, None]
    if isinstance(covariance, Tensor):
        scaled = apply_linear(inverse_2x2(covariance), away)
        return torch.exp(-0.5 * (away * scaled).sum(-1))
    return torch.exp(-0.5 * away.square().sum(-1) / covariance)


def apply_linear(
    linear: Matrices, vectors: Float[Tensor, "batch points height width 2"]
) -> Float[Tensor, "batch points height width 2"]:
    """Multiply each point's matrix with its vectors; autocast does not lower the precision."""
    x, y = vectors.unbind(-1)
    rows = linear[:, :, None, None].unbind(-2)
    return torch.stack([row[..., 0] * x + row[..., 1] * y for row in rows], -1)


def compose(
    outer: Float[Tensor, "*#leading 2 2"], inner: Float[Tensor, "*#leading 2 2"]
) -> Float[Tensor, "*#leading 2 2"]:
    """Return the matrix product; autocast does not lower the precision."""
    return (outer[..., :, :, None] * inner[..., None, :, :]).sum(-2)


def inverse_2x2(matrices: Float[Tensor, "*leading 2 2"]) -> Float[Tensor, "*leading 2 2"]:
    """Return the inverse in closed form, the same on every device. Infinite if the matrix is singular."""
    a, b, c, d = matrices.flatten(-2).unbind(-1)
    adjugate = torch.stack([torch.stack([d, -b], -1), torch.stack([-c, a], -1)], -2)
    return adjugate / (a * d - b * c)[..., None, None]


def local_displacements(
    source: Points,
    driving: Points,
    linear: Matrices,
    height: int,
    width: int,
    how: Conventions = MIEN,
) -> Float[Tensor, "batch points height width 2"]:
    """Return the motion of all pixels if they followed each point alone.

    The displacement at z is ``source + linear (z - driving) - z``, which is exactly 0 if the points
    are equal and the linear map is the identity.

    Args:
        source: (B, K, 2) the points in the source.
        driving: (B, K, 2) the same points in the driving frame.
        linear: (B, K, 2, 2) the linear part of the map from the driving frame to the source.
        height: Height of the maps, pixels.
        width: Width of the maps, pixels.
        how: Conventions of the coordinates.
    """
    away = identity_grid(height, width, driving, how) - driving[:, :, None, None]
    stretch = linear - torch.eye(2, device=linear.device, dtype=linear.dtype)
    return (source - driving)[:, :, None, None] + apply_linear(stretch, away)


def warp(images: Tensor, displacement: Displacement, how: Conventions = MIEN) -> Tensor:
    """Warp pictures or features by a backward motion.

    Args:
        images: (B, C, H, W).
        displacement: (B, 2, h, w); resized to H, W if it has another size.
        how: Conventions of the coordinates and of sampling.

    Returns:
        (B, C, H, W), sampled bilinearly; the border is replicated, or black as published.
    """
    height, width = images.shape[-2:]
    if how.published:
        rows, columns = displacement.shape[-2:]
        own = identity_grid(rows, columns, displacement, how).movedim(-1, 0)
        return sampled(images, resized(own + displacement, height, width).movedim(1, -1), how)
    displacement = resized(displacement, height, width)
    grid = identity_grid(height, width, displacement) + displacement.movedim(1, -1)
    return sampled(images, grid)


def sampled(
    images: Tensor, places: Float[Tensor, "batch height width 2"], how: Conventions = MIEN
) -> Tensor:
    """Sample (B, C, H, W) at normalised places (B, h, w, 2): (B, C, h, w) of the same type.

    It samples in float32, because half precision would round the places to whole pixels. The result has the memory
    layout of the pictures.
    """
    found = functional.grid_sample(
        images.float(),
        places.float(),
        padding_mode="zeros" if how.published else "border",
        align_corners=how.align_corners,
    )
    channels_last = images.shape[1] > 1 and images.stride(1) == 1
    layout = torch.channels_last if channels_last else torch.contiguous_format
    return found.to(images.dtype, memory_format=layout)


def resized(maps: Tensor, height: int, width: int) -> Tensor:
    """Resize maps (B, C, h, w) bilinearly."""
    if maps.shape[-2:] == (height, width):
        return maps
    return functional.interpolate(maps, (height, width), mode="bilinear", align_corners=False)
