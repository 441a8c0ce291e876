"""What ULME-GAN's own code does, setting by setting.

Read in its repository (github.com/xiaoxiaozhou24/ULME-GAN): ``options.py``, ``solvers.py``,
``model/`` and ``data/``.
"""

from __future__ import annotations

from mien.models.ulme_gan import PAPER_AUS
from mien.training.core.official import OPTIMISER, OURS, Official, OfficialValues


def official(_: object) -> OfficialValues:
    """Return the values of the official code, which are the same for every recipe."""
    return _OFFICIAL


_OFFICIAL: OfficialValues = {
    **OPTIMISER,
    "learning_rate": Official(1e-4),
    "batch_size": Official(25),
    "epochs": Official(30, "20 and 10; fine-tuning: 10, its epochs 41 to 50"),
    "repeats": Official(1),
    "order": Official("passes", "the last batch of an epoch is smaller there"),
    "decay_from": Official(2 / 3, "fine-tuning: 0"),
    "decay": Official("linear_epochs", "0 in the last epoch"),
    "seed": Official("the clock", "a run of Mien can be repeated"),
    "generator.image_px": Official(128),
    "generator.aus": Official(PAPER_AUS),
    "generator.width": Official(64),
    "generator.blocks": Official(6),
    "generator.conditioning": Official("absolute"),
    "generator.skips": Official(False),
    "generator.square_cm": Official(13.5, "its two templates span 13.3 and 13.9 cm of a mean face"),
    "generator.square_down_cm": Official(0.0),
    "generator.flow": Official(False, OURS),
    "generator.edges": Official(False, OURS),
    "discriminator.image_px": Official(128),
    "discriminator.aus": Official(PAPER_AUS),
    "discriminator.width": Official(64),
    "discriminator.layers": Official(6),
    "weights.adversarial": Official(1.0),
    "weights.penalty": Official(10.0),
    "weights.au": Official(160.0),
    "weights.cycle": Official(10.0),
    "weights.attention": Official(0.0, "off by default"),
    "weights.smoothness": Official(0.0, "off by default"),
    "weights.pair": Official(0.0, OURS),
    "weights.repaint": Official(0.0, OURS),
    "weights.colour": Official(0.0, OURS),
    "weights.flow": Official(0.0, OURS),
    "critic_steps": Official(5, "the first of five batches of an epoch"),
    "penalty_reduction": Official("sum"),
    "jitter": Official(0.1),
    "jitter_clip": Official(False),
    "augmentation.mirror": Official(0.5),
    "augmentation.gain": Official(0.0, OURS),
    "augmentation.tint": Official(0.0, OURS),
    "augmentation.shift": Official(0.0, OURS),
    "init": Official("normal", "standard deviation 0.02, biases 0"),
    "cycle_share": Official(1.0),
    "keep_at_start": Official(0.0, OURS),
}
