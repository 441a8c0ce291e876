"""What every training run's recipe says, whatever is trained: the one place of each default.

A recipe is saved with its run and with the weights that come of it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from mien.errors import UsageError

Precision: TypeAlias = Literal["32-true", "bf16-mixed"]
"""How a network computes: all in float32, or its convolutions in bfloat16."""

MILESTONES = (0.6, 0.9)
"""Shares of the steps after which the rate falls to a tenth, with the decay `milestones`."""


@dataclass(frozen=True, kw_only=True)
class TrainingRecipe:
    """Optimiser, schedule and batches; `UlmeGanRecipe` and `MotionRecipe` add what is learned.

    Attributes:
        learning_rate: Adam's, before it decays.
        beta1: Adam's first.
        beta2: Adam's second.
        batch_size: Pictures or pairs a step on each device.
        epochs: Passes over the training faces, where `steps` is not given.
        steps: Batches looked at in all, instead of `epochs`.
        decay_from: Share of the steps after which the learning rate falls.
        decay: How it falls: to 0 along a line or half a cosine, or to a tenth at each of `MILESTONES`.
        warmup_steps: Steps over which the learning rate rises to its full value.
        max_gradient_norm: Longer gradients are cut to this length; 0 leaves them.
        augment: Whether faces are mirrored and their light changed.
        ema_decay: Of the running mean of the weights, which is what is kept; 0 keeps the last state.
        precision: How the networks compute.
        channels_last: Whether pictures are stored pixel by pixel, which is often faster.
        compile: Whether what makes pictures is compiled; pays off on GPUs.
        seed: Of the first weights and of all batches.
    """

    learning_rate: float = 1e-4
    beta1: float = 0.5
    beta2: float = 0.999
    batch_size: int = 25
    epochs: int = 30
    steps: int | None = None
    decay_from: float = 2 / 3
    decay: Literal["linear", "cosine", "milestones"] = "linear"
    warmup_steps: int = 0
    max_gradient_norm: float = 0.0
    augment: bool = True
    ema_decay: float = 0.0
    precision: Precision = "32-true"
    channels_last: bool = False
    compile: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        least = {"batch_size": 1, "epochs": 1, "steps": 1, "warmup_steps": 0, "seed": 0}
        for name, start in least.items():
            value = getattr(self, name)
            if value is not None and value < start:
                raise UsageError(f"expected {name} from {start} on, got {value}")
        for name in ("beta1", "beta2", "ema_decay"):
            if not 0 <= getattr(self, name) < 1:
                raise UsageError(f"expected {name} in [0, 1), got {getattr(self, name)}")
        if not 0 <= self.decay_from <= 1:
            raise UsageError(f"expected decay_from in [0, 1], got {self.decay_from}")
        if not 0 < self.learning_rate < float("inf") or not self.max_gradient_norm >= 0:
            raise UsageError(
                "expected a learning_rate over 0 and a max_gradient_norm of at least 0, "
                f"got {self.learning_rate} and {self.max_gradient_norm}"
            )
        if self.precision not in ("32-true", "bf16-mixed"):
            raise UsageError(f"expected precision 32-true or bf16-mixed, got {self.precision}")
        if self.decay not in ("linear", "cosine", "milestones"):
            raise UsageError(f"expected decay linear, cosine or milestones, got {self.decay}")

    def total_steps(self, faces: int, devices: int = 1) -> int:
        """How many batches are looked at with so many training faces on so many devices."""
        if self.steps is not None:
            return self.steps
        return self.epochs * max(1, faces // (self.batch_size * devices))

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)
