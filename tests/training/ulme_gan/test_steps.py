from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from lightning_fabric import Fabric

from mien.models.ulme_gan import Discriminator, Generator
from mien.training.ulme_gan import losses
from mien.training.ulme_gan.batches import make_batch
from mien.training.ulme_gan.steps import critic_losses, generator_losses
from mien.training.ulme_gan.trainer import UlmeGanTrainer


def batch_of(singles, recipe):
    return make_batch(singles[0], recipe.generator.aus, batch_size=3, seed=0, step=0)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_the_penalty_is_that_of_the_recipe(singles, published, reduction):
    torch.manual_seed(0)
    recipe = replace(published, penalty_reduction=reduction)
    net, critic = Generator(recipe.generator), Discriminator(recipe.discriminator)
    batch, share = batch_of(singles, recipe), torch.rand(3, 1, 1, 1)
    terms = critic_losses(recipe, net, critic, batch, share)
    fake = net(batch.images, batch.wanted).images.detach()
    both = {
        kind: losses.gradient_penalty(
            lambda images: critic(images).realness, batch.images, fake, share, kind
        ).item()
        for kind in ("sum", "mean")
    }
    assert terms["penalty"].item() == pytest.approx(both[reduction], rel=1e-5)
    assert abs(both["sum"] - both["mean"]) > 1e-3


def test_attention_terms_are_of_both_ways_as_published(singles, published):
    weights = replace(published.weights, attention=0.5, smoothness=2.0)
    recipe = replace(published, weights=weights)
    torch.manual_seed(0)
    net, critic = Generator(recipe.generator), Discriminator(recipe.discriminator)
    batch = batch_of(singles, recipe)
    terms = generator_losses(recipe, net, critic, batch)
    there = net(batch.images, batch.wanted)
    back = net(there.images, batch.own)
    kept = [made.attention for made in (there, back)]
    torch.testing.assert_close(terms["attention"], sum(a.mean() for a in kept))
    wanted = sum(
        2 * (a.diff(dim=-2).square().mean() + a.diff(dim=-1).square().mean()) for a in kept
    )
    torch.testing.assert_close(terms["smoothness"], wanted)


@pytest.mark.parametrize(
    ("steps", "learns"), [(None, [True, False, True] * 2), (6, [True, False] * 3)]
)
def test_the_generator_learns_first_in_an_epoch(singles, published, steps, learns):
    # Two epochs of three steps; where the steps are given, they are counted through.
    recipe = replace(published, steps=steps, epochs=2, critic_steps=2)
    trainer = UlmeGanTrainer(recipe, Fabric(accelerator="cpu"), 6)
    batch = batch_of(singles, recipe)
    assert ["generator/total" in trainer.learn(batch) for _ in range(6)] == learns


@pytest.mark.parametrize(("init", "spread"), [("normal", 0.02), ("torch", None)])
def test_networks_begin_as_the_recipe_says(published, init, spread):
    torch.manual_seed(0)
    recipe = replace(published, init=init)
    for network in (UlmeGanTrainer.build_net(recipe), UlmeGanTrainer.build_critic(recipe)):
        weights = torch.cat([p.flatten() for p in network.parameters() if p.ndim == 4])
        biases = torch.cat([p.flatten() for p in network.parameters() if p.ndim == 1])
        assert bool(biases.any()) == (init == "torch")
        if spread:
            assert weights.std().item() == pytest.approx(spread, rel=0.1)
        else:
            assert weights.std().item() > 0.03
