"""Compute the losses of one step of ULME-GAN, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor

from mien.models.ulme_gan import Conditioning, Discriminator, Generated
from mien.models.ulme_gan_flow import moved_by
from mien.training.core.losses import Losses, total_of, with_total
from mien.training.ulme_gan import flow_losses, losses
from mien.training.ulme_gan.batches import Batch
from mien.training.ulme_gan.recipe import UlmeGanRecipe

Generate: TypeAlias = Callable[[Tensor, Tensor], Generated]
"""The generator, compiled or not."""


def au_input(own: Tensor, wanted: Tensor, conditioning: Conditioning) -> Tensor:
    """Return the AU values fed to the generator, (B, A).

    Args:
        own: (B, A) AUs of the pictures, intensity / 5.
        wanted: (B, A) AUs that the output should show, intensity / 5.
        conditioning: With ``absolute`` the values are ``wanted``, with ``relative`` ``wanted - own``.
    """
    return wanted - own if conditioning == "relative" else wanted


def generator_losses(
    recipe: UlmeGanRecipe, generate: Generate, critic: Discriminator | None, batch: Batch
) -> Losses:
    """Compute the generator's losses and their total."""
    weights, kind = recipe.weights, recipe.generator.conditioning
    made = generate(batch.images, au_input(batch.own, batch.wanted, kind))
    terms: Losses = {}
    if critic is not None:
        judged = critic(made.images)
        terms["adversarial"] = losses.realness_of_fakes(judged.realness)
        terms["au"] = losses.au_regression(judged.aus, batch.wanted)
    if recipe.needs_pairs:
        assert batch.targets is not None, "the loop checks that the set is paired"
        mask = coloured = losses.moved_mask(batch.targets, batch.images)
        repaint = losses.repaint_loss
        if batch.way_back is not None and made.flow is not None:
            true_flow, drawn = batch.way_back[:, :2], batch.way_back[:, 2:]
            terms["flow"] = flow_losses.flow_loss(made.flow, true_flow, drawn)
            moved = moved_by(batch.images, true_flow)
            mask = flow_losses.unexplained_mask(batch.targets, moved)
            coloured = flow_losses.colour_weight(mask, drawn)
            repaint = flow_losses.paint_loss
        terms["pair"] = losses.pair_loss(made.images, batch.targets, batch.images)
        # Cross-entropy does not support autocast; these tensors are float32 already.
        with torch.autocast(mask.device.type, enabled=False):
            terms["repaint"] = repaint(made.attention, mask)
            terms["colour"] = losses.colour_loss(made.colour, batch.targets, coloured)
    attentions = [made.attention]
    if weights.cycle:
        back = max(1, round(recipe.cycle_share * len(batch.images)))
        returned = generate(
            made.images[:back], au_input(batch.wanted[:back], batch.own[:back], kind)
        )
        terms["cycle"] = losses.cycle_l1(returned.images, batch.images[:back])
        attentions.append(returned.attention)
    if weights.attention:
        terms["attention"] = total_of([losses.attention_mean(a) for a in attentions])
    if weights.smoothness:
        terms["smoothness"] = total_of([losses.total_variation(a) for a in attentions])
    return with_total(terms, weights)


def critic_losses(
    recipe: UlmeGanRecipe,
    generate: Generate,
    critic: Discriminator,
    batch: Batch,
    share: Tensor,
) -> Losses:
    """Compute the critic's losses and their total.

    Args:
        recipe: The recipe.
        generate: The generator.
        critic: The discriminator.
        batch: Input of the step.
        share: (B, 1, 1, 1) in [0, 1], for the gradient penalty.
    """
    weights = recipe.weights
    with torch.no_grad():
        aus = au_input(batch.own, batch.wanted, recipe.generator.conditioning)
        fake = generate(batch.images, aus).images
    judged = critic(batch.images)
    terms = {"au": losses.au_regression(judged.aus, batch.own)}
    total = weights.au * terms["au"]
    if weights.adversarial:
        terms["distance"] = losses.critic_distance(judged.realness, critic(fake).realness)
        terms["penalty"] = losses.gradient_penalty(
            lambda images: critic(images).realness,
            batch.images,
            fake,
            share,
            recipe.penalty_reduction,
        )
        total = total + weights.adversarial * terms["distance"] + weights.penalty * terms["penalty"]
    return terms | {"total": total}
