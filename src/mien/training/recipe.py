"""What a training run does: every number of it, with its default, in one place.

A recipe is saved with its run and with the weights that come of it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from mien.au.catalog import sided_names
from mien.errors import UsageError
from mien.models.ulme_gan import PAPER_AUS, DiscriminatorConfig, GeneratorConfig

Precision: TypeAlias = Literal["32-true", "bf16-mixed"]
"""How a network computes: all in float32, or its convolutions in bfloat16."""

SIDED_AUS: tuple[str, ...] = tuple(side for name in PAPER_AUS for side in sided_names(name))
"""The paper's 17 AUs with their sides apart, as the rig moves them."""


@dataclass(frozen=True, kw_only=True)
class LossWeights:
    """How much each loss counts. The defaults are the paper's.

    Attributes:
        adversarial: The critic's score of what the generator makes.
        penalty: The critic's gradient penalty.
        au: Squared error of the AUs that the critic reads.
        cycle: L1 distance of a face sent to other AUs and back.
        attention: Mean of what the generator repaints, so that it does not repaint all.
        smoothness: Total variation of the attention.
        pair: Distance to the picture that shows the wanted AUs; needs a paired face set, as the
            next two do.
        repaint: Cross-entropy of what is repainted and of what moves.
        colour: Distance of the colours, where something moves, before the attention mixes them in.
    """

    adversarial: float = 1.0
    penalty: float = 10.0
    au: float = 160.0
    cycle: float = 10.0
    attention: float = 0.0
    smoothness: float = 0.0
    pair: float = 0.0
    repaint: float = 0.0
    colour: float = 0.0

    def __post_init__(self) -> None:
        for name, weight in asdict(self).items():
            if not 0 <= weight < float("inf"):
                raise UsageError(f"expected weights.{name} of at least 0, got {weight}")
        if not (self.adversarial or self.au or self.pair):
            raise UsageError(
                "expected a loss that asks for the AUs: adversarial, au or pair over 0"
            )


