"""The base class of all trainers: networks, their running mean, checkpoints and the update."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from mien.models.layers import parameter_count
from mien.training.core.checkpoint import Checkpoint, restore_module
from mien.training.core.initial import initial_weights
from mien.training.core.losses import Losses
from mien.training.core.recipe import TrainingRecipe
from mien.training.core.schedule import follow, learning_rate
from mien.training.core.trained_network import Net, TrainedNetwork
from mien.training.faces.face_set import FaceSet
from mien.types import RGBImage

Recipe = TypeVar("Recipe", bound=TrainingRecipe)
Critic = TypeVar("Critic", bound=nn.Module)
Batch = TypeVar("Batch")


class BaseTrainer(ABC, Generic[Recipe, Net, Critic, Batch]):
    """A network that learns, and its critic if the recipe has one; the base of all trainers.

    What a step does depends only on the trainer's state, the batch and the step number, so that a resumed run
    continues exactly. The training loop does not look into batches.
    Gradients are averaged over devices in one piece rather than by a wrapper around the networks, because a step may
    run the critic several times and differentiate it twice.

    Args:
        recipe: Settings of the training.
        fabric: Devices and precision.
        total_steps: Steps of the whole run.

    Attributes:
        part: Name of the network in checkpoints and logs, such as ``generator``.
        field: Name of the network in recipes and messages.
        recipe: Settings of the training.
        fabric: Devices and precision.
        total_steps: Steps of the whole run.
        step: Steps done.
        mean: Running mean of the network's weights, if the recipe keeps one.
    """

    part: ClassVar[str]
    field: ClassVar[str]

    def __init__(self, recipe: Recipe, fabric: Fabric, total_steps: int) -> None:
        self.recipe, self.fabric, self.total_steps = recipe, fabric, total_steps
        self.step = 0
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            net = self.build_net(recipe)
            self._net = TrainedNetwork(self.part, self.field, net, recipe, fabric)
            self._critic: TrainedNetwork[Critic] | None = None
            if recipe.has_critic:
                critic = self.build_critic(recipe)
                self._critic = TrainedNetwork("critic", "discriminator", critic, recipe, fabric)
        self.mean: Net | None = (
            copy.deepcopy(self.net).requires_grad_(False) if recipe.ema_decay else None
        )

    @staticmethod
    @abstractmethod
    def build_net(recipe: Recipe) -> Net:
        """Build the network with its first weights."""

    @staticmethod
    @abstractmethod
    def build_critic(recipe: Recipe) -> Critic:
        """Build the discriminator with its first weights."""

    @staticmethod
    @abstractmethod
    def check_faces(recipe: Recipe, train: FaceSet, validation: FaceSet) -> None:
        """Refuse face sets that the recipe cannot be trained on.

        Args:
            recipe: Settings of the training.
            train: Faces to learn from.
            validation: Faces of other people.

        Raises:
            UsageError: A set does not fit.
        """

    @staticmethod
    @abstractmethod
    def draw(recipe: Recipe, faces: FaceSet, number: int) -> Batch:
        """Draw training batch ``number``, a function of the recipe's seed and that number; thread-safe."""

    @abstractmethod
    def draw_held_out(self, faces: FaceSet) -> list[Batch]:
        """Draw the batches that every validation of the run uses."""

    @abstractmethod
    def place(self, batch: Batch) -> Batch:
        """Move a batch to the trainer's device."""

    @abstractmethod
    def learn(self, batch: Batch) -> dict[str, Tensor]:
        """Do one step; return its losses by name, on the device."""

    @abstractmethod
    def validate(self, batches: list[Batch]) -> dict[str, float]:
        """Measure the kept network on held-out people."""

    @abstractmethod
    def sample_sheet(self, batch: Batch) -> RGBImage:
        """Draw what the kept network makes of a batch."""

    @property
    def net(self) -> Net:
        """The network that learns."""
        return self._net.module

    @property
    def critic(self) -> Critic | None:
        """The discriminator, if the recipe has one."""
        return None if self._critic is None else self._critic.module

    @property
    def kept(self) -> Net:
        """The network that is validated and exported: the running mean if there is one."""
        return self.net if self.mean is None else self.mean

    def parameter_count(self) -> int:
        """Return the number of the network's parameters."""
        return parameter_count([self.net])

    def checkpoint(self, facts: Mapping[str, Any]) -> Checkpoint:
        """Return what `restore` needs, with facts of the run as JSON values."""
        tensors = self._net.tensors()
        if self.mean is not None:
            tensors |= {f"mean.{name}": tensor for name, tensor in self.mean.state_dict().items()}
        if self._critic is not None:
            tensors |= self._critic.tensors()
        state = {"step": self.step, "recipe": self.recipe.to_json(), **facts}
        return Checkpoint(tensors, state)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Continue from a checkpoint.

        Raises:
            UsageError: The checkpoint is of other networks.
        """
        self._net.restore(checkpoint)
        if self.mean is not None:
            restore_module(self.mean, checkpoint.part("mean"), self.field)
        if self._critic is not None:
            self._critic.restore(checkpoint)
        self.step = int(checkpoint.state["step"])

    def begin_with(self, source: Path) -> None:
        """Start from exported weights or from another run, its critic included.

        Raises:
            UsageError: The weights are of another network.
            WeightsError: ``source`` holds neither a run nor weights, or they cannot be read.
        """
        found = initial_weights(source, self.recipe.architecture, self.part, self.field)
        self.check_initial_config(source, found.config)
        # BatchNorm counters are not exported and do not affect the output.
        counters = {n: t for n, t in self.net.state_dict().items() if not t.is_floating_point()}
        for module in (self.net, self.mean):
            if module is not None:
                restore_module(module, {**counters, **found.net}, self.field)
        if self.critic is not None and found.critic:
            restore_module(self.critic, found.critic, "discriminator")

    def check_initial_config(self, source: Path, config: Mapping[str, Any]) -> None:
        """Check that the config of the weights to start from fits the recipe; by default any config does.

        Args:
            source: Folder of the weights, for the message.
            config: Config of the network of these weights.

        Raises:
            UsageError: The config does not fit the recipe.
        """

    def _update(self, network: TrainedNetwork[Any], terms: Losses) -> dict[str, Tensor]:
        """Update a network by its total loss; return its losses as ``PART/NAME``."""
        network.update(terms["total"], learning_rate(self.recipe, self.step, self.total_steps))
        return {f"{network.part}/{name}": value.detach() for name, value in terms.items()}

    def _follow(self, updates: int) -> None:
        """Update the running mean.

        Args:
            updates: Number of the network's updates before this one.
        """
        if self.mean is not None:
            follow(self.mean, self.net, self.recipe.ema_decay, updates)
