"""The settings that all networks share that learn from two pictures of a face."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

from mien.errors import UsageError
from mien.models.motion_config import MotionConfig
from mien.training.core.recipe import TrainingRecipe
from mien.training.motion.augmentation import MotionAugmentation
from mien.training.motion.batches import Pairs


class PairRecipe(TrainingRecipe):
    """Settings of a network that learns from pairs of pictures and their motion; adds no fields."""

    seen_field: ClassVar[str] = "network"
    """Name of the field that `seen` returns."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.compile:
            raise UsageError(
                f"expected compile false, got true: {self.architecture} is not compiled"
            )
        if self.batch_size < 2:
            raise UsageError("expected a batch_size of at least 2, which batch norm needs")

    @property
    @abstractmethod
    def seen(self) -> MotionConfig:
        """Config of the network that looks at the pictures."""

    @property
    @abstractmethod
    def augmentation(self) -> MotionAugmentation:
        """How pairs are varied."""

    @property
    @abstractmethod
    def pairs(self) -> Pairs:
        """How the two views of a pair are chosen."""

    @property
    def moved_kind(self) -> Literal["rig", "flow"]:
        """Kind of the face set to make for this recipe: pairs ``exact`` need the motion of each pixel."""
        return "flow" if self.pairs == "exact" else "rig"

    @property
    def tracks_points(self) -> bool:
        """Whether prior points follow the face from picture to picture."""
        return True

    @property
    def image_px(self) -> int:
        """Side of the square pictures, pixels."""
        return self.seen.image_px
