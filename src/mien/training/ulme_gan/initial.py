"""Weights that a run begins with: another run's, or exported ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from torch import Tensor

from mien.errors import UsageError
from mien.training.core.checkpoint import newest_checkpoint
from mien.training.ulme_gan.recipe import UlmeGanRecipe


def initial_weights(
    source: Path, recipe: UlmeGanRecipe
) -> tuple[Mapping[str, Tensor], Mapping[str, Tensor]]:
    """Read weights to begin with.

    Args:
        source: A run's folder, or a folder of exported weights.
        recipe: Whose networks they shall be for.

    Returns:
        The generator's weights by name, and the critic's: none from exported weights.

    Raises:
        UsageError: They are another generator's.
        WeightsError: They cannot be read.
    """
    generator: Mapping[str, Tensor]
    critic: Mapping[str, Tensor]
    checkpoint = newest_checkpoint(source)
    if checkpoint is not None:
        config = checkpoint.state["recipe"]["generator"]
        generator = checkpoint.part("mean") or checkpoint.part("generator")
        critic = checkpoint.part("critic")
    else:
        from mien.engines.weights import load_weights

        weights = load_weights(source, "ulme-gan")
        config, generator, critic = dict(weights.config), weights.tensors, {}
    wanted = asdict(recipe.generator)
    other = [n for n in wanted if _plain(config.get(n)) != _plain(wanted[n])]
    if other:
        raise UsageError(
            f"expected weights of the recipe's generator, got {source} with another "
            f"{' and '.join(other)}: set generator.{other[0]} to theirs"
        )
    return generator, critic


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
