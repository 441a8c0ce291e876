"""Losses of ULME-GAN's generator with flow, as pure functions of tensors."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.models.ulme_gan import Images
from mien.models.ulme_gan_flow import Flow
from mien.training.core.losses import Scalar
from mien.training.ulme_gan.losses import MOVED_WEIGHT, Maps

SMALLEST_MOTION_PX = 0.02
"""Smallest mean motion by which the flow loss divides, since a pair can be without motion."""

UNEXPLAINED = (0.02, 0.08)
"""Difference of pictures in [-1, 1] up to which nothing is painted, and from which a pixel is painted fully."""

PAINTED_WEIGHT = 5.0
"""Weight of a pixel that has to be painted; other pixels have weight 1."""

DRAWN_WEIGHT = 10.0
"""Weight of newly visible pixels in the colour loss. Pixels that are only shaded have weight 1."""

_BLUR_PX = 5
"""Side of the mean filter that removes what resampling alone changes: fine texture, not shading."""


def flow_loss(flow: Flow, target: Flow, drawn: Maps) -> Scalar:
    """Return the distance of a flow to the true flow, divided by the mean length of the true flow.

    The L1 distance, weighted up to ``1 + MOVED_WEIGHT`` times where the motion is large, plus the L1 distance of the
    gradients, so that lids and lips part where they should. A faint expression counts as much as a strong one.

    Args:
        flow: (B, 2, H, W) pixels.
        target: (B, 2, H, W) the true flow, pixels.
        drawn: (B, 1, H, W) the share of a pixel that no motion explains, where the flow does not count.
    """
    known = 1 - drawn
    length = known * target.norm(dim=1, keepdim=True)
    mean = length.mean((2, 3), keepdim=True).clamp(min=SMALLEST_MOTION_PX)
    # A motion of four times the mean or more gets the full weight.
    weight = 1 + MOVED_WEIGHT * (length / (4 * mean)).clamp(max=1)
    error = known * (flow - target)
    down, right = error.diff(dim=2).abs(), error.diff(dim=3).abs()
    distance = (weight * error.abs()).sum(1).mean((1, 2))
    distance = distance + down.sum(1).mean((1, 2)) + right.sum(1).mean((1, 2))
    relative: Tensor = distance / mean.flatten()
    return relative.mean()


def unexplained_mask(target: Images, moved: Images) -> Maps:
    """Return how much of each pixel has to be painted: 0 where the true motion explains it, 1 where it does not.

    Args:
        target: (B, 3, H, W) the ground truth.
        moved: (B, 3, H, W) the generator's input moved by the true flow.
    """
    least, full = UNEXPLAINED
    difference = functional.avg_pool2d(
        target - moved, _BLUR_PX, stride=1, padding=_BLUR_PX // 2, count_include_pad=False
    )
    largest = difference.abs().amax(1, keepdim=True)
    return ((largest - least) / (full - least)).clamp(0, 1)


def colour_weight(mask: Maps, drawn: Maps) -> Maps:
    """Return the weight of each pixel in the colour loss: higher where a mouth opens or a lid closes than for shading.

    Args:
        mask: (B, 1, H, W) from `unexplained_mask`.
        drawn: (B, 1, H, W) the share of a pixel that no motion explains.
    """
    return mask * (1 + (DRAWN_WEIGHT - 1) * drawn)


def paint_loss(attention: Maps, mask: Maps) -> Scalar:
    """Return the cross-entropy of the painted share and the share to paint, which counts `PAINTED_WEIGHT` times.

    Hardly one pixel in a hundred has to be painted: with equal weights the network first learns to paint nothing.

    Args:
        attention: (B, 1, H, W); one minus it is the painted share.
        mask: (B, 1, H, W) from `unexplained_mask`.
    """
    kept = attention.float().clamp(1e-6, 1 - 1e-6)
    weight = 1 + (PAINTED_WEIGHT - 1) * mask
    return functional.binary_cross_entropy(1 - kept, mask, weight)


def flow_agreement(
    flow: Flow, target: Flow, drawn: Maps
) -> tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]]:
    """Return the cosine and the amplitude of each flow against the true flow, over the whole field; 1 is perfect.

    Args:
        flow: (B, 2, H, W) pixels.
        target: (B, 2, H, W) the true flows, pixels.
        drawn: (B, 1, H, W) the share of a pixel that no motion explains, which does not count.
    """
    known = 1 - drawn
    one, other = ((known * each).flatten(1) for each in (flow, target))
    along = (one * other).sum(1)
    lengths = one.norm(dim=1) * other.norm(dim=1)
    return along / lengths.clamp(min=1e-6), along / other.square().sum(1).clamp(min=1e-6)
