"""VGG-16 with ImageNet weights, for the perceptual loss."""

from __future__ import annotations

from mien.metrics.vgg_weights import load_vgg16
from mien.models.vgg import FIRST_OF_BLOCKS, Vgg16Features


def load_perceptual() -> Vgg16Features:
    """Return VGG-16's convolutions with ImageNet weights, on the CPU.

    The result is the argument ``features`` of `mien.training.motion.losses.perceptual_pyramid`.

    Raises:
        MissingExtraError: The package with the weights is not installed.
        WeightsError: The file of the package is missing, or is not the known one.
    """
    return load_vgg16(FIRST_OF_BLOCKS)
