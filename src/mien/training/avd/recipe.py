"""AVD's recipes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Self

from mien.engines.weights import read_card
from mien.errors import UsageError
from mien.models.avd import AvdConfig
from mien.models.mraa import MraaConfig
from mien.models.names import AVD, MRAA
from mien.training.core.recipe import (
    OURS_NAME,
    PUBLISHED_NAME,
    Decay,
    check_loss_weights,
)
from mien.training.motion.augmentation import (
    EARLIER_AUGMENTATION,
    MRAA_AUGMENTATION,
    MotionAugmentation,
)
from mien.training.motion.batches import Pairs
from mien.training.motion.pair_recipe import PairRecipe


@dataclass(frozen=True, kw_only=True)
class AvdLossWeights:
    """Weight of each loss. The defaults are the published ones.

    Attributes:
        shift: Difference of the regions' places.
        affine: Difference of their affine maps.
    """

    shift: float = 1.0
    affine: float = 1.0

    def __post_init__(self) -> None:
        check_loss_weights(asdict(self))
        if not (self.shift or self.affine):
            raise UsageError("expected weights.shift or weights.affine over 0, got 0 and 0")


@dataclass(frozen=True, kw_only=True)
class AvdRecipe(PairRecipe):
    """Settings of AVD's training. The defaults are the published ones.

    Attributes:
        architecture: Name of the network.
        network: Config of the network.
        mraa: Folder of the weights of the MRAA network that finds the regions; `after` sets it,
            with the two fields below.
        mraa_digest: Short hash of these weights (`digest_of`).
        regions: Config of that MRAA network.
        weights: Weights of the losses.
        random_scale: Largest relative stretch of the driver's regions along x and y.
        augmentation: How pairs are varied.
        pairs: How the two views of a pair are chosen.
    """

    seen_field: ClassVar[str] = "regions"

    architecture: str = AVD
    network: AvdConfig = field(default_factory=AvdConfig)
    mraa: str = ""
    mraa_digest: str = ""
    regions: MraaConfig = field(default_factory=MraaConfig)
    weights: AvdLossWeights = field(default_factory=AvdLossWeights)
    random_scale: float = 0.25
    augmentation: MotionAugmentation = MRAA_AUGMENTATION
    pairs: Pairs = "any_two"
    learning_rate: float = 1e-3
    batch_size: int = 256
    repeats: int = 2000
    decay: Decay = "milestones"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.architecture != AVD:
            raise UsageError(f"expected architecture {AVD}, got {self.architecture!r}")
        if self.network.points != self.regions.point_count:
            raise UsageError(
                f"expected network.points of {self.regions.point_count}, the number of MRAA's regions, "
                f"got {self.network.points}"
            )
        if not 0 <= self.random_scale < 1:
            raise UsageError(f"expected random_scale in [0, 1), got {self.random_scale}")

    @property
    def seen(self) -> MraaConfig:
        """Config of the MRAA network that finds regions in the pictures."""
        return self.regions

    @property
    def has_critic(self) -> bool:
        """Whether a discriminator is trained: none is."""
        return False

    @property
    def milestones(self) -> tuple[float, ...]:
        """Shares of the steps after which the learning rate is divided by 10.

        In the published code the milestones 20 and 25 of 30 epochs take effect one epoch late.
        """
        return (21 / 30, 26 / 30)

    @property
    def exported_config(self) -> dict[str, Any]:
        """Fields of the network's config, as JSON values."""
        return asdict(self.network) | {"widths": list(self.network.widths)}

    def after(self, weights: Path) -> Self:
        """Return the recipe for the weights of MRAA that find the regions.

        Raises:
            WeightsError: The folder has no weights, or those of another network.
            UsageError: The config of the weights is not a config of MRAA.
        """
        card = read_card(weights, MRAA)
        try:
            regions = MraaConfig(**card.config)
        except TypeError as error:
            raise UsageError(
                f"expected weights of MRAA, got ones whose config does not fit: {error}"
            ) from error
        return replace(
            self,
            mraa=str(weights.resolve()),
            mraa_digest=digest_of(card.shards),
            regions=regions,
            network=replace(
                self.network, points=regions.point_count, conventions=regions.conventions
            ),
        )

    def for_card(self) -> dict[str, Any]:
        """Return all fields for a weight card as JSON values; of the path `mraa` only the folder's name."""
        return super().for_card() | {"mraa": Path(self.mraa).name}

    def check_installed(self) -> None:
        """Check that the weights of MRAA are given.

        Raises:
            UsageError: They are not given.
        """
        if not self.mraa:
            raise UsageError(
                "expected --mraa FOLDER, the weights of the MRAA network whose regions AVD learns, "
                "got none"
            )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read the recipe that `to_json` wrote; missing fields take their defaults.

        Raises:
            UsageError: An unknown field, or a value that is not allowed.
        """
        parts: dict[str, Any] = dict(values)
        try:
            for name, kind in _PARTS.items():
                if name in parts:
                    parts[name] = kind(**parts[name])
            return cls(**parts)
        except (TypeError, ValueError) as error:
            raise UsageError(
                f"expected a recipe of Mien, got values that do not fit: {error}"
            ) from error


_PARTS: dict[str, Any] = {
    "network": AvdConfig,
    "regions": MraaConfig,
    "weights": AvdLossWeights,
    "augmentation": MotionAugmentation,
}


def digest_of(shards: Mapping[str, str]) -> str:
    """Return a short hash of weights, from the hash of each of their files.

    Args:
        shards: SHA-256 by file name, as a weight card has it.
    """
    text = json.dumps(dict(shards), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


PUBLISHED = AvdRecipe()
"""The settings of MRAA's own code."""

OURS = AvdRecipe(
    augmentation=EARLIER_AUGMENTATION,
    pairs="from_original",
    order="drawn",
    batch_size=32,
    repeats=1,
    steps=2000,
)
"""A short training on pairs that the rig made."""

RECIPES: dict[str, AvdRecipe] = {PUBLISHED_NAME: PUBLISHED, OURS_NAME: OURS}
"""The recipes by name."""
