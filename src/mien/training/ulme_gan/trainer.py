"""The trainer of ULME-GAN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from mien.au.catalog import sided_names
from mien.errors import UsageError
from mien.models.ulme_gan import Discriminator, Generated, Generator, GeneratorConfig
from mien.models.ulme_gan_flow import build_generator
from mien.training.core.base_trainer import BaseTrainer
from mien.training.core.gradients import frozen
from mien.training.core.initial import check_same_config
from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan.batches import Batch, make_batch
from mien.training.ulme_gan.first_attention import begin_keeping
from mien.training.ulme_gan.first_weights import begin_weights
from mien.training.ulme_gan.recipe import UlmeGanRecipe
from mien.training.ulme_gan.steps import Generate, critic_losses, generator_losses
from mien.training.ulme_gan.validation import sample_sheet, validate, validation_batches
from mien.types import RGBImage


class UlmeGanTrainer(BaseTrainer[UlmeGanRecipe, Generator, Discriminator, Batch]):
    """Trains ULME-GAN; if the recipe has losses of a critic, the critic learns at every step."""

    part = "generator"
    field = "generator"

    def __init__(self, recipe: UlmeGanRecipe, fabric: Fabric, total_steps: int) -> None:
        super().__init__(recipe, fabric, total_steps)
        self._forward: Generate = torch.compile(self.net) if recipe.compile else self.net

    @staticmethod
    def build_net(recipe: UlmeGanRecipe) -> Generator:
        """Build the generator with its first weights."""
        generator = build_generator(recipe.generator)
        begin_weights(generator, recipe.init)
        begin_keeping(generator, recipe.keep_at_start)
        return generator

    @staticmethod
    def build_critic(recipe: UlmeGanRecipe) -> Discriminator:
        """Build the critic with its first weights."""
        critic = Discriminator(recipe.discriminator)
        begin_weights(critic, recipe.init)
        return critic

    @staticmethod
    def check_faces(recipe: UlmeGanRecipe, train: FaceSet, validation: FaceSet) -> None:
        """Refuse face sets that a recipe cannot be trained on.

        Raises:
            UsageError: A set has pictures of another size, or lacks pairs, flow or AUs that the recipe needs.
        """
        for faces in (train, validation):
            faces.check_size(recipe.image_px, "generator")
            if recipe.needs_pairs and not faces.is_paired:
                raise UsageError(
                    "expected a face set with pairs for this recipe, got one picture per face: "
                    f"use --kind {recipe.moved_kind}, or set the weights pair, repaint, colour and flow to 0"
                )
            _check_flow(recipe, faces)
        aus = recipe.generator.aus
        missing = [n for n in aus if not set(sided_names(n)) & set(train.au_names)]
        if missing:
            raise UsageError(
                f"expected faces labelled with the recipe's AUs, got a set without {' '.join(missing)}: "
                f"choose other --labels{_fewer_aus(recipe, missing)}"
            )

    @staticmethod
    def draw(recipe: UlmeGanRecipe, faces: FaceSet, number: int) -> Batch:
        """Draw training batch ``number``."""
        return make_batch(
            faces,
            recipe.generator.aus,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            step=number,
            jitter=recipe.jitter,
            jitter_clip=recipe.jitter_clip,
            augmentation=recipe.augmentation,
            order=recipe.order,
            with_flow=recipe.generator.flow,
        )

    def draw_held_out(self, faces: FaceSet) -> list[Batch]:
        """Draw the batches that every validation of the run uses."""
        return validation_batches(self.recipe, faces)

    def place(self, batch: Batch) -> Batch:
        """Move a batch to the trainer's device, in the networks' memory layout."""
        batch = batch.to(self.fabric.device)
        if not self.recipe.channels_last:
            return batch
        layout = torch.channels_last
        targets = None if batch.targets is None else batch.targets.contiguous(memory_format=layout)
        images = batch.images.contiguous(memory_format=layout)
        return replace(batch, images=images, targets=targets)

    def learn(self, batch: Batch) -> dict[str, Tensor]:
        """Do one step; return its losses as ``critic/NAME`` and ``generator/NAME``."""
        batch, recipe = self.place(batch), self.recipe
        losses: dict[str, Tensor] = {}
        if self._critic is not None:
            shares = self._shares(len(batch.images))
            with self.fabric.autocast():
                terms = critic_losses(recipe, self._forward, self._critic.module, batch, shares)
            losses |= self._update(self._critic, terms)
        every = recipe.critic_steps if recipe.has_critic else 1
        if self._step_of_epoch() % every == 0:
            with frozen(self.critic):
                with self.fabric.autocast():
                    terms = generator_losses(recipe, self._forward, self.critic, batch)
                losses |= self._update(self._net, terms)
            self._follow(self.step // every)
        self.step += 1
        return losses

    def validate(self, batches: list[Batch]) -> dict[str, float]:
        """Measure the kept generator; see `mien.training.ulme_gan.validation.validate`."""
        return validate(self.recipe, self.generate_kept, batches)

    def sample_sheet(self, batch: Batch) -> RGBImage:
        """Draw the kept generator's output; see `mien.training.ulme_gan.validation.sample_sheet`."""
        return sample_sheet(self.recipe, self.generate_kept, batch)

    def generate(self, images: Tensor, aus: Tensor) -> Generated:
        """Run the generator that learns, in the recipe's precision."""
        with self.fabric.autocast():
            return self._forward(images, aus)

    def generate_kept(self, images: Tensor, aus: Tensor) -> Generated:
        """Run the generator that is kept, in the recipe's precision."""
        with self.fabric.autocast():
            generated: Generated = self.kept(images, aus)
        return generated

    def check_initial_config(self, source: Path, config: Mapping[str, Any]) -> None:
        """Check that the weights to start from are of a generator with the recipe's config.

        Args:
            source: Folder of the weights, for the message.
            config: Config of the network of these weights.

        Raises:
            UsageError: The config differs from the recipe's, for example in its AUs.
        """
        # Cards of older weights lack newer fields, which take their defaults.
        complete = {each.name: each.default for each in fields(GeneratorConfig)} | dict(config)
        check_same_config(source, complete, asdict(self.recipe.generator), self.field)

    def _step_of_epoch(self) -> int:
        """Return the number of this step in its epoch, from 0; in the run, if the recipe gives `steps`."""
        whole = self.recipe.steps is not None
        return self.step if whole else self.step % max(1, self.total_steps // self.recipe.epochs)

    def _shares(self, count: int) -> Tensor:
        """Draw (B, 1, 1, 1) shares in [0, 1); deterministic per seed, step and device."""
        rng = np.random.default_rng([self.recipe.seed, self.step, self.fabric.global_rank])
        shares = rng.random((count, 1, 1, 1), np.float32)
        return torch.from_numpy(shares).to(self.fabric.device)


def _fewer_aus(recipe: UlmeGanRecipe, missing: list[str]) -> str:
    """Return a hint how to limit a recipe to the AUs that a set has; empty if it has none of them."""
    there = ",".join(name for name in recipe.generator.aus if name not in missing)
    networks = ("generator", "discriminator") if recipe.has_critic else ("generator",)
    options = " ".join(f"--set {network}.aus={there}" for network in networks)
    return f", or add {options}" if there else ""


def _check_flow(recipe: UlmeGanRecipe, faces: FaceSet) -> None:
    """Refuse faces without the flow that the generator learns from.

    Raises:
        UsageError: The set has no flow.
    """
    if recipe.generator.flow and faces.way_back is None:
        raise UsageError(
            "expected a face set of kind flow, got one without flow: use mien train faces --portraits FOLDER "
            "--kind flow; for clips --recipe painted"
        )
