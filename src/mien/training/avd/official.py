"""What MRAA's own code does when it trains AVD, setting by setting.

Read in its repository (github.com/snap-research/articulated-animation): ``train_avd.py`` and
``config/vox256.yaml``.
"""

from __future__ import annotations

from mien.training.avd.recipe import AvdRecipe
from mien.training.core.official import Official, OfficialValues

_OURS = "Mien's own"
_SPEED = "changes the speed only"


def official(recipe: AvdRecipe) -> OfficialValues:
    """Return the values of the official code; the regions are those of the MRAA network that is given."""
    points = Official(recipe.regions.point_count, "as many as MRAA's regions")
    return _OFFICIAL | {"network.points": points}


_OFFICIAL: dict[str, Official] = {
    "learning_rate": Official(1e-3),
    "beta1": Official(0.5),
    "beta2": Official(0.999),
    "batch_size": Official(256),
    "order": Official("passes"),
    "epochs": Official(30),
    "repeats": Official(2000),
    "steps": Official(None),
    "decay": Official("milestones", "a tenth in epochs 22 to 26, then a hundredth"),
    "warmup_steps": Official(0),
    "max_gradient_norm": Official(0.0),
    "ema_decay": Official(0.0),
    "precision": Official("32-true"),
    "channels_last": Official(False, _SPEED),
    "compile": Official(False, _SPEED),
    "seed": Official("none", "a run of Mien can be repeated"),
    "network.identity_size": Official(64),
    "network.pose_size": Official(64),
    "network.widths": Official((256, 512, 1024)),
    "weights.shift": Official(1.0),
    "weights.affine": Official(1.0),
    "random_scale": Official(0.25),
    "augmentation.mirror": Official(0.5, "of the pairs that are not flipped in time"),
    "augmentation.time_flip": Official(0.5),
    "augmentation.brightness": Official(0.1),
    "augmentation.contrast": Official(0.1),
    "augmentation.saturation": Official(0.1),
    "augmentation.hue": Official(0.1),
    "augmentation.gain": Official(0.0, _OURS),
    "augmentation.tint": Official(0.0, _OURS),
    "augmentation.shift": Official(0.0, _OURS),
    "augmentation.placement": Official(0.0, _OURS),
    "augmentation.smooth": Official(0.0, _OURS),
    "pairs": Official("any_two", "two frames of a clip, in order"),
}
