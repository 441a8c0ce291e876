"""MRAA's regions: the place, covariance and affine map of each heatmap."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from mien.models.conventions import MIEN, Conventions
from mien.models.fomm import centres
from mien.models.warping import Matrices, Points, compose, identity_grid, inverse_2x2

Root: TypeAlias = Literal["principal", "symmetric", "svd"]
"""Which square root of the covariance is the affine map.

`principal`, as in the paper: the principal axes, each as long as its standard deviation. The axes of a nearly round
region are arbitrary and may swap between two frames, which turns everything around the region by 90 degrees. The maps
of a prior are nearly round. `symmetric` has no axes that could swap, and changes smoothly. `svd` is `principal` with
the axes' signs from LAPACK's decomposition, as in the published code; it is computed on the CPU.
"""

_SMALLEST = 1e-8


class Regions(NamedTuple):
    """Regions of a batch of pictures.

    Attributes:
        shift: (B, K, 2) places, normalised, in the network's own coordinates.
        covariance: (B, K, 2, 2) covariances around the places.
        affine: (B, K, 2, 2) affine maps; ``affine @ affine.T`` is the covariance.
    """

    shift: Points
    covariance: Matrices
    affine: Matrices


def regions_of(
    heat: Tensor, root: Root, shift: Points | None = None, how: Conventions = MIEN
) -> Regions:
    """Measure the regions of heatmaps.

    Args:
        heat: (B, K, h, w) heatmaps that each sum to 1. Any other sum, such as that of a prior's published maps,
            multiplies the covariance.
        root: Which square root is the affine map.
        shift: (B, K, 2) places around which the covariance is measured. None: the centres of the heatmaps, which must
            then sum to 1.
        how: Conventions of the coordinates.
    """
    shift = centres(heat, how) if shift is None else shift
    height, width = heat.shape[-2:]
    away = identity_grid(height, width, heat, how) - shift[:, :, None, None]
    products = away[..., :, None] * away[..., None, :]
    covariance = (heat[..., None, None] * products).sum((2, 3))
    return Regions(shift, covariance, covariance_root(covariance, root))


def covariance_root(covariance: Matrices, root: Root) -> Matrices:
    """Return an affine map A such that ``A @ A.T`` is the covariance.

    `principal` and `symmetric` have a closed form, which gives the same result on every device. In `principal` the
    longer axis comes first and points to the right; the second one is turned by 90 degrees, so the determinant is
    positive.
    """
    if root == "svd":
        axes, variances, _ = torch.linalg.svd(covariance.cpu())
        roots: Tensor = axes * variances.sqrt()[..., None, :]
        return roots.to(covariance.device)
    a, b, c = covariance[..., 0, 0], covariance[..., 0, 1], covariance[..., 1, 1]
    if root == "symmetric":
        # Cayley and Hamilton: the root of M is (M + sqrt(det M) I) / sqrt(tr M + 2 sqrt(det M)).
        area = (a * c - b * b).clamp(min=_SMALLEST**2).sqrt()[..., None, None]
        trace = (a + c)[..., None, None].clamp(min=_SMALLEST)
        eye = torch.eye(2, device=covariance.device, dtype=covariance.dtype)
        return (covariance + area * eye) / (trace + 2 * area).sqrt()
    middle, half = (a + c) / 2, (a - c) / 2
    radius = (half.square() + b.square()).clamp(min=_SMALLEST**2).sqrt()
    # The axes of a round region are undefined, and so is their gradient: take the picture's axes.
    round_ = (half.abs() + b.abs()) < _SMALLEST
    angle = torch.atan2(b, torch.where(round_, torch.ones_like(half), half)) / 2
    cosine, sine = angle.cos(), angle.sin()
    axes = torch.stack([torch.stack([cosine, -sine], -1), torch.stack([sine, cosine], -1)], -2)
    variances = torch.stack([middle + radius, middle - radius], -1).clamp(min=_SMALLEST)
    return axes * variances.sqrt()[..., None, :]


def transport(
    outer: Float[Tensor, "#batch points 2 2"],
    inner: Float[Tensor, "#batch points 2 2"],
    how: Conventions = MIEN,
) -> Float[Tensor, "#batch points 2 2"]:
    """Return the linear map between two affine maps: ``outer @ inverse(inner)``, up to its sign.

    Principal axes have no sign, so the product may be turned by 180 degrees; then it is negated.
    """
    linear = compose(outer, inverse_2x2(inner))
    return torch.where(is_turned(linear, how), -linear, linear)


def is_turned(linear: Float[Tensor, "*any 2 2"], how: Conventions) -> Bool[Tensor, "*any 1 1"]:
    """Return whether a linear map turns by about 180 degrees.

    Mien decides by the sign of the trace, the published code by the sign of the first number.
    """
    first = linear[..., 0, 0]
    turned = first if how.published else first + linear[..., 1, 1]
    return (turned < 0)[..., None, None]


def turned_regions(own: Regions, points: Points, maps: Matrices) -> Regions:
    """Return regions moved to other points, each turned and stretched by a linear map.

    Args:
        own: The source's regions.
        points: (B, K, 2) the points to move to, in the network's own coordinates.
        maps: (B, K, 2, 2) linear map around each point, from the source to the new point.
    """
    affine = compose(maps, own.affine)
    return Regions(points, compose(affine, affine.transpose(-1, -2)), affine)


def relative_regions(
    portrait: Regions, driver: Regions, driver_first: Regions, scale: float = 1.0
) -> Regions:
    """Apply the driver's change since its first frame to the portrait's regions.

    Args:
        portrait: (1 or B, K, ...) regions of the portrait.
        driver: (B, K, ...) regions of the driver's frames.
        driver_first: (1 or B, K, ...) regions of its first frame.
        scale: Size of the portrait's face divided by the driver's, in normalised coordinates.
    """
    shift = portrait.shift + scale * (driver.shift - driver_first.shift)
    affine = compose(transport(driver.affine, driver_first.affine), portrait.affine)
    return Regions(shift, compose(affine, affine.transpose(-1, -2)), affine)
