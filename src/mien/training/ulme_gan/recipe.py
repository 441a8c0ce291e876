"""ULME-GAN's recipes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self, get_args

from mien.au.catalog import sided_names
from mien.common.option_checks import check_choice
from mien.errors import UsageError
from mien.face.square import FLOW_SQUARE_CM, FLOW_SQUARE_DOWN_CM
from mien.models.names import ULME_GAN
from mien.models.ulme_gan import PAPER_AUS, DiscriminatorConfig, GeneratorConfig
from mien.training.core.recipe import (
    FINE_TUNING_NAME,
    OURS_NAME,
    PUBLISHED_NAME,
    Decay,
    TrainingRecipe,
    check_loss_weights,
)
from mien.training.faces.augmentation import OUR_LIGHT, Augmentation
from mien.training.ulme_gan.first_weights import FirstWeights
from mien.training.ulme_gan.losses import Reduction

PAINTED_NAME = "painted"
"""Name of the recipe of a generator that repaints what changes."""

SIDED_AUS: tuple[str, ...] = tuple(side for name in PAPER_AUS for side in sided_names(name))
"""The paper's 17 AUs with left and right apart, as the rig moves them."""


@dataclass(frozen=True, kw_only=True)
class LossWeights:
    """Weight of each loss. The defaults are the paper's.

    Attributes:
        adversarial: The critic's score of the generator's output.
        penalty: The critic's gradient penalty.
        au: Squared error of the AUs that the critic estimates.
        cycle: L1 distance of a face to its copy after a change to other AUs and back.
        attention: Mean attention, as published. This loss rewards repainting, so that the attention does
            not settle at 1, where nothing changes.
        smoothness: Total variation of the attention.
        pair: Distance to the picture that shows the wanted AUs; needs a paired face set, like the
            next two.
        repaint: Cross-entropy of the repainted share and the moving pixels.
        colour: Distance of the colours to the target where something moves, before the attention
            mixes them in.
        flow: Distance of the flow to the true flow; needs a face set of kind ``flow``. For a generator with flow,
            ``repaint`` and ``colour`` concern the pixels that the true flow does not explain, not all that move.
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
    flow: float = 0.0

    def __post_init__(self) -> None:
        check_loss_weights(asdict(self))
        if not (self.adversarial or self.au or self.pair or self.flow):
            raise UsageError(
                "expected a loss that learns the AUs: adversarial, au, pair or flow over 0"
            )


@dataclass(frozen=True, kw_only=True)
class UlmeGanRecipe(TrainingRecipe):
    """Settings of ULME-GAN's training. The defaults are the paper's.

    Attributes:
        generator: Config of the generator.
        discriminator: Config of the critic, which is built only if `has_critic`.
        weights: Weights of the losses.
        critic_steps: Update the generator at the first of every N steps of an epoch; at every step
            without a critic.
        penalty_reduction: What the gradient penalty differentiates: the ``sum`` of the critic's
            patch scores, as published, or their ``mean``.
        jitter: Largest uniform noise on the wanted AUs, intensity / 5.
        jitter_clip: Whether AUs with noise are clipped to [0, 1]; the published code does not clip them.
        augmentation: How faces are varied.
        init: First weights: ``normal``, as published, or PyTorch's own (``torch``); see
            `mien.training.ulme_gan.first_weights`.
        cycle_share: Share of a batch that is sent back for the cycle loss.
        keep_at_start: Mean logit of a new generator's attention: 0 leaves it to random weights, 3
            starts with a network that keeps 95% of every pixel.
    """

    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    weights: LossWeights = field(default_factory=LossWeights)
    critic_steps: int = 5
    penalty_reduction: Reduction = "sum"
    jitter: float = 0.1
    jitter_clip: bool = False
    augmentation: Augmentation = field(default_factory=Augmentation)
    init: FirstWeights = "normal"
    cycle_share: float = 1.0
    keep_at_start: float = 0.0
    decay: Decay = "linear_epochs"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("penalty_reduction", self.penalty_reduction, get_args(Reduction))
        check_choice("init", self.init, get_args(FirstWeights))
        if self.critic_steps < 1:
            raise UsageError(f"expected critic_steps from 1 on, got {self.critic_steps}")
        for name in ("jitter", "cycle_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"expected {name} in [0, 1], got {getattr(self, name)}")
        if not abs(self.keep_at_start) <= 10:
            raise UsageError(f"expected keep_at_start in [-10, 10], got {self.keep_at_start}")
        if self.has_critic and self.generator.image_px != self.discriminator.image_px:
            raise UsageError(
                "expected generator and discriminator with the same image_px, "
                f"got {self.generator.image_px} and {self.discriminator.image_px}: set generator.image_px and "
                "discriminator.image_px alike"
            )
        if self.weights.flow and not self.generator.flow:
            raise UsageError("expected generator.flow true with weights.flow over 0, got false")
        if self.has_critic and self.generator.aus != self.discriminator.aus:
            raise UsageError(
                "expected generator and discriminator with the same AUs: set generator.aus and discriminator.aus alike"
            )

    @property
    def architecture(self) -> str:
        """Name of the network."""
        return ULME_GAN

    @property
    def image_px(self) -> int:
        """Side of the square pictures, pixels."""
        return self.generator.image_px

    @property
    def needs_pairs(self) -> bool:
        """Whether the recipe needs a paired face set."""
        weights = self.weights
        return max(weights.pair, weights.repaint, weights.colour, weights.flow) > 0

    @property
    def moved_kind(self) -> Literal["rig", "flow"]:
        """Kind of the face set to make for this recipe if the rig moves portraits."""
        return "flow" if self.generator.flow else "rig"

    @property
    def has_critic(self) -> bool:
        """Whether a discriminator is built and trained, which only its losses need."""
        return self.weights.adversarial > 0 or self.weights.au > 0

    @property
    def exported_config(self) -> dict[str, Any]:
        """Fields of the generator's config, as JSON values."""
        return asdict(self.generator) | {"aus": list(self.generator.aus)}

    def check_installed(self) -> None:
        """Do nothing: the extra ``train`` has all that ULME-GAN needs."""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read the recipe that `to_json` wrote; missing fields take their defaults.

        Raises:
            UsageError: An unknown field, or a value that is not allowed.
        """
        parts: dict[str, Any] = dict(values)
        if "augment" in parts:
            parts = _BEFORE | parts
            parts["augmentation"] = _VARIED_BEFORE if parts.pop("augment") else {"mirror": 0.0}
        try:
            for name, kind in _PARTS.items():
                if name in parts:
                    part = dict(parts[name])
                    if "aus" in part:
                        part["aus"] = tuple(part["aus"])
                    parts[name] = kind(**part)
            return cls(**parts)
        except (TypeError, ValueError) as error:
            raise UsageError(
                f"expected a recipe of Mien, got values that do not fit: {error}"
            ) from error


_PARTS: dict[str, Any] = {
    "generator": GeneratorConfig,
    "discriminator": DiscriminatorConfig,
    "weights": LossWeights,
    "augmentation": Augmentation,
}

_BEFORE: dict[str, Any] = {
    "order": "drawn",
    "penalty_reduction": "mean",
    "init": "torch",
    "jitter_clip": True,
}
"""Settings of older recipes, which had the single switch `augment`."""

_VARIED_BEFORE: dict[str, Any] = {"mirror": 0.5, **OUR_LIGHT}

PUBLISHED = UlmeGanRecipe()
"""The settings of the paper and its code."""

FINE_TUNING = replace(PUBLISHED, epochs=10, decay_from=0.0)
"""The official code's settings for fine-tuning on micro-expressions, which are its epochs 41 to 50."""

