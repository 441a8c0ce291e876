"""Settings of augmentation for motion transfer."""

from __future__ import annotations

from dataclasses import dataclass

from mien.training.faces.augmentation import OUR_LIGHT, Augmentation


@dataclass(frozen=True, kw_only=True)
class MotionAugmentation(Augmentation):
    """How the pairs of a batch are varied; 0 switches a variation off.

    Attributes:
        time_flip: Share of the pairs whose source and driving picture are swapped. As in the
            published code, swapped pairs are not mirrored.
        brightness: Largest relative change of the brightness of both pictures.
        contrast: Largest relative change of their contrast about their mean grey.
        saturation: Largest relative change of their saturation.
        hue: Largest change of their hue, as a share of the colour circle.
        placement: Size of the random turn, scaling and shift of both pictures; 1 is a turn of 0.06
            radians, a scaling of 5 % and a shift of 0.06 (normalised), as standard deviations.
        smooth: Size of the random smooth motion that the driving picture gets beyond the rig's motion;
            1 is that of our own recipes. For pairs ``exact`` only.
    """

    time_flip: float = 0.5
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    hue: float = 0.0
    placement: float = 0.0
    smooth: float = 0.0

    @property
    def has_jitter(self) -> bool:
        """Whether colours change (`mien.training.faces.colour_jitter.colour_jitter`)."""
        return max(self.brightness, self.contrast, self.saturation, self.hue) > 0


FPB_FOMM_AUGMENTATION = MotionAugmentation(hue=0.1)
"""Augmentation of the FOMM with facial priors, as published."""

MRAA_AUGMENTATION = MotionAugmentation(brightness=0.1, contrast=0.1, saturation=0.1, hue=0.1)
"""MRAA's augmentation, as published."""

OUR_AUGMENTATION = MotionAugmentation(time_flip=0.0, placement=0.5, smooth=1.0, **OUR_LIGHT)
"""Augmentation of our own recipes."""

EARLIER_AUGMENTATION = MotionAugmentation(time_flip=0.0, placement=1.0, **OUR_LIGHT)
"""Augmentation of our AVD recipe, and of older recipes with the single switch ``augment``."""
