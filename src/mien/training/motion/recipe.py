"""Settings of FOMM's and MRAA's training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Literal, Self, TypeAlias, get_args

from mien.common.option_checks import check_choice
from mien.errors import UsageError
from mien.models.fomm import FommConfig
from mien.models.motion_config import PUBLISHED_PRIOR_POINTS
from mien.models.mraa import MraaConfig
from mien.models.names import FOMM, MRAA
from mien.models.vgg import MIN_SIDE_PX
from mien.training.core.recipe import Decay, check_loss_weights
from mien.training.motion.augmentation import (
    EARLIER_AUGMENTATION,
    FPB_FOMM_AUGMENTATION,
    MotionAugmentation,
)
from mien.training.motion.batches import Pairs
from mien.training.motion.losses import PYRAMID_FACTORS
from mien.training.motion.pair_recipe import PairRecipe

CONFIGS: dict[str, type[FommConfig] | type[MraaConfig]] = {FOMM: FommConfig, MRAA: MraaConfig}
"""Config of each network by its name."""

PriorPoints: TypeAlias = Literal["tracked", "once"]
"""Where the prior points of a pair come from."""

DRAWN_WEIGHT = 5.0
"""Weight, in the loss of pixels, of a pixel that the source does not show, such as the inside of an opening mouth."""

ANCHOR_OF_MANY = 0.08
"""`MotionConfig.anchor` for many points: the neighbourhood of each is small."""


@dataclass(frozen=True, kw_only=True)
class MotionLossWeights:
    """Weight of each loss. The defaults are the published ones.

    Attributes:
        perceptual: Distance of VGG-16 features over a pyramid of sizes; needs the extra
            ``perceptual``.
        adversarial: The patch discriminator's least-squares score.
        features: Distance of the discriminator's features.
        point_equivariance: Found points must follow a known deformation; without a prior only.
        linear_equivariance: The linear maps around points must follow the deformation as well.
        flow: Distance of the dense motion to the ground truth, pixels.
        relative_flow: Error of the dense motion divided by the size of the true motion, so that weak
            motions count as much as strong ones.
        linear: Distance of the linear maps around points to those of the true motion.
        shown: Squared error of the occlusion map; for pairs ``exact`` only.
        pixels: L1 distance of the pictures. In pairs ``exact``, pixels that the source does not show
            count `DRAWN_WEIGHT` times.
    """

    perceptual: float = 10.0
    adversarial: float = 1.0
    features: float = 10.0
    point_equivariance: float = 10.0
    linear_equivariance: float = 10.0
    flow: float = 0.0
    relative_flow: float = 0.0
    linear: float = 0.0
    shown: float = 0.0
    pixels: float = 0.0

    def __post_init__(self) -> None:
        check_loss_weights(asdict(self))
        if not (self.perceptual or self.pixels or self.has_flow):
            raise UsageError(
                "expected a loss that learns the motion: perceptual, pixels, flow or relative_flow over 0"
            )

    @property
    def has_flow(self) -> bool:
        """Whether the dense motion is compared with the true one, which needs no pictures."""
        return self.flow > 0 or self.relative_flow > 0

    @property
    def has_equivariance(self) -> bool:
        """Whether deformed pictures are needed."""
        return self.point_equivariance > 0 or self.linear_equivariance > 0


@dataclass(frozen=True, kw_only=True)
class MotionRecipe(PairRecipe):
    """Settings of FOMM's or MRAA's training. The defaults are the published ones.

    Attributes:
        architecture: Name of the network.
        network: Config of the network.
        weights: Weights of the losses.
        augmentation: How pairs are varied.
        pairs: How the two views of a pair are chosen (`mien.training.motion.batches.Pairs`).
        prior_points: Whether prior points follow the face from picture to picture (``tracked``),
            or both pictures of a pair take the points of the original picture (``once``).
        paint_every: Make pictures every N steps; the other steps learn only the motion.
    """

    own_options: ClassVar[Mapping[str, str]] = {
        "network.prior": "--prior",
        "network.points": "--points",
    }

    architecture: str = FOMM
    network: FommConfig | MraaConfig = field(default_factory=FommConfig)
    weights: MotionLossWeights = field(default_factory=MotionLossWeights)
    augmentation: MotionAugmentation = FPB_FOMM_AUGMENTATION
    pairs: Pairs = "any_two"
    prior_points: PriorPoints = "tracked"
    paint_every: int = 1
    learning_rate: float = 2e-4
    batch_size: int = 9
    epochs: int = 100
    repeats: int = 50
    decay: Decay = "milestones"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.architecture not in CONFIGS:
            raise UsageError(
                f"expected architecture {' or '.join(CONFIGS)}, got {self.architecture!r}"
            )
        if not isinstance(self.network, CONFIGS[self.architecture]):
            raise UsageError(f"expected a network of {self.architecture}, got another")
        check_choice("pairs", self.pairs, get_args(Pairs))
        check_choice("prior_points", self.prior_points, get_args(PriorPoints))
        if self.paint_every < 1:
            raise UsageError(f"expected paint_every from 1 on, got {self.paint_every}")
        if self.weights.shown and self.pairs != "exact":
            raise UsageError(
                "expected pairs exact with weights.shown over 0: other pairs have no ground truth for it; set "
                "weights.shown=0"
            )
        if self.pairs == "exact" and (self.prior_points == "once" or self.augmentation.time_flip):
            raise UsageError(
                "expected pairs exact to begin with the original picture and to follow its points: set "
                "prior_points=tracked and augmentation.time_flip=0"
            )
        if self.paint_every > 1 and not self.weights.has_flow:
            raise UsageError(
                "expected weights.flow or weights.relative_flow over 0 with paint_every over 1: steps without "
                "pictures learn from it"
            )

    @property
    def seen(self) -> FommConfig | MraaConfig:
        """Config of the network."""
        return self.network

    @property
    def tracks_points(self) -> bool:
        """Whether prior points follow the face from picture to picture."""
        return self.prior_points == "tracked"

    @property
    def has_critic(self) -> bool:
        """Whether a discriminator is built and trained, which only its losses need."""
        return self.weights.adversarial > 0 or self.weights.features > 0

    @property
    def exported_config(self) -> dict[str, Any]:
        """Fields of the network's config, as JSON values."""
        return asdict(self.network)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read the recipe that `to_json` wrote; missing fields take their defaults.

        Raises:
            UsageError: An unknown field, or a value that is not allowed.
        """
        parts: dict[str, Any] = dict(values)
        if "augment" in parts:  # one switch in older recipes, which made one pass an epoch
            still = {"mirror": 0.0, "time_flip": 0.0}
            parts["augmentation"] = asdict(EARLIER_AUGMENTATION) if parts.pop("augment") else still
            before: dict[str, Any] = {"repeats": 1, "order": "drawn", "pairs": "from_original"}
            parts = before | parts
        try:
            config = CONFIGS[parts.get("architecture", FOMM)]
            parts["network"] = config(**parts.get("network", {}))
            parts["weights"] = MotionLossWeights(**parts.get("weights", {}))
            if "augmentation" in parts:
                parts["augmentation"] = MotionAugmentation(**parts["augmentation"])
            return cls(**parts)
        except (TypeError, ValueError, KeyError) as error:
            raise UsageError(
                f"expected a recipe of Mien, got values that do not fit: {error}"
            ) from error

    def with_prior(self, prior: str | None, points: int | None, *, ours: bool) -> Self:
        """Return the recipe with another facial prior.

        As published, EWP's points are found once per clip: `prior_points` becomes ``once`` unless ``ours``.

        Args:
            prior: ``none``, ``ewp`` or ``awp``; None keeps it.
            points: Number of mesh vertices to use as prior. None, and 18 with a prior, mean the
                published points.
            ours: Whether FOMM with many points gets our own settings: no Jacobians, a mask kernel of one
                pixel, `ANCHOR_OF_MANY`, and not guided.

        Raises:
            UsageError: The network does not take this prior.
        """
        changes: dict[str, Any] = {} if prior is None else {"prior": prior}
        published = points == PUBLISHED_PRIOR_POINTS and (prior or self.network.prior) != "none"
        if points is not None and not published:
            changes["points"] = points
            if ours and isinstance(self.network, FommConfig):
                changes |= {"jacobians": False, "mask_kernel": 1, "anchor": ANCHOR_OF_MANY}
                changes |= {"guided": False}
        if prior == "none":
            changes |= {"guided": False, "measured_maps": False}
            if isinstance(self.network, FommConfig):
                changes["jacobians"] = True
        once: PriorPoints = "once" if prior == "ewp" and not ours else self.prior_points
        followed = replace(self, prior_points=once)
        return replace(followed, network=replace(self.network, **changes))

    def check_installed(self) -> None:
        """Check that the weights of the perceptual loss are installed, if the recipe uses it.

        Raises:
            MissingExtraError: The weights are not installed.
            UsageError: The pictures are too small for the perceptual loss.
        """
        if not self.weights.perceptual:
            return
        from mien.metrics.vgg_weights import find_vgg16

        least = MIN_SIDE_PX * max(PYRAMID_FACTORS)
        if self.image_px < least:
            raise UsageError(
                f"expected network.image_px of at least {least} for the perceptual loss, got {self.image_px}: "
                "make it larger, or set weights.perceptual=0"
            )
        find_vgg16()
