"""AVD as a network that can be trained."""

from __future__ import annotations

from mien.models.names import AVD
from mien.training.core.architecture import Architecture, Trainable


def _load() -> Trainable:
    from mien.training.avd.official import official
    from mien.training.avd.recipe import RECIPES
    from mien.training.avd.trainer import AvdTrainer

    return Trainable(RECIPES, AvdTrainer, official)


AVD_ARCHITECTURE = Architecture(
    name=AVD, title="AVD", load=_load, needs_motion=True, follows_other=True
)
