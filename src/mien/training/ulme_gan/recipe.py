"""What training ULME-GAN does: every number of it, with its default, in one place."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from mien.au.catalog import sided_names
from mien.errors import UsageError
from mien.models.ulme_gan import PAPER_AUS, DiscriminatorConfig, GeneratorConfig
from mien.training.core.recipe import TrainingRecipe

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
class UlmeGanRecipe(TrainingRecipe):
    """How ULME-GAN is trained. The defaults are the paper's; see `TrainingRecipe` for the rest.

    Attributes:
        generator: The generator's shape.
        discriminator: The critic's shape; it is built only where `has_critic`.
        weights: Of the losses.
        critic_steps: The generator learns at every so manieth step; at all without a critic.
        jitter: Wanted AUs (over 5) are off by at most so much, uniformly.
        cycle_share: Share of a batch that is sent back for the cycle loss.
        keep_at_start: The attention's logit that a new generator begins near: 0 leaves the first
            weights to chance, 3 begins with a network that keeps 95% of every pixel.
    """

    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    weights: LossWeights = field(default_factory=LossWeights)
    critic_steps: int = 5
    jitter: float = 0.1
    cycle_share: float = 1.0
    keep_at_start: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.critic_steps < 1:
            raise UsageError(f"expected critic_steps from 1 on, got {self.critic_steps}")
        for name in ("jitter", "cycle_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"expected {name} in [0, 1], got {getattr(self, name)}")
        if not abs(self.keep_at_start) <= 10:
            raise UsageError(f"expected keep_at_start in [-10, 10], got {self.keep_at_start}")
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
