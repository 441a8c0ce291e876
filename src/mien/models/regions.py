"""MRAA's regions: turn heatmaps into a position, a covariance and an affine map from the principal axes."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import torch
from torch import Tensor

from mien.models.fomm import centres
from mien.models.warping import Matrices, Points, compose, identity_grid, inverse_2x2

Root: TypeAlias = Literal["principal", "symmetric"]
"""Which square root of the covariance is the affine map.

`principal` is the published one: the principal axes, each as long as its standard deviation. If a region is almost
round, its axes are arbitrary and may swap between two frames, which turns everything around it by 90
degrees. The maps of a prior are almost round. `symmetric` has no axes that can swap and changes smoothly.
"""

_SMALLEST = 1e-8


class Regions(NamedTuple):
    """Regions of a batch of pictures.

    Attributes:
        shift: (B, K, 2) their positions, normalised.
        covariance: (B, K, 2, 2).
        affine: (B, K, 2, 2) with ``affine @ affine.T`` the covariance.
    """

    shift: Points
    covariance: Matrices
    affine: Matrices


def regions_of(heat: Tensor, root: Root, shift: Points | None = None) -> Regions:
    """Measure heatmaps.

    Args:
        heat: (B, K, h, w), each summing to 1.
        root: Which affine map to use.
        shift: (B, K, 2) centres for the covariance; None for the heatmaps' own centres.
    """
    shift = centres(heat) if shift is None else shift
    height, width = heat.shape[-2:]
    away = identity_grid(height, width, heat) - shift[:, :, None, None]
    products = away[..., :, None] * away[..., None, :]
    covariance = (heat[..., None, None] * products).sum((2, 3))
    return Regions(shift, covariance, covariance_root(covariance, root))


def covariance_root(covariance: Matrices, root: Root) -> Matrices:
    """Return the affine map that is a square root of a covariance.

    It is computed in closed form, with the same result on every device. The longer principal axis
    comes first and points to the right. The second axis is a quarter turn further, so the
    determinant is positive.
    """
    a, b, c = covariance[..., 0, 0], covariance[..., 0, 1], covariance[..., 1, 1]
    if root == "symmetric":
        # Cayley and Hamilton: the root of M is (M + sqrt(det M) I) / sqrt(tr M + 2 sqrt(det M)).
        area = (a * c - b * b).clamp(min=_SMALLEST**2).sqrt()[..., None, None]
        trace = (a + c)[..., None, None].clamp(min=_SMALLEST)
        eye = torch.eye(2, device=covariance.device, dtype=covariance.dtype)
        return (covariance + area * eye) / (trace + 2 * area).sqrt()
    middle, half = (a + c) / 2, (a - c) / 2
    radius = (half.square() + b.square()).clamp(min=_SMALLEST**2).sqrt()
    # A round region has no axes and no gradient of them: use the axes of the picture.
    round_ = (half.abs() + b.abs()) < _SMALLEST
    angle = torch.atan2(b, torch.where(round_, torch.ones_like(half), half)) / 2
    cosine, sine = angle.cos(), angle.sin()
    axes = torch.stack([torch.stack([cosine, -sine], -1), torch.stack([sine, cosine], -1)], -2)
    variances = torch.stack([middle + radius, middle - radius], -1).clamp(min=_SMALLEST)
    return axes * variances.sqrt()[..., None, :]


def transport(outer: Matrices, inner: Matrices) -> Matrices:
    """Return the linear map from one affine map to another: ``outer @ inverse(inner)``, never upside down.

    Principal axes have no sign, so the product may be turned by 180 degrees; it is then turned back.
    """
    linear = compose(outer, inverse_2x2(inner))
    trace = linear[..., 0, 0] + linear[..., 1, 1]
    return torch.where((trace < 0)[..., None, None], -linear, linear)


def relative_regions(
    portrait: Regions, driver: Regions, driver_first: Regions, scale: float = 1.0
) -> Regions:
    """Return the portrait's regions, changed as the driver's changed since its first frame.

    Args:
        portrait: (1 or B, K, ...).
        driver: (B, K, ...) the driver's frames.
        driver_first: (1 or B, K, ...) its first frame.
        scale: Size of the portrait's face divided by that of the driver's, in normalised coordinates.
    """
    shift = portrait.shift + scale * (driver.shift - driver_first.shift)
    affine = compose(transport(driver.affine, driver_first.affine), portrait.affine)
    return Regions(shift, compose(affine, affine.transpose(-1, -2)), affine)
