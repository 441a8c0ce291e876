"""A network with its optimiser: placed, updated, saved and restored as one."""

from __future__ import annotations

from typing import Generic, TypeVar

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from mien.training.core.checkpoint import (
    Checkpoint,
    optimizer_tensors,
    restore_module,
    restore_optimizer,
)
from mien.training.core.gradients import average_gradients
from mien.training.core.recipe import TrainingRecipe

Net = TypeVar("Net", bound=nn.Module)


class TrainedNetwork(Generic[Net]):
    """A network on its device, and its Adam optimiser.

    Args:
        part: Name in checkpoints and logs; the optimiser is saved as ``PART_adam``.
        field: Name in recipes and messages.
        module: The network.
        recipe: Settings of the optimiser.
        fabric: Device, and how gradients of several devices are averaged.
    """

    def __init__(
        self, part: str, field: str, module: Net, recipe: TrainingRecipe, fabric: Fabric
    ) -> None:
        layout = torch.channels_last if recipe.channels_last else torch.contiguous_format
        self.part, self.field = part, field
        self.module: Net = module.to(fabric.device, memory_format=layout)  # type: ignore[call-overload]
        self._fabric = fabric
        self._max_gradient_norm = recipe.max_gradient_norm
        betas = (recipe.beta1, recipe.beta2)
        self._adam = torch.optim.Adam(self.module.parameters(), recipe.learning_rate, betas)

    def update(self, loss: Tensor, learning_rate: float) -> None:
        """Take one optimiser step that lowers a loss.

        Call it outside autocast: the backward pass takes its types from the forward pass.
        """
        self._adam.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        average_gradients(self._fabric, self.module)
        if self._max_gradient_norm:
            nn.utils.clip_grad_norm_(self.module.parameters(), self._max_gradient_norm)
        for group in self._adam.param_groups:
            group["lr"] = learning_rate
        self._adam.step()

    def tensors(self) -> dict[str, Tensor]:
        """Return weights and optimiser state by their names in a checkpoint."""
        weights = {f"{self.part}.{k}": t for k, t in self.module.state_dict().items()}
        adam = {f"{self.part}_adam.{k}": t for k, t in optimizer_tensors(self._adam).items()}
        return weights | adam

    def restore(self, checkpoint: Checkpoint) -> None:
        """Put back what `tensors` returned.

        Raises:
            UsageError: The checkpoint is of another network.
        """
        restore_module(self.module, checkpoint.part(self.part), self.field)
        restore_optimizer(self._adam, checkpoint.part(f"{self.part}_adam"))
