"""Read the weights that a run starts from: those of another run, or exported ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor

from mien.engines.weights import load_weights
from mien.errors import UsageError
from mien.training.core.checkpoint import newest_checkpoint


class InitialWeights(NamedTuple):
    """Weights to start from.

    Attributes:
        config: Fields of the network's config.
        net: The network's weights by name.
        critic: The discriminator's weights by name; empty if there are none.
    """

    config: Mapping[str, Any]
    net: Mapping[str, Tensor]
    critic: Mapping[str, Tensor]


def initial_weights(source: Path, architecture: str, part: str, field: str) -> InitialWeights:
    """Read weights to start from.

    Args:
        source: Folder of a run, or of exported weights.
        architecture: Name of the network that the weights must belong to.
        part: Name of the network in checkpoints.
        field: Name of the network in recipes.

    Raises:
        UsageError: The run trained another network.
        WeightsError: ``source`` holds neither a run nor weights, or the weights are of another network
            or cannot be read.
    """
    checkpoint = newest_checkpoint(source)
    if checkpoint is None:
        weights = load_weights(source, architecture)
        return InitialWeights(weights.config, weights.tensors, {})
    recipe = checkpoint.state["recipe"]
    # Recipes of ULME-GAN do not name their network.
    if field not in recipe or recipe.get("architecture", architecture) != architecture:
        raise UsageError(
            f"expected a run of {architecture} to start from, got {source}, a run of another network"
        )
    return InitialWeights(recipe[field], checkpoint.kept(part), checkpoint.part("critic"))


NOT_OF_THE_WEIGHTS = ("square_cm", "square_down_cm")
"""Fields of a config that may differ from the weights' own: a run takes the square of its faces."""


def check_same_config(
    source: Path, config: Mapping[str, Any], wanted: Mapping[str, Any], field: str
) -> None:
    """Refuse weights of a network with another config.

    Args:
        source: Folder of the weights.
        config: Config of the weights; sequences may be lists.
        wanted: The recipe's config.
        field: Name of the network in recipes.

    Raises:
        UsageError: A field differs.
    """
    differ = [
        name
        for name in wanted
        if name not in NOT_OF_THE_WEIGHTS and _as_json(config.get(name)) != _as_json(wanted[name])
    ]
    if differ:
        raise UsageError(
            f"expected weights of the recipe's {field}, got {source} with another "
            f"{' and '.join(differ)}: set {field}.{differ[0]} to theirs"
        )


def _as_json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
