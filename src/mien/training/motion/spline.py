"""Known random deformations of a picture: an affine map and a thin-plate spline on top.

What FOMM and MRAA learn equivariance from. Coordinates are normalised as in `mien.models.warping`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.ulme_gan import Images
from mien.models.warping import Matrices, Points, apply_linear, identity_grid, inverse_2x2

_SMALLEST = 1e-12


@dataclass(frozen=True, kw_only=True)
class SplineNoise:
    """How far random deformations go. The defaults are the published ones.

    Attributes:
        affine: Standard deviation of the affine map's six numbers about the identity's.
        spline: Standard deviation of the spline's weights.
        side: Control points along each axis.
    """

    affine: float = 0.05
    spline: float = 0.005
    side: int = 5


@dataclass(frozen=True, eq=False)
class Deformation:
    """A map T of normalised coordinates; the deformed picture shows at z what was at T(z).

    Attributes:
        affine: (B, 2, 3), the linear map and the shift.
        controls: (C, 2) the spline's control points; C may be 0.
        weights: (B, C, 2) its weights: T has ``weights * r^2 log r`` more, r the distance to each.
    """

    affine: Float[Tensor, "batch 2 3"]
    controls: Float[Tensor, "controls 2"]
    weights: Float[Tensor, "batch controls 2"]

    def points(self, points: Points) -> Points:
        """T of (B, K, 2) points: from the deformed picture's to the original's."""
        _, squared = self._away(points)
        kernel = 0.5 * squared * squared.log()  # r^2 log r
        linear = apply_linear(self.affine[:, None, :, :2], points[:, None, None])[:, 0, 0]
        bent = (kernel[..., None] * self.weights[:, None]).sum(-2)
        return linear + self.affine[:, None, :, 2] + bent

    def jacobians(self, points: Points) -> Matrices:
        """The derivative of T at (B, K, 2) points: row i says how x (0) or y (1) of T changes."""
        away, squared = self._away(points)
        slope = (squared.log() + 1)[..., None] * away  # of r^2 log r
        bent = (self.weights[:, None, :, :, None] * slope[:, :, :, None, :]).sum(2)
        return self.affine[:, None, :, :2] + bent

    def inverse_points(self, points: Points, steps: int = 8) -> Points:
        """Where (B, K, 2) of the original picture's points come to lie, by Newton's method."""
        found = points
        for _ in range(steps):
            step = inverse_2x2(self.jacobians(found))
            error = (self.points(found) - points)[:, :, None, None]
            found = found - apply_linear(step, error)[:, :, 0, 0]
        return found

    def images(self, images: Images) -> Images:
        """Deform (B, C, H, W) pictures; beyond their border they are mirrored, as published."""
        height, width = images.shape[-2:]
        grid = identity_grid(height, width, self.affine).reshape(1, -1, 2)
        places = self.points(grid.expand(len(images), -1, -1)).view(-1, height, width, 2)
        return functional.grid_sample(
            images, places.to(images.dtype), padding_mode="reflection", align_corners=False
        )

    def _away(self, points: Points) -> tuple[Tensor, Tensor]:
        away = points[:, :, None] - self.controls
        return away, away.square().sum(-1).clamp(min=_SMALLEST)


def random_deformation(
    batch: int, noise: SplineNoise, generator: torch.Generator, like: Tensor
) -> Deformation:
    """Draw a deformation for each sample.

    Args:
        batch: Samples.
        noise: How far.
        generator: On the CPU, so that a seed gives the same on every device.
        like: A float32 tensor on the device that the deformation is wanted on.
    """
    affine = torch.eye(2, 3) + noise.affine * torch.randn(batch, 2, 3, generator=generator)
    weights = noise.spline * torch.randn(batch, noise.side**2, 2, generator=generator)
    along = torch.linspace(-1, 1, noise.side)
    controls = torch.cartesian_prod(along, along).view(-1, 2)
    return Deformation(*(part.to(like) for part in (affine, controls, weights)))
