"""One step of ULME-GAN's networks: a batch to its losses by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor

from mien.models.ulme_gan import Conditioning, Discriminator, Generated
from mien.training.ulme_gan import losses
from mien.training.ulme_gan.batches import Batch
from mien.training.ulme_gan.recipe import UlmeGanRecipe

Generate: TypeAlias = Callable[[Tensor, Tensor], Generated]
"""The generator, compiled or not."""

Losses: TypeAlias = dict[str, Tensor]
"""Unweighted losses by name, and ``total``, which is what is lowered."""


def condition(own: Tensor, wanted: Tensor, conditioning: Conditioning) -> Tensor:
    """What the generator is told to go from some AUs to others, (B, A) over 5."""
    return wanted - own if conditioning == "relative" else wanted


def generator_losses(
    recipe: UlmeGanRecipe, generate: Generate, critic: Discriminator | None, batch: Batch
) -> Losses:
    """Compute what the generator is to lower."""
    weights, kind = recipe.weights, recipe.generator.conditioning
    made = generate(batch.images, condition(batch.own, batch.wanted, kind))
    terms: Losses = {}
    if critic is not None:
        judged = critic(made.images)
        terms["adversarial"] = losses.realness_of_fakes(judged.realness)
        terms["au"] = losses.au_regression(judged.aus, batch.wanted)
    if recipe.needs_pairs:
        assert batch.targets is not None, "the loop checks that the set is paired"
        mask = losses.moved_mask(batch.targets, batch.images)
        terms["pair"] = losses.pair_loss(made.images, batch.targets, batch.images)
        # Cross-entropy refuses to be autocast; these are in float32 already.
        with torch.autocast(mask.device.type, enabled=False):
            terms["repaint"] = losses.repaint_loss(made.attention, mask)
            terms["colour"] = losses.colour_loss(made.colour, batch.targets, mask)
    attentions = [made.attention]
    if weights.cycle:
        back = max(1, round(recipe.cycle_share * len(batch.images)))
        returned = generate(
            made.images[:back], condition(batch.wanted[:back], batch.own[:back], kind)
        )
        terms["cycle"] = losses.cycle_l1(returned.images, batch.images[:back])
        attentions.append(returned.attention)
    if weights.attention:
        terms["attention"] = sum_of(losses.attention_mean(a) for a in attentions)
    if weights.smoothness:
        terms["smoothness"] = sum_of(losses.total_variation(a) for a in attentions)
    return terms | {"total": sum_of(getattr(weights, n) * loss for n, loss in terms.items())}


def critic_losses(
    recipe: UlmeGanRecipe,
    generate: Generate,
    critic: Discriminator,
    batch: Batch,
    share: Tensor,
) -> Losses:
    """Compute what the critic is to lower.

    Args:
        recipe: The run's.
        generate: The generator.
        critic: The discriminator.
        batch: What is looked at.
        share: (B, 1, 1, 1) in [0, 1], for the gradient penalty.
    """
    weights = recipe.weights
    with torch.no_grad():
        told = condition(batch.own, batch.wanted, recipe.generator.conditioning)
        fake = generate(batch.images, told).images
    judged = critic(batch.images)
    terms = {"au": losses.au_regression(judged.aus, batch.own)}
    total = weights.au * terms["au"]
    if weights.adversarial:
        terms["distance"] = losses.critic_distance(judged.realness, critic(fake).realness)
        terms["penalty"] = losses.gradient_penalty(
            lambda images: critic(images).realness, batch.images, fake, share
        )
        total = total + weights.adversarial * terms["distance"] + weights.penalty * terms["penalty"]
    return terms | {"total": total}


def sum_of(terms: object) -> Tensor:
    """Add tensors up; there is at least one."""
    return torch.stack(list(terms)).sum()  # type: ignore[call-overload]
