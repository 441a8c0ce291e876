"""What the training loop needs from a trainer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from lightning_fabric import Fabric
from torch import Tensor

from mien.training.core.checkpoint import Checkpoint
from mien.training.core.recipe import TrainingRecipe
from mien.training.faces.face_set import FaceSet
from mien.types import RGBImage


class Trainer(Protocol):
    """Networks that learn; a step is a function of their state, the batch and the step number.

    The loop does not look into batches. `mien.training.core.adversarial.AdversarialTrainer` is a
    base class with checkpoints, the running mean and first weights.
    """

    def __init__(self, recipe: Any, fabric: Fabric, total_steps: int) -> None: ...

    @property
    def recipe(self) -> TrainingRecipe:
        """The recipe."""

    @property
    def fabric(self) -> Fabric:
        """Devices and precision."""

    @property
    def step(self) -> int:
        """Steps done."""

    @property
    def total_steps(self) -> int:
        """Steps of the whole run."""

    @staticmethod
    def check_faces(recipe: Any, train: FaceSet, validation: FaceSet) -> None:
        """Refuse face sets that a recipe cannot be trained on: UsageError."""

    def draw(self, faces: FaceSet, number: int) -> Any:
        """Draw batch ``number``, a function of the recipe's seed and that number; thread-safe."""

    def draw_held_out(self, faces: FaceSet) -> list[Any]:
        """Draw the batches that every validation of a run uses."""

    def place(self, batch: Any) -> Any:
        """Move a batch to the trainer's device."""

    def learn(self, batch: Any) -> dict[str, Tensor]:
        """Do one step; return its losses by name, on the device."""

    def validate(self, batches: list[Any]) -> dict[str, float]:
        """Measure the kept network on held-out people."""

    def sample_sheet(self, batch: Any) -> RGBImage:
        """Draw what the kept network makes of a batch."""

    def checkpoint(self, facts: Mapping[str, Any]) -> Checkpoint:
        """Return what `restore` needs, with facts of the run as JSON values."""

    def restore(self, checkpoint: Checkpoint) -> None:
        """Continue from a checkpoint."""

    def begin_with(self, source: Path) -> None:
        """Start from exported weights or from another run."""

    def parameter_count(self) -> int:
        """Return the number of the kept network's parameters."""
