"""The arithmetic of a run: bfloat16 only on a device that has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from lightning_fabric import Fabric

from mien.engines.compute import uses_bfloat16
from mien.training.core.recipe import TrainingRecipe
from mien.training.core.run_options import RunOptions

Recipe = TypeVar("Recipe", bound=TrainingRecipe)


def with_precision(recipe: Recipe, options: RunOptions) -> Recipe:
    """Return a recipe in which the precision that the device supports replaces ``auto``.

    Args:
        recipe: The recipe; one with another precision is returned unchanged.
        options: The devices of the run.
    """
    if recipe.precision != "auto":
        return recipe
    fabric = Fabric(
        accelerator=options.accelerator, devices=options.devices, num_nodes=options.nodes
    )
    half = uses_bfloat16(fabric.device, "auto")
    return replace(recipe, precision="bf16-mixed" if half else "32-true")
