"""ULME-GAN as a network that can be trained."""

from __future__ import annotations

from mien.models.names import ULME_GAN
from mien.training.core.architecture import Architecture, Trainable


def _load() -> Trainable:
    from mien.training.ulme_gan.official import official
    from mien.training.ulme_gan.recipe import RECIPES
    from mien.training.ulme_gan.trainer import UlmeGanTrainer

    return Trainable(RECIPES, UlmeGanTrainer, official)


ULME_GAN_ARCHITECTURE = Architecture(name=ULME_GAN, title="ULME-GAN", load=_load)