PAINTED = UlmeGanRecipe(
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
    order="drawn",
    augmentation=Augmentation(**OUR_LIGHT),
    penalty_reduction="mean",
    init="torch",
    jitter_clip=True,
    precision="auto",
    channels_last=True,
)
"""A narrow generator that learns to repaint, from pairs that the rig made."""

OURS = UlmeGanRecipe(
    generator=GeneratorConfig(
        aus=SIDED_AUS,
        width=32,
        blocks=4,
        conditioning="relative",
        skips=True,
        square_cm=FLOW_SQUARE_CM,
        square_down_cm=FLOW_SQUARE_DOWN_CM,
        flow=True,
        edges=True,
    ),
    discriminator=DiscriminatorConfig(aus=SIDED_AUS),
    weights=LossWeights(
        adversarial=0.0, au=0.0, cycle=0.0, pair=0.1, repaint=4.0, colour=2.0, flow=1.0
    ),
    learning_rate=6e-4,
    beta1=0.9,
    batch_size=4,
    steps=24000,
    decay_from=0.3,
    decay="linear",
    warmup_steps=50,
    max_gradient_norm=5.0,
    jitter=0.0,
    keep_at_start=3.0,
    ema_decay=0.998,
    order="drawn",
    augmentation=Augmentation(**OUR_LIGHT),
    penalty_reduction="mean",
    init="torch",
    jitter_clip=True,
    channels_last=True,
)
"""A narrow generator that moves pixels before it paints, and learns the rig's exact motion."""

RECIPES: dict[str, UlmeGanRecipe] = {
    PUBLISHED_NAME: PUBLISHED,
    OURS_NAME: OURS,
    FINE_TUNING_NAME: FINE_TUNING,
    PAINTED_NAME: PAINTED,
}
"""The recipes by name."""
