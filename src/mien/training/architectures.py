"""The networks that can be trained.

Imports nothing heavy: the command line builds its subcommands from this list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mien.errors import UsageError
from mien.training.avd.architecture import AVD_ARCHITECTURE
from mien.training.core.architecture import Architecture
from mien.training.motion.architectures import FOMM_ARCHITECTURE, MRAA_ARCHITECTURE
from mien.training.ulme_gan.architecture import ULME_GAN_ARCHITECTURE

ARCHITECTURES: dict[str, Architecture] = {
    architecture.name: architecture
    for architecture in (
        ULME_GAN_ARCHITECTURE,
        FOMM_ARCHITECTURE,
        MRAA_ARCHITECTURE,
        AVD_ARCHITECTURE,
    )
}
"""The networks by name."""


def find_architecture(name: str) -> Architecture:
    """Return a network by its name.

    Raises:
        UsageError: No network has this name.
    """
    if name not in ARCHITECTURES:
        raise UsageError(f"expected one of the networks {', '.join(ARCHITECTURES)}, got {name!r}")
    return ARCHITECTURES[name]


def architecture_of(recipe: Mapping[str, Any]) -> Architecture:
    """Return the network of a recipe.

    Args:
        recipe: JSON values of the recipe. Recipes of ULME-GAN do not name their network.

    Raises:
        UsageError: The recipe names an unknown network.
    """
    return find_architecture(str(recipe.get("architecture", ULME_GAN_ARCHITECTURE.name)))
