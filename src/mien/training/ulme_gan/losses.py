"""Losses as pure functions of tensors; pictures are (B, 3, H, W) in [-1, 1]."""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.ulme_gan import Images

SMALLEST_CHANGE = 0.004
"""A mean change of half a grey level counts as this much, so that a pair without any can be judged."""

VISIBLE_CHANGE = 0.02
"""From two and a half grey levels on a pixel is to be repainted outright, below that in part."""

MOVED_WEIGHT = 4.0
"""How much more a pixel counts that changes a lot."""

Maps = Float[Tensor, "batch 1 height width"]
Scalar = Float[Tensor, ""]


def realness_of_fakes(realness: Tensor) -> Scalar:
    """What the generator lowers: minus the critic's mean score of its pictures (WGAN)."""
    return -realness.float().mean()


def critic_distance(real: Tensor, fake: Tensor) -> Scalar:
    """What the critic lowers: its mean score of fakes minus that of real pictures (WGAN)."""
    return fake.float().mean() - real.float().mean()


def gradient_penalty(
    score: Callable[[Images], Tensor],
    real: Images,
    fake: Images,
    share: Float[Tensor, "batch 1 1 1"],
) -> Scalar:
    """Mean of ``(|gradient| - 1)^2`` of a critic between real and fake pictures (WGAN-GP).

    Args:
        score: The critic: (B, ...) scores of pictures, any of them a function of its own picture.
        real: (B, 3, H, W).
        fake: (B, 3, H, W).
        share: (B, 1, 1, 1) in [0, 1], how much of the real picture is taken.
    """
    between = (share * real + (1 - share) * fake).detach().requires_grad_(True)
    # Each picture's mean score, which is what the critic is judged by; summed over pictures, so that
    # each gets its own gradient.
    total = score(between).float().reshape(len(real), -1).mean(1).sum()
    (gradient,) = torch.autograd.grad(total, between, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).square().mean()


def au_regression(read: Float[Tensor, "batch aus"], wanted: Float[Tensor, "batch aus"]) -> Scalar:
    """Mean squared error of AU intensities over 5."""
    return functional.mse_loss(read.float(), wanted)


def cycle_l1(returned: Images, images: Images) -> Scalar:
    """Mean absolute difference of a picture sent to other AUs and back."""
    return functional.l1_loss(returned, images)


def attention_mean(attention: Maps) -> Scalar:
    """Mean of what is repainted, 0 to 1: one minus the attention, whose 1 keeps a pixel."""
    return 1 - attention.mean()


def total_variation(maps: Maps) -> Scalar:
    """Mean squared difference of neighbours, down plus right."""
    down, right = _differences(maps)
    return down.square().mean() + right.square().mean()


def pair_loss(output: Images, target: Images, source: Images) -> Scalar:
    """Distance to a target that differs from the source by little.

    L1 over the picture, over `MOVED_WEIGHT` times where the target moves, and over the picture's gradients, at full and
    at half scale; divided by each sample's mean change, so that a faint expression counts as much as a strong one.

    Args:
        output: (B, 3, H, W) what the generator made.
        target: (B, 3, H, W) what it should have made.
        source: (B, 3, H, W) what it was given.
    """
    change = (target - source).abs().mean((1, 2, 3)).clamp(min=SMALLEST_CHANGE)
    distance = _distance(output, target, source)
    halved = (functional.avg_pool2d(picture, 2) for picture in (output, target, source))
    return ((distance + _distance(*halved)) / change).mean()


def moved_mask(target: Images, source: Images) -> Maps:
    """Where a target differs from its source, with a margin: (B, 1, H, W) from 0 to 1."""
    moved = (target - source).abs().amax(1, keepdim=True) / VISIBLE_CHANGE
    margin = 2 * (source.shape[-1] // 64) + 1
    return functional.max_pool2d(moved.clamp(max=1), margin, stride=1, padding=margin // 2)


def repaint_loss(attention: Maps, mask: Maps) -> Scalar:
    """Binary cross-entropy of what is repainted (one minus the attention) and of what moves.

    Without it the attention settles at 1: it keeps all while the colours are still bad, and then nothing teaches the
    colours any more.
    """
    # The logarithm's limit lets a few thousandths pass either way; in float32 1 - 1e-6 is still below 1.
    kept = attention.float().clamp(1e-6, 1 - 1e-6)
    return functional.binary_cross_entropy(1 - kept, mask)


def colour_loss(colour: Images, target: Images, mask: Maps) -> Scalar:
    """Mean absolute difference of the colours and the target where something moves."""
    error = (mask * (colour - target).abs()).sum()
    return error / (colour.shape[1] * mask.sum()).clamp(min=1)


def _distance(output: Images, target: Images, source: Images) -> Float[Tensor, " batch"]:
    """One scale of the pair loss, not yet divided."""
    moved = (target - source).abs().mean(1, keepdim=True)
    # Fully moved is four times the mean change or more.
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
