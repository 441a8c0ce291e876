"""The description of a network that can be trained.

Imports nothing heavy: the command line builds a subcommand from each description.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mien.training.core.official import OfficialOf
from mien.training.core.recipe import TrainingRecipe

if TYPE_CHECKING:
    from mien.training.core.base_trainer import BaseTrainer


@dataclass(frozen=True)
class Trainable:
    """The parts of an architecture that need torch.

    Attributes:
        recipes: Recipes by name; one is ``published``.
        trainer: Class of the trainer.
        official: Returns the settings of the official code for a recipe.
    """

    recipes: Mapping[str, TrainingRecipe]
    trainer: type[BaseTrainer[Any, Any, Any, Any]]
    official: OfficialOf

    @property
    def recipe_type(self) -> type[TrainingRecipe]:
        """Class of the recipes."""
        return type(next(iter(self.recipes.values())))


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """A network that can be trained.

    Attributes:
        name: Name on the command line, in recipes and on weight cards (`mien.models.names`).
        title: Name in text.
        load: Imports the recipes and the trainer.
        needs_motion: Whether it learns only from face sets with known motion: kinds ``rig``, ``flow`` and ``clips``.
        follows_other: Whether it learns from the output of another trained network.
        priors: Facial priors to choose from; empty if the network takes no prior points.
    """

    name: str
    title: str
    load: Callable[[], Trainable]
    needs_motion: bool = False
    follows_other: bool = False
    priors: tuple[str, ...] = ()
