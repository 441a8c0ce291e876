"""Learning rate and running mean as functions of the step, so that a resumed run is exact."""

from __future__ import annotations

import math

import torch
from torch import nn

from mien.training.core.recipe import TrainingRecipe


def learning_rate(recipe: TrainingRecipe, step: int, total: int) -> float:
    """Return the learning rate of step ``step`` (from 0) of ``total``.

    Decay ``linear_epochs`` is that of ULME-GAN's code: epoch e of n (from 1) has the share
    ``1 - max(0, e + 1 - c) / (n - c + 1)`` of the full rate, with c the epochs before the decay
    (``decay_from``). For n = 30 and c = 20 the last epoch at the full rate is the 19th, and the
    30th learns nothing.
    """
    rate = recipe.learning_rate * min(1.0, (step + 1) / max(1, recipe.warmup_steps))
    if recipe.decay == "milestones":
        return rate * 0.1 ** sum(step >= share * total for share in recipe.milestones)
    if recipe.decay == "linear_epochs":
        epoch = 1 + step * recipe.epochs // total
        constant = round(recipe.decay_from * recipe.epochs)
        return rate * (1 - max(0, epoch + 1 - constant) / (recipe.epochs - constant + 1))
    start = recipe.decay_from * total
    if step < start or start >= total:
        return rate
    progress = (step - start) / (total - start)
    if recipe.decay == "cosine":
        return rate * 0.5 * (1 + math.cos(math.pi * progress))
    return rate * (1 - progress)


@torch.no_grad()
def follow(mean: nn.Module, module: nn.Module, decay: float, updates: int) -> None:
    """Update a running mean of weights.

    Args:
        mean: The mean, changed in place.
        module: The network whose weights are averaged.
        decay: Share of the mean that stays. It is smaller in the first updates, so that the
            initial weights are soon forgotten.
        updates: Number of updates before this one.
    """
    keep = min(decay, (1 + updates) / (10 + updates))
    for old, new in zip(mean.parameters(), module.parameters(), strict=True):
        old.lerp_(new, 1 - keep)
    for kept, current in zip(mean.buffers(), module.buffers(), strict=True):
        kept.copy_(current)
