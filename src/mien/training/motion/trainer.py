"""FOMM or MRAA with its optimisers and running mean on their device, and one step of training."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from mien.engines.weights import load_weights
from mien.errors import UsageError
from mien.models.fomm import Fomm, FommConfig
from mien.models.layers import parameter_count
from mien.models.mraa import Mraa
from mien.models.patch_discriminator import PatchDiscriminator, PatchDiscriminatorConfig
from mien.training.core.checkpoint import (
    Checkpoint,
    newest_checkpoint,
    optimizer_tensors,
    restore_module,
    restore_optimizer,
)
from mien.training.core.schedule import follow, learning_rate
from mien.training.core.updates import average_gradients, frozen
from mien.training.faces.face_set import FaceSet
from mien.training.motion.batches import MotionBatch, make_motion_batch, motion_of
from mien.training.motion.recipe import MotionRecipe
from mien.training.motion.spline import Deformation, SplineNoise, random_deformation
from mien.training.motion.steps import Features, Losses, critic_loss, motion_losses
from mien.training.motion.validation import draw_held_out, sample_sheet, validate
from mien.types import RGBImage


class MotionTrainer:
    """The state of a run; a step of it is a function of that state, the batch and the step."""

    def __init__(self, recipe: MotionRecipe, fabric: Fabric, total_steps: int) -> None:
        self.recipe, self.fabric, self.total_steps = recipe, fabric, total_steps
        self.step = 0
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            self.net = self._place(build(recipe))
            self.critic = self._place(build_critic(recipe)) if recipe.has_critic else None
        self.mean = copy.deepcopy(self.net).requires_grad_(False) if recipe.ema_decay else None
        betas, rate = (recipe.beta1, recipe.beta2), recipe.learning_rate
        self._adam = torch.optim.Adam(self.net.parameters(), rate, betas)
        self._critic_adam = (
            None if self.critic is None else torch.optim.Adam(self.critic.parameters(), rate, betas)
        )
        self._features = self._perceptual() if recipe.weights.perceptual else None

    @staticmethod
    def check_faces(recipe: MotionRecipe, train: FaceSet, validation: FaceSet) -> None:
        """Refuse face sets that a recipe cannot be trained on: UsageError."""
        for faces in (train, validation):
            motion_of(faces)
            if faces.size != recipe.network.image_px:
                raise UsageError(
                    f"expected faces of {recipe.network.image_px} px, got {faces.size}: make the "
                    "set anew with --size, or set network.image_px"
                )

    @property
    def kept(self) -> Fomm | Mraa:
        """The network that is validated and exported: the running mean if there is one."""
        return self.net if self.mean is None else self.mean

    def draw(self, faces: FaceSet, number: int) -> MotionBatch:
        """Draw training batch ``number``."""
        recipe = self.recipe
        return make_motion_batch(
            faces,
            points=recipe.network.points,
            with_points=recipe.network.has_prior,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            step=number,
            augment=recipe.augment,
        )

    def draw_held_out(self, faces: FaceSet) -> list[MotionBatch]:
        """Draw the batches that all validations of a run look at."""
        return draw_held_out(self.recipe, faces)

    def place(self, batch: MotionBatch) -> MotionBatch:
        """The batch on this trainer's device."""
        return batch.to(self.fabric.device)

    def learn(self, batch: MotionBatch) -> dict[str, Tensor]:
        """Do one step; the step's losses by name, on the device."""
        batch, recipe = self.place(batch), self.recipe
        rate = learning_rate(recipe, self.step, self.total_steps)
        painted = self.step % recipe.paint_every == 0
        self.net.train()
        with frozen(self.critic), self.fabric.autocast():
            terms, images = motion_losses(
                recipe,
                self.net,
                batch,
                painted=painted,
                critic=self.critic,
                features=self._features,
                deformation=self._deformation(batch),
            )
            self._update(self.net, self._adam, terms, rate)
        said = {f"net/{name}": value.detach() for name, value in terms.items()}
        if self.critic is not None and self._critic_adam is not None and images is not None:
            with self.fabric.autocast():
                terms = critic_loss(self.critic, images, batch.driving)
            self._update(self.critic, self._critic_adam, terms, rate)
            said["critic/total"] = terms["total"].detach()
        if self.mean is not None:
            follow(self.mean, self.net, recipe.ema_decay, self.step)
        self.step += 1
        return said

    def validate(self, batches: list[MotionBatch]) -> dict[str, float]:
        """Measure the network that is kept; see `mien.training.motion.validation.validate`."""
        return validate(self.kept, batches)

    def sample_sheet(self, batch: MotionBatch) -> RGBImage:
        """Draw what it makes; see `mien.training.motion.validation.sample_sheet`."""
        return sample_sheet(self.kept, batch)

    def checkpoint(self, facts: Mapping[str, Any]) -> Checkpoint:
        """All that `restore` needs, and facts of the run as JSON values."""
        parts: dict[str, Mapping[str, Tensor]] = {
            "net": self.net.state_dict(),
            "net_adam": optimizer_tensors(self._adam),
        }
        if self.mean is not None:
            parts["mean"] = self.mean.state_dict()
        if self.critic is not None and self._critic_adam is not None:
            parts["critic"] = self.critic.state_dict()
            parts["critic_adam"] = optimizer_tensors(self._critic_adam)
        tensors = {f"{part}.{k}": t for part, own in parts.items() for k, t in own.items()}
        return Checkpoint(
            tensors, {"step": self.step, "recipe": self.recipe.to_json(), **dict(facts)}
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on where a checkpoint was taken."""
        restore_module(self.net, checkpoint.part("net"), "network")
        restore_optimizer(self._adam, checkpoint.part("net_adam"))
        if self.mean is not None:
            restore_module(self.mean, checkpoint.part("mean"), "network")
        if self.critic is not None and self._critic_adam is not None:
            restore_module(self.critic, checkpoint.part("critic"), "discriminator")
            restore_optimizer(self._critic_adam, checkpoint.part("critic_adam"))
        self.step = int(checkpoint.state["step"])

    def begin_with(self, source: Path) -> None:
        """Take over another run's network, or exported weights.

        Raises:
            UsageError: They are of another shape.
            WeightsError: There is neither a run nor weights, or they cannot be read.
        """
        found = newest_checkpoint(source)
        tensors: Mapping[str, Tensor]
        if found is None:
            # What counts batches is not exported, and no number that a picture depends on.
            counts = {n: t for n, t in self.net.state_dict().items() if not t.is_floating_point()}
            tensors = {**counts, **load_weights(source, self.recipe.architecture).tensors}
        else:
            tensors = found.part("mean") or found.part("net")
        for module in (self.net, self.mean):
            if module is not None:
                restore_module(module, tensors, "network")

    def parameter_count(self) -> int:
        """Learned numbers of the network."""
        return parameter_count([self.net])

    def _perceptual(self) -> Features:
        from mien.training.motion.perceptual import load_perceptual

        return load_perceptual().to(self.fabric.device)

    def _deformation(self, batch: MotionBatch) -> Deformation | None:
        weights = self.recipe.weights
        if not (weights.point_equivariance or weights.linear_equivariance):
            return None
        seed = np.random.default_rng(
            [self.recipe.seed, self.step, self.fabric.global_rank]
        ).integers(2**62)
        generator = torch.Generator().manual_seed(int(seed))
        return random_deformation(len(batch.source), SplineNoise(), generator, batch.source)

    def _place(self, module: Any) -> Any:
        layout = torch.channels_last if self.recipe.channels_last else torch.contiguous_format
        return module.to(self.fabric.device, memory_format=layout)

    def _update(
        self, module: nn.Module, adam: torch.optim.Adam, terms: Losses, rate: float
    ) -> None:
        adam.zero_grad(set_to_none=True)
        terms["total"].backward()
        average_gradients(self.fabric, module)
        if self.recipe.max_gradient_norm:
            nn.utils.clip_grad_norm_(module.parameters(), self.recipe.max_gradient_norm)
        for group in adam.param_groups:
            group["lr"] = rate
        adam.step()


def build_critic(recipe: MotionRecipe) -> PatchDiscriminator:
    """A recipe's discriminator, not yet trained.

    Raises:
        UsageError: The pictures are too small for it.
    """
    return PatchDiscriminator(PatchDiscriminatorConfig(image_px=recipe.network.image_px))


def build(recipe: MotionRecipe) -> Fomm | Mraa:
    """A recipe's network, not yet trained."""
    network = recipe.network
    return Fomm(network) if isinstance(network, FommConfig) else Mraa(network)
