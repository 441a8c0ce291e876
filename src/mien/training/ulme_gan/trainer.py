"""ULME-GAN's networks, optimisers and running mean on their device, and one step of training."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from mien.au.catalog import sided_names
from mien.errors import UsageError
from mien.models.ulme_gan import Discriminator, Generated, Generator
from mien.training.core.checkpoint import (
    Checkpoint,
    optimizer_tensors,
    restore_module,
    restore_optimizer,
)
from mien.training.core.schedule import follow, learning_rate
from mien.training.core.updates import average_gradients, frozen
from mien.training.faces.face_set import FaceSet
from mien.training.ulme_gan.batches import Batch, make_batch
from mien.training.ulme_gan.initial import initial_weights
from mien.training.ulme_gan.recipe import UlmeGanRecipe
from mien.training.ulme_gan.steps import Losses, critic_losses, generator_losses
from mien.training.ulme_gan.validation import sample_sheet, validate, validation_batches
from mien.types import RGBImage


class UlmeGanTrainer:
    """The state of a run; a step of it is a function of that state, the batch and the step.

    Gradients are averaged over devices by hand, in one piece, rather than by a wrapper around the
    networks: the critic is run three times and differentiated twice a step.
    """

    def __init__(self, recipe: UlmeGanRecipe, fabric: Fabric, total_steps: int) -> None:
        self.recipe, self.fabric, self.total_steps = recipe, fabric, total_steps
        self.step = 0
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            generator = Generator(recipe.generator)
            begin_keeping(generator, recipe.keep_at_start)
            self.generator = self._place(generator)
            self.critic = (
                self._place(Discriminator(recipe.discriminator)) if recipe.has_critic else None
            )
        self.mean = (
            copy.deepcopy(self.generator).requires_grad_(False) if recipe.ema_decay else None
        )
        betas = (recipe.beta1, recipe.beta2)
        rate = recipe.learning_rate
        self._generator_adam = torch.optim.Adam(self.generator.parameters(), rate, betas)
        self._critic_adam = (
            None if self.critic is None else torch.optim.Adam(self.critic.parameters(), rate, betas)
        )
        self._forward: Any = torch.compile(self.generator) if recipe.compile else self.generator

    @staticmethod
    def check_faces(recipe: UlmeGanRecipe, train: FaceSet, validation: FaceSet) -> None:
        """Refuse face sets that a recipe cannot be trained on: UsageError."""
        for faces in (train, validation):
            check_size(faces, recipe.generator.image_px, "generator")
            if recipe.needs_pairs and not faces.is_paired:
                raise UsageError(
                    "expected a face set with pairs for this recipe, got one picture a face: make it with "
                    "--kind rig, or set weights.pair, weights.repaint and weights.colour to 0"
                )
        aus = recipe.generator.aus
        missing = [n for n in aus if not set(sided_names(n)) & set(train.au_names)]
        if missing:
            raise UsageError(
                f"expected faces labelled with the generator's AUs, got a set without "
                f"{' '.join(missing)}: set generator.aus to what it has"
            )

    def draw(self, faces: FaceSet, number: int) -> Batch:
        """Draw training batch ``number``."""
        recipe = self.recipe
        return make_batch(
            faces,
            recipe.generator.aus,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            step=number,
            jitter=recipe.jitter,
            augment=recipe.augment,
        )

    def draw_held_out(self, faces: FaceSet) -> list[Batch]:
        """Draw the batches that all validations of a run look at."""
        return validation_batches(self.recipe, faces)

    def validate(self, batches: list[Batch]) -> dict[str, float]:
        """Measure the generator that is kept; see `mien.training.ulme_gan.validation.validate`."""
        return validate(self.recipe, self.generate_kept, batches)

    def sample_sheet(self, batch: Batch) -> RGBImage:
        """Draw what it makes; see `mien.training.ulme_gan.validation.sample_sheet`."""
        return sample_sheet(self.recipe, self.generate_kept, batch)

    def begin_with(self, source: Path) -> None:
        """Take over exported weights, or another run's."""
        self.start_from(*initial_weights(source, self.recipe))

    def parameter_count(self) -> int:
        """Learned numbers of the generator."""
        return sum(p.numel() for p in self.generator.parameters())

    @property
    def kept(self) -> Generator:
        """The generator that is validated and exported: the running mean if there is one."""
        return self.generator if self.mean is None else self.mean

    def generate(self, images: Tensor, aus: Tensor) -> Generated:
        """Run the generator that learns, in the recipe's precision."""
        with self.fabric.autocast():
            return self._forward(images, aus)

    def generate_kept(self, images: Tensor, aus: Tensor) -> Generated:
        """Run the generator that is kept, in the recipe's precision."""
        with self.fabric.autocast():
            return self.kept(images, aus)

    def place(self, batch: Batch) -> Batch:
        """The batch on this trainer's device, laid out as the networks are."""
        batch = batch.to(self.fabric.device)
        if not self.recipe.channels_last:
            return batch
        layout = torch.channels_last
        targets = None if batch.targets is None else batch.targets.contiguous(memory_format=layout)
        images = batch.images.contiguous(memory_format=layout)
        return Batch(images, batch.own, batch.wanted, targets)

    def learn(self, batch: Batch) -> dict[str, Tensor]:
        """Do one step.

        Returns:
            The step's losses by name, on the device: ``critic/...`` and ``generator/...``.
        """
        batch = self.place(batch)
        rate = learning_rate(self.recipe, self.step, self.total_steps)
        said: dict[str, Tensor] = {}
        if self.critic is not None and self._critic_adam is not None:
            with self.fabric.autocast():
                terms = critic_losses(
                    self.recipe, self._forward, self.critic, batch, self._shares(len(batch.images))
                )
            self._update(self.critic, self._critic_adam, terms, rate)
            said |= {f"critic/{name}": value.detach() for name, value in terms.items()}
        every = 1 if self.critic is None else self.recipe.critic_steps
        if (self.step + 1) % every == 0:
            with frozen(self.critic):
                with self.fabric.autocast():
                    terms = generator_losses(self.recipe, self._forward, self.critic, batch)
                self._update(self.generator, self._generator_adam, terms, rate)
            said |= {f"generator/{name}": value.detach() for name, value in terms.items()}
            if self.mean is not None:
                follow(self.mean, self.generator, self.recipe.ema_decay, self.step // every)
        self.step += 1
        return said

    def checkpoint(self, facts: Mapping[str, Any]) -> Checkpoint:
        """All that `restore` needs, and facts of the run as JSON values."""
        parts: dict[str, Mapping[str, Tensor]] = {
            "generator": self.generator.state_dict(),
            "generator_adam": optimizer_tensors(self._generator_adam),
        }
        if self.mean is not None:
            parts["mean"] = self.mean.state_dict()
        if self.critic is not None and self._critic_adam is not None:
            parts["critic"] = self.critic.state_dict()
            parts["critic_adam"] = optimizer_tensors(self._critic_adam)
        tensors = {f"{part}.{k}": t for part, own in parts.items() for k, t in own.items()}
        state = {"step": self.step, "recipe": self.recipe.to_json(), **facts}
        return Checkpoint(tensors, state)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on where a checkpoint was taken."""
        self.start_from(checkpoint.part("generator"), checkpoint.part("critic"))
        if self.mean is not None:
            restore_module(self.mean, checkpoint.part("mean"), "generator")
        restore_optimizer(self._generator_adam, checkpoint.part("generator_adam"))
        if self._critic_adam is not None:
            restore_optimizer(self._critic_adam, checkpoint.part("critic_adam"))
        self.step = int(checkpoint.state["step"])

    def start_from(self, generator: Mapping[str, Tensor], critic: Mapping[str, Tensor]) -> None:
        """Take over weights; the critic's may be missing where there is none or it begins anew."""
        restore_module(self.generator, generator, "generator")
        if self.mean is not None:
            restore_module(self.mean, generator, "generator")
        if self.critic is not None and critic:
            restore_module(self.critic, critic, "discriminator")

    def _place(self, module: Any) -> Any:
        layout = torch.channels_last if self.recipe.channels_last else torch.contiguous_format
        return module.to(self.fabric.device, memory_format=layout)

    def _shares(self, count: int) -> Tensor:
        """(B, 1, 1, 1) in [0, 1), a function of seed, step and device."""
        rng = np.random.default_rng([self.recipe.seed, self.step, self.fabric.global_rank])
        shares = rng.random((count, 1, 1, 1), np.float32)
        return torch.from_numpy(shares).to(self.fabric.device)

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


def check_size(faces: FaceSet, image_px: int, what: str) -> None:
    """Refuse pictures of another size than a network's: UsageError."""
    if faces.size != image_px:
        raise UsageError(
            f"expected faces of {image_px} px, got {faces.size}: "
            f"make the set anew with --size, or set {what}.image_px"
        )


@torch.no_grad()
def begin_keeping(generator: Generator, logit: float) -> None:
    """Shift a new generator's attention, which has no bias, so that its logit is near a value.

    The features it sees are never below 0, so weights that are all a little higher do it; how much
    is measured on noise.
    """
    size, aus = generator.config.image_px, len(generator.config.aus)
    seen: list[Tensor] = []
    hook = generator.attention_head.register_forward_pre_hook(lambda _, x: seen.append(x[0]))
    generator(torch.rand(2, 3, size, size) * 2 - 1, torch.zeros(2, aus))
    hook.remove()
    weight = generator.attention_head.weight
    weight += logit / (seen[0].mean().clamp(min=1e-3) * weight[0].numel())
