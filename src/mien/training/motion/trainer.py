"""The trainer of FOMM and MRAA."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from mien.errors import UsageError
from mien.models.fomm import Fomm, FommConfig
from mien.models.mraa import Mraa
from mien.models.patch_discriminator import PatchDiscriminator, PatchDiscriminatorConfig
from mien.training.core.gradients import frozen
from mien.training.motion.batches import MotionBatch
from mien.training.motion.pair_trainer import PairTrainer
from mien.training.motion.recipe import MotionRecipe
from mien.training.motion.spline import Deformation, SplineNoise, random_deformation
from mien.training.motion.steps import Features, critic_loss, motion_losses
from mien.training.motion.validation import sample_sheet, validate
from mien.types import RGBImage


class MotionTrainer(PairTrainer[MotionRecipe, Fomm | Mraa, PatchDiscriminator]):
    """Trains FOMM or MRAA; a step updates the network, then the critic on the pictures that the network made."""

    def __init__(self, recipe: MotionRecipe, fabric: Fabric, total_steps: int) -> None:
        super().__init__(recipe, fabric, total_steps)
        self._features = self._load_features() if recipe.weights.perceptual else None

    @staticmethod
    def build_net(recipe: MotionRecipe) -> Fomm | Mraa:
        """Build the network with its first weights."""
        network = recipe.network
        return Fomm(network) if isinstance(network, FommConfig) else Mraa(network)

    @staticmethod
    def build_critic(recipe: MotionRecipe) -> PatchDiscriminator:
        """Build the discriminator with its first weights.

        Raises:
            UsageError: The pictures are too small for it.
        """
        return PatchDiscriminator(PatchDiscriminatorConfig(image_px=recipe.image_px))

    def check_initial_config(self, source: Path, config: Mapping[str, Any]) -> None:
        """Check that the weights to start from have the recipe's conventions; their shapes are checked later.

        Raises:
            UsageError: The weights have other conventions.
        """
        own, wanted = config.get("conventions", "mien"), self.recipe.network.conventions
        if own != wanted:
            raise UsageError(
                f"expected weights with the recipe's conventions {wanted}, got {source} with {own}: "
                f"add --set network.conventions={own}"
            )

    def learn(self, batch: MotionBatch) -> dict[str, Tensor]:
        """Do one step; return its losses as ``net/NAME`` and ``critic/total``."""
        batch, recipe = self.place(batch), self.recipe
        self.net.train()
        with frozen(self.critic):
            with self.fabric.autocast():
                terms, images = motion_losses(
                    recipe,
                    self.net,
                    batch,
                    painted=self.step % recipe.paint_every == 0,
                    critic=self.critic,
                    features=self._features,
                    deformation=self._deformation(batch),
                )
            losses = self._update(self._net, terms)
        if self._critic is not None and images is not None:
            with self.fabric.autocast():
                terms = critic_loss(self._critic.module, images, batch.driving)
            losses |= self._update(self._critic, terms)
        self._follow(self.step)
        self.step += 1
        return losses

    def validate(self, batches: list[MotionBatch]) -> dict[str, float]:
        """Measure the kept network; see `mien.training.motion.validation.validate`."""
        return validate(self.kept, batches)

    def sample_sheet(self, batch: MotionBatch) -> RGBImage:
        """Draw the kept network's output; see `mien.training.motion.validation.sample_sheet`."""
        return sample_sheet(self.kept, batch)

    def _load_features(self) -> Features:
        from mien.training.motion.perceptual import load_perceptual

        return load_perceptual().to(self.fabric.device)

    def _deformation(self, batch: MotionBatch) -> Deformation | None:
        """Draw the step's deformation; deterministic per seed, step and device."""
        if not self.recipe.weights.has_equivariance:
            return None
        rng = np.random.default_rng([self.recipe.seed, self.step, self.fabric.global_rank])
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        return random_deformation(len(batch.source), SplineNoise(), generator, batch.source)