@dataclass(frozen=True, kw_only=True)
class UlmeGanRecipe:
    """How ULME-GAN is trained. The defaults are the paper's.

    Attributes:
        generator: The generator's shape.
        discriminator: The critic's shape; it is built only where `has_critic`.
        weights: Of the losses.
        learning_rate: Adam's, before it decays.
        beta1: Adam's first.
        beta2: Adam's second.
        batch_size: Pictures a step on each device.
        critic_steps: The generator learns at every so manieth step; at all without a critic.
        epochs: Passes over the training faces, where `steps` is not given.
        steps: Batches looked at in all, instead of `epochs`.
        decay_from: Share of the steps after which the learning rate falls.
        decay: How it falls to 0: along a line or half a cosine.
        warmup_steps: Steps over which the learning rate rises to its full value.
        max_gradient_norm: Longer gradients are cut to this length; 0 leaves them.
        jitter: Wanted AUs (over 5) are off by at most so much, uniformly.
        augment: Whether faces are mirrored and their light changed.
        cycle_share: Share of a batch that is sent back for the cycle loss.
        keep_at_start: The attention's logit that a new generator begins near: 0 leaves the first
            weights to chance, 3 begins with a network that keeps 95% of every pixel.
        ema_decay: Of the generator's running mean, which is what is kept; 0 keeps the last state.
        precision: How the networks compute.
        channels_last: Whether pictures are stored pixel by pixel, which is often faster.
        compile: Whether the generator is compiled; pays off on GPUs.
        seed: Of the first weights and of all batches.
    """

    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    weights: LossWeights = field(default_factory=LossWeights)
    learning_rate: float = 1e-4
    beta1: float = 0.5
    beta2: float = 0.999
    batch_size: int = 25
    critic_steps: int = 5
    epochs: int = 30
    steps: int | None = None
    decay_from: float = 2 / 3
    decay: Literal["linear", "cosine"] = "linear"
    warmup_steps: int = 0
    max_gradient_norm: float = 0.0
    jitter: float = 0.1
    augment: bool = True
    cycle_share: float = 1.0
    keep_at_start: float = 0.0
    ema_decay: float = 0.0
    precision: Precision = "32-true"
    channels_last: bool = False
    compile: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        counts = (self.batch_size, self.critic_steps, self.epochs, self.steps or 1)
        if min(counts) < 1 or self.steps == 0 or self.warmup_steps < 0 or self.seed < 0:
            raise UsageError(
                "expected batch_size, critic_steps, epochs and steps from 1 on, warmup_steps and "
                f"seed from 0 on, got {self.batch_size}, {self.critic_steps}, {self.epochs}, "
                f"{self.steps}, {self.warmup_steps}, {self.seed}"
            )
        for name in ("beta1", "beta2", "ema_decay"):
            if not 0 <= getattr(self, name) < 1:
                raise UsageError(f"expected {name} in [0, 1), got {getattr(self, name)}")
        for name in ("decay_from", "jitter", "cycle_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"expected {name} in [0, 1], got {getattr(self, name)}")
        if not 0 < self.learning_rate < float("inf") or not self.max_gradient_norm >= 0:
            raise UsageError(
                "expected a learning_rate over 0 and a max_gradient_norm of at least 0, "
                f"got {self.learning_rate} and {self.max_gradient_norm}"
            )
        if not abs(self.keep_at_start) <= 10:
            raise UsageError(f"expected keep_at_start in [-10, 10], got {self.keep_at_start}")
        if self.precision not in ("32-true", "bf16-mixed"):
            raise UsageError(f"expected precision 32-true or bf16-mixed, got {self.precision}")
        if self.decay not in ("linear", "cosine"):
            raise UsageError(f"expected decay linear or cosine, got {self.decay}")
        if self.has_critic and self.generator.image_px != self.discriminator.image_px:
            raise UsageError(
                "expected generator and discriminator of one image_px, "
                f"got {self.generator.image_px} and {self.discriminator.image_px}"
            )
        if self.has_critic and self.generator.aus != self.discriminator.aus:
            raise UsageError("expected generator and discriminator with the same AUs")

    @property
    def needs_pairs(self) -> bool:
        """Whether it can only be followed with a paired face set."""
        return max(self.weights.pair, self.weights.repaint, self.weights.colour) > 0

    @property
    def has_critic(self) -> bool:
        """Whether there is a discriminator; without its losses none is built."""
        return self.weights.adversarial > 0 or self.weights.au > 0

    def total_steps(self, faces: int, devices: int = 1) -> int:
        """How many batches are looked at with so many training faces on so many devices."""
        if self.steps is not None:
            return self.steps
        return self.epochs * max(1, faces // (self.batch_size * devices))

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> UlmeGanRecipe:
        """The recipe that `to_json` wrote; what it does not name has its default.

        Raises:
            UsageError: A name that is none, or a value that is not allowed.
        """
        parts: dict[str, Any] = dict(values)
        try:
            for name, kind in _PARTS.items():
                if name in parts:
                    part = dict(parts[name])
                    if "aus" in part:
                        part["aus"] = tuple(part["aus"])
                    parts[name] = kind(**part)
            return cls(**parts)
        except (TypeError, ValueError) as error:
            raise UsageError(f"expected a recipe of Mien's, got one with {error}") from error


_PARTS: dict[str, Any] = {
    "generator": GeneratorConfig,
    "discriminator": DiscriminatorConfig,
    "weights": LossWeights,
}

PUBLISHED = UlmeGanRecipe()
"""What the paper and its code did."""

OURS = UlmeGanRecipe(
    generator=GeneratorConfig(aus=SIDED_AUS, width=32, conditioning="relative", skips=True),
    discriminator=DiscriminatorConfig(aus=SIDED_AUS),
    weights=LossWeights(adversarial=0.0, au=0.0, cycle=0.0, pair=1.0, repaint=0.5, colour=2.0),
    learning_rate=6e-4,
    beta1=0.9,
    batch_size=8,
    steps=4400,
    decay_from=0.4,
    decay="cosine",
    warmup_steps=200,
    max_gradient_norm=5.0,
    jitter=0.0,
    keep_at_start=1.0,
    ema_decay=0.999,
    precision="bf16-mixed",
    channels_last=True,
)
"""A narrow generator that the rig shows what each change of AUs looks like."""

RECIPES: dict[str, UlmeGanRecipe] = {"published": PUBLISHED, "ours": OURS}
"""The recipes by name."""
