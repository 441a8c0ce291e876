"""The figures of results as pictures: of each frame, and their means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mien.metrics.ghosting import Residual


@dataclass(frozen=True)
class Figures:
    """How good a picture is; a figure is None if it cannot be computed.

    Attributes:
        l1: Mean absolute difference from the reference, colours from 0 to 1.
        ssim: Structural similarity with the reference; 1 is perfect.
        gmsd: Gradient magnitude similarity deviation from the reference; 0 is perfect.
        lpips: Perceptual distance from the reference; 0 is perfect.
        identity: Cosine of the face's embedding with the portrait's; 1 is perfect.
        sharpness: Variance of the face's Laplacian over the portrait's; 1 is as sharp.
        ghosting: Part of the face's difference from the portrait that is not motion; 0 is perfect.
    """

    l1: float | None = None
    ssim: float | None = None
    gmsd: float | None = None
    lpips: float | None = None
    identity: float | None = None
    sharpness: float | None = None
    ghosting: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """Return the figures by name."""
        return asdict(self)


NAMES = tuple(Figures().to_dict())

FRECHET_VGG = "frechet_vgg_relu3_3"
"""Frechet distance of VGG-16's relu3_3 features, averaged over each frame: compares how pictures look."""

FRECHET_SFACE = "frechet_sface"
"""Frechet distance of the face recogniser's embeddings: compares whose faces are seen."""


def mean_figures(figures: Sequence[Figures]) -> Figures:
    """Return the mean of each figure over the sets that have it; None if no set has it."""
    means: dict[str, float | None] = {}
    for name in NAMES:
        known = [value for each in figures if (value := getattr(each, name)) is not None]
        means[name] = float(np.mean(known)) if known else None
    return Figures(**means)


def whole_ghosting(residuals: Sequence[Residual]) -> float | None:
    """Return the ghosting of a clip: the sum of ``after`` over the sum of ``before``; None if nothing differs.

    Frames in which little moves contain mostly noise. In these sums they count little.
    """
    before = sum(each.before for each in residuals)
    return sum(each.after for each in residuals) / before if before > 0 else None
