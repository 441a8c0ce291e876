"""Random deformations of a picture: an affine map plus a bend.

FOMM and MRAA learn equivariance from these deformations. The bend is the published one. Its authors call
it a thin-plate spline, but it uses the L1 distance, and moves x and y by the same amount.
Coordinates are normalised as in `mien.models.warping`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.warping import Matrices, Points, apply_linear, identity_grid, inverse_2x2

_SMALLEST = 1e-6
_LONGEST_STEP = 0.25


@dataclass(frozen=True, kw_only=True)
class SplineNoise:
    """Strength of random deformations. The defaults are the published ones.

    Attributes:
        affine: Standard deviation of the six numbers of the affine map about the identity.
        spline: Standard deviation of the bend's weights.
        side: Number of control points along each axis.
    """

    affine: float = 0.05
    spline: float = 0.005
    side: int = 5


@dataclass(frozen=True, eq=False)
class Deformation:
    """A map T of normalised coordinates; the deformed picture at z is the original at T(z).

    Attributes:
        affine: (B, 2, 3) linear map and shift.
        controls: (C, 2) control points of the bend; C may be 0.
        weights: (B, C) weights of the bend: it adds ``weights * r^2 log r`` to x and to y, with r
            the L1 distance to each control point.
    """

    affine: Float[Tensor, "batch 2 3"]
    controls: Float[Tensor, "controls 2"]
    weights: Float[Tensor, "batch controls"]

    def points(self, points: Points) -> Points:
        """Map (B, K, 2) points of the deformed picture to the original: T."""
        _, distance = self._away(points)
        kernel = distance.square() * (distance + _SMALLEST).log()
        linear = apply_linear(self.affine[:, None, :, :2], points[:, None, None])[:, 0, 0]
        bent = (kernel * self.weights[:, None]).sum(-1)
        return linear + self.affine[:, None, :, 2] + bent[..., None]

    def jacobians(self, points: Points) -> Matrices:
        """Return the derivative of T at (B, K, 2) points: (B, K, 2, 2); row 0 is of x, row 1 of y."""
        away, distance = self._away(points)
        beyond = distance + _SMALLEST
        slope = 2 * distance * beyond.log() + distance.square() / beyond  # of r^2 log r
        bent = ((self.weights[:, None] * slope)[..., None] * away.sign()).sum(2)
        return self.affine[:, None, :, :2] + bent[:, :, None]

    def inverse_points(self, points: Points, steps: int = 8) -> Points:
        """Find where points of the original lie in the deformed picture, by Newton's method.

        Args:
            points: (B, K, 2) x and y, -1 to 1.
            steps: Newton iterations.
        """
        found = points
        for _ in range(steps):
            step = inverse_2x2(self.jacobians(found))
            error = (self.points(found) - points)[:, :, None, None]
            # The bend has kinks, at which a whole step could lead far away.
            moved = apply_linear(step, error)[:, :, 0, 0]
            found = found - moved.clamp(-_LONGEST_STEP, _LONGEST_STEP)
        return found

    def images(
        self, images: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels height width"]:
        """Deform (B, C, H, W) pictures, mirrored at their border, as published."""
        height, width = images.shape[-2:]
        grid = identity_grid(height, width, self.affine).reshape(1, -1, 2)
        places = self.points(grid.expand(len(images), -1, -1)).view(-1, height, width, 2)
        return functional.grid_sample(
            images, places.to(images.dtype), padding_mode="reflection", align_corners=False
        )

    def _away(self, points: Points) -> tuple[Tensor, Tensor]:
        away = points[:, :, None] - self.controls
        return away, away.abs().sum(-1)


def random_deformation(
    batch: int, noise: SplineNoise, generator: torch.Generator, like: Tensor
) -> Deformation:
    """Draw a deformation for each sample.

    Args:
        batch: Number of samples.
        noise: Strength of the deformations.
        generator: A generator on the CPU, so that a seed gives the same deformations on every device.
        like: A float32 tensor on the device to use.
    """
    affine = torch.eye(2, 3) + noise.affine * torch.randn(batch, 2, 3, generator=generator)
    weights = noise.spline * torch.randn(batch, noise.side**2, generator=generator)
    along = torch.linspace(-1, 1, noise.side)
    controls = torch.cartesian_prod(along, along).view(-1, 2)
    return Deformation(*(part.to(like) for part in (affine, controls, weights)))
