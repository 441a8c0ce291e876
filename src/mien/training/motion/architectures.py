"""FOMM and MRAA as networks that can be trained."""

from __future__ import annotations

from mien.models.names import FOMM, MRAA
from mien.training.core.architecture import Architecture, Trainable


def _load_fomm() -> Trainable:
    from mien.training.motion.official import official
    from mien.training.motion.recipes import FOMM_RECIPES
    from mien.training.motion.trainer import MotionTrainer

    return Trainable(FOMM_RECIPES, MotionTrainer, official)


def _load_mraa() -> Trainable:
    from mien.training.motion.official import official
    from mien.training.motion.recipes import MRAA_RECIPES
    from mien.training.motion.trainer import MotionTrainer

    return Trainable(MRAA_RECIPES, MotionTrainer, official)


FOMM_ARCHITECTURE = Architecture(
    name=FOMM,
    title="FOMM",
    load=_load_fomm,
    needs_motion=True,
    priors=("none", "ewp", "awp"),
)
MRAA_ARCHITECTURE = Architecture(
    name=MRAA, title="MRAA", load=_load_mraa, needs_motion=True, priors=("none", "awp")
)
