"""The settings of a training run that all networks share, with their defaults.

A recipe is saved with its run and with the weights that result from it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, TypeAlias, get_args

from mien.common.option_checks import check_choice
from mien.errors import UsageError

Precision: TypeAlias = Literal["auto", "32-true", "bf16-mixed"]
"""Arithmetic of the networks. `32-true`: all in float32. `bf16-mixed`: convolutions in bfloat16, which is slow on a
processor without it. `auto`: `bf16-mixed` if the device has bfloat16, otherwise `32-true`; a run records which
(`mien.training.core.precision`)."""

Order: TypeAlias = Literal["passes", "drawn"]
"""How faces are chosen for batches. `passes`, as published: repeated passes over all faces, each in a new
random order. `drawn`: each batch is drawn at random from all faces."""

Decay: TypeAlias = Literal["linear", "cosine", "milestones", "linear_epochs"]
"""How the learning rate falls."""

MILESTONES = (0.6, 0.9)
"""The `TrainingRecipe.milestones` of FOMM and MRAA."""

PUBLISHED_NAME = "published"
"""Name of the recipe with the paper's settings, which every network has."""

FINE_TUNING_NAME = "published-fine-tuning"
"""Name of the ULME-GAN paper's second training, on micro-expressions."""

OURS_NAME = "ours"
"""Name of our own recipe, which learns from faces that the rig moved."""


@dataclass(frozen=True, kw_only=True)
class TrainingRecipe(ABC):
    """Optimiser, schedule and batches; a subclass per network family adds networks and losses.

    Attributes:
        learning_rate: Adam's learning rate before decay.
        beta1: Adam's decay rate of the gradient mean.
        beta2: Adam's decay rate of the squared gradient mean.
        batch_size: Pictures or pairs per step on each device.
        epochs: Number of epochs. If `steps` is given, it only divides the run for decay
            `linear_epochs`.
        repeats: Passes over the training faces in one epoch.
        order: How faces are chosen for batches (`Order`).
        steps: Steps in total, instead of `epochs` times `repeats` passes.
        decay_from: Share of all steps after which the learning rate starts to fall; not used with
            `milestones`.
        decay: How the learning rate falls: to 0 in a straight line (`linear`), to 0 along half a
            cosine (`cosine`), divided by 10 at each of its `milestones`, or in a
            straight line with one value an epoch, which is 0 in the last (`linear_epochs`, see
            `mien.training.core.schedule`).
        warmup_steps: Steps over which the learning rate rises to its full value.
        max_gradient_norm: Longer gradients are clipped to this norm; 0 clips none.
        ema_decay: Decay of the running mean of the weights, which is validated and exported; 0
            keeps no mean and exports the last weights.
        precision: Arithmetic of the networks (`Precision`).
        channels_last: Whether tensors are stored in channels-last layout, which is often faster.
        compile: Whether the network is compiled; pays off on GPUs.
        seed: Seed of the first weights and of all batches.
    """

    own_options: ClassVar[Mapping[str, str]] = {}
    """Options by field, for the fields that only an option may change, because other fields depend on them."""

    learning_rate: float = 1e-4
    beta1: float = 0.5
    beta2: float = 0.999
    batch_size: int = 25
    epochs: int = 30
    repeats: int = 1
    order: Order = "passes"
    steps: int | None = None
    decay_from: float = 2 / 3
    decay: Decay = "linear"
    warmup_steps: int = 0
    max_gradient_norm: float = 0.0
    ema_decay: float = 0.0
    precision: Precision = "32-true"
    channels_last: bool = False
    compile: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        least = {"batch_size": 1, "epochs": 1, "repeats": 1, "steps": 1}
        least |= {"warmup_steps": 0, "seed": 0}
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
        check_choice("precision", self.precision, get_args(Precision))
        check_choice("decay", self.decay, get_args(Decay))
        check_choice("order", self.order, get_args(Order))

    @property
    @abstractmethod
    def architecture(self) -> str:
        """Name of the network (`mien.models.names`)."""

    @property
    @abstractmethod
    def image_px(self) -> int:
        """Side of the square pictures, pixels."""

    @property
    @abstractmethod
    def has_critic(self) -> bool:
        """Whether a discriminator is built and trained, which only its losses need."""

    @property
    def needs_pairs(self) -> bool:
        """Whether a step learns from two views of a face, not from single pictures."""
        return True

    @property
    def moved_kind(self) -> Literal["rig", "flow"]:
        """Kind of the face set to make for this recipe if the rig moves portraits."""
        return "rig"

    @property
    @abstractmethod
    def exported_config(self) -> dict[str, Any]:
        """Fields of the exported network's config, as JSON values."""

    @classmethod
    @abstractmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read the recipe that `to_json` wrote; missing fields take their defaults.

        Raises:
            UsageError: An unknown field, or a value that is not allowed.
        """

    @property
    def milestones(self) -> tuple[float, ...]:
        """Shares of the steps after which decay `milestones` divides the learning rate by 10."""
        return MILESTONES

    def for_card(self) -> dict[str, Any]:
        """Return all fields for a weight card as JSON values, without private parts such as paths."""
        return self.to_json()

    def after(self, weights: Path) -> Self:
        """Return the recipe with the weights of the network from whose output this one learns.

        Args:
            weights: Folder of these weights.

        Raises:
            UsageError: The network of this recipe does not learn from another one.
        """
        raise UsageError(f"expected no other network for {self.architecture}, got {weights}")

    def to_json(self) -> dict[str, Any]:
        """Return all fields as JSON values."""
        return asdict(self)

    def with_prior(self, prior: str | None, points: int | None, *, ours: bool) -> Self:
        """Return the recipe with another facial prior.

        Args:
            prior: Name of the prior; None keeps it.
            points: Number of prior points; None keeps the published ones.
            ours: Whether to use our own settings for many points.

        Raises:
            UsageError: The network takes no prior, or not this one.
        """
        raise UsageError(
            f"expected no prior and no points for {self.architecture}, got {prior} and {points}"
        )

    @abstractmethod
    def check_installed(self) -> None:
        """Check that what this recipe needs beyond the extra ``train`` is there, before any work.

        Raises:
            MissingExtraError: A package is not installed.
            UsageError: The weights of another network are not given.
        """

    def total_steps(self, faces: int, devices: int = 1) -> int:
        """Return the number of steps.

        Args:
            faces: Number of training faces.
            devices: Number of devices that share an epoch.
        """
        if self.steps is not None:
            return self.steps
        return self.epochs * max(1, self.repeats * faces // (self.batch_size * devices))


def check_loss_weights(weights: Mapping[str, float]) -> None:
    """Refuse negative, infinite and undefined loss weights.

    Raises:
        UsageError: A weight is negative, infinite or undefined.
    """
    for name, weight in weights.items():
        if not 0 <= weight < float("inf"):
            raise UsageError(f"expected weights.{name} of at least 0, got {weight}")
