"""FOMM's and MRAA's recipes by name."""

from __future__ import annotations

from typing import Any

from mien.face.square import FLOW_SQUARE_CM, FLOW_SQUARE_DOWN_CM
from mien.models.fomm import FommConfig
from mien.models.mraa import MraaConfig
from mien.models.names import MRAA
from mien.training.core.recipe import OURS_NAME, PUBLISHED_NAME
from mien.training.motion.augmentation import MRAA_AUGMENTATION, OUR_AUGMENTATION
from mien.training.motion.recipe import MotionLossWeights, MotionRecipe

_NARROW: dict[str, Any] = {
    "prior": "awp",
    "image_px": 128,
    "detector_width": 16,
    "motion_width": 16,
    "max_width": 128,
    "hourglass_blocks": 4,
    "generator_width": 16,
    "generator_max_width": 64,
    "generator_blocks": 2,
    "scale": 2,
    "square_cm": FLOW_SQUARE_CM,
    "square_down_cm": FLOW_SQUARE_DOWN_CM,
    "anchor": 0.1,
    "modes": 64,
    "guided": True,
    "measured_maps": True,
    "mask_kernel": 3,
    "skips": True,
}
_OURS: dict[str, Any] = {
    "weights": MotionLossWeights(
        perceptual=0.0,
        adversarial=0.0,
        features=0.0,
        point_equivariance=0.0,
        linear_equivariance=0.0,
        relative_flow=1.0,
        shown=1.0,
        pixels=2.0,
    ),
    "paint_every": 4,
    "learning_rate": 1e-3,
    "beta1": 0.9,
    "batch_size": 8,
    "repeats": 1,
    "order": "drawn",
    "steps": 4000,
    "augmentation": OUR_AUGMENTATION,
    "pairs": "exact",
    "decay_from": 0.3,
    "decay": "cosine",
    "warmup_steps": 50,
    "max_gradient_norm": 5.0,
    "ema_decay": 0.995,
}

FOMM_RECIPES: dict[str, MotionRecipe] = {
    PUBLISHED_NAME: MotionRecipe(),
    OURS_NAME: MotionRecipe(network=FommConfig(**_NARROW, jacobians=False), **_OURS),
}
"""FOMM's recipes; ``ours`` is narrow and learns from the true motion, which the rig knows."""

MRAA_RECIPES: dict[str, MotionRecipe] = {
    PUBLISHED_NAME: MotionRecipe(
        architecture=MRAA,
        network=MraaConfig(prior_heat="published"),
        weights=MotionLossWeights(adversarial=0.0, features=0.0),
        augmentation=MRAA_AUGMENTATION,
        batch_size=14,
        repeats=75,
    ),
    OURS_NAME: MotionRecipe(
        architecture=MRAA,
        network=MraaConfig(**_NARROW, root="symmetric", background=False),
        **_OURS,
    ),
}
"""MRAA's recipes; ``ours`` is narrow and learns from the true motion too."""
