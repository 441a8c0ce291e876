"""ULME-GAN's losses as pure functions of tensors; pictures are (B, 3, H, W) RGB in [-1, 1]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.ulme_gan import Images
from mien.training.core.losses import Scalar

SMALLEST_CHANGE = 0.004
"""Smallest mean change by which the pair loss divides, half a grey level, since a pair can be without change."""

VISIBLE_CHANGE = 0.02
"""Change from which a pixel is repainted fully, two and a half grey levels; below it a pixel is repainted in part."""

MOVED_WEIGHT = 4.0
"""Additional weight of a pixel that changes a lot."""

Maps = Float[Tensor, "batch 1 height width"]

Reduction: TypeAlias = Literal["sum", "mean"]
"""How a critic's patch scores of one picture become one number before they are differentiated."""


def realness_of_fakes(realness: Tensor) -> Scalar:
    """Return the generator's adversarial loss: minus the critic's mean score of its pictures (WGAN)."""
    return -realness.float().mean()


def critic_distance(real: Tensor, fake: Tensor) -> Scalar:
    """Return the critic's loss: its mean score of fakes minus that of real pictures (WGAN)."""
    return fake.float().mean() - real.float().mean()


def gradient_penalty(
    score: Callable[[Images], Tensor],
    real: Images,
    fake: Images,
    share: Float[Tensor, "batch 1 1 1"],
    reduction: Reduction,
) -> Scalar:
    """Return the mean of ``(|gradient| - 1)^2`` of a critic between real and fakes (WGAN-GP).

    Args:
        score: The critic: pictures to (B, ...) scores, each a function of its own picture alone.
        real: (B, 3, H, W).
        fake: (B, 3, H, W).
        share: (B, 1, 1, 1) in [0, 1], share of the real picture in the mixture.
        reduction: What is differentiated: the sum of a picture's scores, as published, or their
            mean, whose gradient is shorter by the number of patches.
    """
    between = (share * real + (1 - share) * fake).detach().requires_grad_(True)
    scores = score(between).float().reshape(len(real), -1)
    # The sum over pictures gives each its own gradient.
    total = (scores.sum(1) if reduction == "sum" else scores.mean(1)).sum()
    (gradient,) = torch.autograd.grad(total, between, create_graph=True)
    lengths: Tensor = gradient.flatten(1).norm(dim=1)
    return (lengths - 1).square().mean()


def au_regression(read: Float[Tensor, "batch aus"], wanted: Float[Tensor, "batch aus"]) -> Scalar:
    """Return the mean squared error of AU intensities / 5."""
    return functional.mse_loss(read.float(), wanted)


def cycle_l1(returned: Images, images: Images) -> Scalar:
    """Return the mean absolute difference of pictures and their copies after a change to other AUs and back."""
    return functional.l1_loss(returned, images)


def attention_mean(attention: Maps) -> Scalar:
    """Return the mean attention, 0 to 1, as published: a lower value repaints more."""
    return attention.mean()


def total_variation(maps: Maps) -> Scalar:
    """Return twice the mean squared differences of neighbours, down plus right, as published."""
    down, right = _differences(maps)
    return 2 * (down.square().mean() + right.square().mean())


def pair_loss(output: Images, target: Images, source: Images) -> Scalar:
    """Return the distance to targets that differ little from their sources.

    L1 distance of the pictures, weighted up to ``1 + MOVED_WEIGHT`` times where the target moves,
    plus L1 distance of their gradients, at full and at half scale. Each sample is divided by its
    mean change, so that a faint expression counts as much as a strong one.

    Args:
        output: (B, 3, H, W) the generator's output.
        target: (B, 3, H, W) the ground truth.
        source: (B, 3, H, W) the generator's input.
    """
    change = (target - source).abs().mean((1, 2, 3)).clamp(min=SMALLEST_CHANGE)
    distance = _distance(output, target, source)
    halved = (functional.avg_pool2d(picture, 2) for picture in (output, target, source))
    return ((distance + _distance(*halved)) / change).mean()


def moved_mask(target: Images, source: Images) -> Maps:
    """Return how much each pixel changes from source to target: 0 none, 1 from `VISIBLE_CHANGE` on.

    Each pixel takes the largest value in a square around it, so that edges are covered. The side of the square is
    2 * (W // 64) + 1 pixels.

    Args:
        target: (B, 3, H, W) the ground truth.
        source: (B, 3, H, W) the generator's input.

    Returns:
        (B, 1, H, W) from 0 to 1.
    """
    moved = (target - source).abs().amax(1, keepdim=True) / VISIBLE_CHANGE
    margin = 2 * (source.shape[-1] // 64) + 1
    return functional.max_pool2d(moved.clamp(max=1), margin, stride=1, padding=margin // 2)


def repaint_loss(attention: Maps, mask: Maps) -> Scalar:
    """Return the binary cross-entropy of the repainted share and the moving pixels.

    Without this loss the attention settles at 1: it keeps every pixel while the colours are still bad,
    and then the colours get no gradient.

    Args:
        attention: (B, 1, H, W) from 0 to 1; the repainted share is 1 - attention.
        mask: (B, 1, H, W) from `moved_mask`.
    """
    # The clamp keeps the logarithm finite; in float32 1 - 1e-6 is still below 1.
    kept = attention.float().clamp(1e-6, 1 - 1e-6)
    return functional.binary_cross_entropy(1 - kept, mask)


def colour_loss(colour: Images, target: Images, mask: Maps) -> Scalar:
    """Return the mean absolute difference of colours and target where something moves."""
    error = (mask * (colour - target).abs()).sum()
    return error / (colour.shape[1] * mask.sum()).clamp(min=1)


def _distance(output: Images, target: Images, source: Images) -> Float[Tensor, " batch"]:
    """Return one scale of the pair loss, (B,), before the division."""
    moved = (target - source).abs().mean(1, keepdim=True)
    # A change of four times the mean or more gets the full weight.
    full = 4 * moved.mean((2, 3), keepdim=True).clamp(min=SMALLEST_CHANGE)
    weight = 1 + MOVED_WEIGHT * (moved / full).clamp(max=1)
    error = output - target
    down, right = _differences(error)
    return (
        (weight * error.abs()).mean((1, 2, 3))
        + down.abs().mean((1, 2, 3))
        + right.abs().mean((1, 2, 3))
    )


def _differences(maps: Tensor) -> tuple[Tensor, Tensor]:
    return maps[..., 1:, :] - maps[..., :-1, :], maps[..., 1:] - maps[..., :-1]
