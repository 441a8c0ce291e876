"""Losses of motion transfer as pure functions; pictures are (B, 3, H, W) RGB in [-1, 1]."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.layers import downsample
from mien.models.ulme_gan import Images
from mien.models.warping import Displacement, Matrices, Points, compose, inverse_2x2
from mien.training.core.losses import Scalar

SMALLEST_MOTION = 0.002
"""Added to the size of a true motion, normalised: an eighth of a pixel in a picture of 128 px."""

PYRAMID_FACTORS = (1, 2, 4, 8)
"""Factors by which the perceptual pyramid makes pictures smaller, as published."""


def perceptual_pyramid(
    features: Callable[[Images], Sequence[Tensor]],
    made: Images,
    real: Images,
    factors: Sequence[int] = PYRAMID_FACTORS,
) -> Scalar:
    """Return the mean absolute difference of features, summed over layers and scales.

    Args:
        features: A fixed network: pictures in [-1, 1] to feature maps.
        made: (B, 3, H, W) the network's output.
        real: (B, 3, H, W) the ground truth, which gets no gradient.
        factors: 1 or even numbers that divide H and W.
    """
    terms = []
    for factor in factors:
        with torch.no_grad():
            wanted = features(downsample(real, factor))
        got = features(downsample(made, factor))
        terms += [(a.float() - b.float()).abs().mean() for a, b in zip(got, wanted, strict=True)]
    return torch.stack(terms).sum()


def generator_lsgan(fake: Sequence[Tensor]) -> Scalar:
    """Return the mean of ``(1 - realness)^2`` of made pictures, summed over scales."""
    return torch.stack([(1 - score.float()).square().mean() for score in fake]).sum()


def discriminator_lsgan(real: Sequence[Tensor], fake: Sequence[Tensor]) -> Scalar:
    """Return the means of ``(1 - realness)^2`` of real and ``realness^2`` of made pictures, summed."""
    made = torch.stack([score.float().square().mean() for score in fake]).sum()
    return generator_lsgan(real) + made


def feature_matching(real: Sequence[Tensor], fake: Sequence[Tensor]) -> Scalar:
    """Return the mean absolute difference of the discriminator's features, summed.

    Args:
        real: Features of the real pictures, which get no gradient, by scale and layer.
        fake: Features of the made pictures, in the same order.
    """
    terms = [(a.detach().float() - b.float()).abs().mean() for a, b in zip(real, fake, strict=True)]
    return torch.stack(terms).sum()


def point_equivariance(points: Points, back: Points) -> Scalar:
    """Return the mean absolute difference, in x and y, of points found in a picture and in its deformed copy.

    Args:
        points: (B, K, 2) found in the picture.
        back: (B, K, 2) found in its deformed copy, carried back by the deformation
            (`mien.training.motion.spline.Deformation.points`).
    """
    return (points - back).abs().mean()


def jacobian_equivariance(
    jacobians: Matrices, deformed: Matrices, deformation: Matrices, *, signless: bool = False
) -> Scalar:
    """Return the mean absolute difference of ``inverse(J) (dT J')`` and the identity.

    Args:
        jacobians: (B, K, 2, 2) J found in the picture.
        deformed: (B, K, 2, 2) J' found in its deformed copy.
        deformation: (B, K, 2, 2) dT, the derivative of the deformation at the copy's points.
        signless: Whether J and -J are the same, as with principal axes.
    """
    both = compose(inverse_2x2(jacobians), compose(deformation, deformed))
    if signless:
        trace = both[..., 0, 0] + both[..., 1, 1]
        both = torch.where((trace < 0)[..., None, None], -both, both)
    eye = torch.eye(2, device=both.device, dtype=both.dtype)
    return (both - eye).abs().mean()


def relative_flow_error(
    displacement: Displacement, true: Displacement, known: Float[Tensor, "batch 1 height width"]
) -> Scalar:
    """Return the error of a motion divided by the size of each pair's true motion, averaged over pairs.

    A weak motion counts as much as a strong one. `SMALLEST_MOTION` is added to the size, so that a pair without
    motion gives a finite value.

    Args:
        displacement: (B, 2, h, w) backward, normalised.
        true: (B, 2, h, w) ground truth.
        known: (B, 1, h, w) weights from 0 to 1.
    """
    error = (displacement - true).square().sum(1, keepdim=True).clamp(min=1e-12).sqrt()
    weights = known / known.mean((1, 2, 3), keepdim=True).clamp(min=1e-3)
    left = (weights * error).mean((1, 2, 3))
    size = (weights * true.square().sum(1, keepdim=True)).mean((1, 2, 3)).sqrt()
    return (left / (size + SMALLEST_MOTION)).mean()


def shown_error(
    occlusion: Float[Tensor, "batch 1 height width"], drawn: Float[Tensor, "batch 1 h w"]
) -> Scalar:
    """Return the mean squared error of an occlusion map against what the source truly shows.

    Args:
        occlusion: (B, 1, h, w) from 0 (must be painted) to 1.
        drawn: (B, 1, H, W) true share that the source does not show.
    """
    height, width = occlusion.shape[-2:]
    shown = 1 - functional.adaptive_avg_pool2d(drawn, (height, width))
    return (occlusion - shown).square().mean()


def flow_error(
    displacement: Displacement, true: Displacement, known: Float[Tensor, "batch 1 height width"]
) -> Scalar:
    """Return the mean length of the error of a motion where the true motion is known.

    Args:
        displacement: (B, 2, h, w) backward, normalised.
        true: (B, 2, h, w) ground truth.
        known: (B, 1, h, w) weights from 0 to 1.
    """
    error = (displacement - true).square().sum(1, keepdim=True).clamp(min=1e-12).sqrt()
    return (known * error).sum() / known.sum().clamp(min=1)
