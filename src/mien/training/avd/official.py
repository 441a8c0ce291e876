"""What MRAA's own code does when it trains AVD, setting by setting.

Read in its repository (github.com/snap-research/articulated-animation): ``train_avd.py`` and
``config/vox256.yaml``.
"""

from __future__ import annotations

from mien.training.avd.recipe import AvdRecipe
from mien.training.core.official import OPTIMISER, Official, OfficialValues
from mien.training.motion.official import CONVENTIONS, MRAA_COLOURS, ON_PAIRS


def official(recipe: AvdRecipe) -> OfficialValues:
    """Return the values of the official code; the number of points is that of the recipe's MRAA network."""
    points = Official(recipe.regions.point_count, "as many as MRAA's regions")
    return _OFFICIAL | {"network.points": points}


_OFFICIAL: dict[str, Official] = {
    **OPTIMISER,
    **ON_PAIRS,
    **MRAA_COLOURS,
    "learning_rate": Official(1e-3),
    "batch_size": Official(256),
    "epochs": Official(30),
    "repeats": Official(2000),
    "decay": Official("milestones", "a tenth in epochs 22 to 26, then a hundredth"),
    "network.conventions": CONVENTIONS,
    "network.identity_size": Official(64),
    "network.pose_size": Official(64),
    "network.widths": Official((256, 512, 1024)),
    "weights.shift": Official(1.0),
    "weights.affine": Official(1.0),
    "random_scale": Official(0.25),
}
