"""Turn the motions around a few points into the motion of every pixel.

This is FOMM's dense motion network, which MRAA calls the pixelwise flow predictor. For each pixel it
predicts how much the pixel follows each point or the background, and whether the source shows what the
result needs there.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mien.models.layers import Hourglass
from mien.models.motion_config import MotionConfig
from mien.models.warping import Displacement, Points, identity_grid, sampled

ANCHORED_REACH = 3.0
"""In units of the anchor: a pixel this far from every point follows the background before training."""

_SHOWN = 4.0
"""The occlusion's logit of an anchored network before training."""


class Motion(NamedTuple):
    """A backward motion.

    Attributes:
        displacement: (B, 2, h, w) normalised: the driving frame's pixel z comes from the source's pixel at z plus this.
        occlusion: (B, 1, h, w) from 0 (must be painted) to 1 (the source shows it).
        masks: (B, K + 1, h, w) how much each pixel follows the background (0) and each point; their sum is 1.
    """

    displacement: Displacement
    occlusion: Float[Tensor, "batch 1 height width"]
    masks: Float[Tensor, "batch parts height width"]


class DenseMotion(nn.Module):
    """Mix the motions around points into one motion."""

    def __init__(self, config: MotionConfig) -> None:
        super().__init__()
        parts, kernel = config.point_count + 1, config.mask_kernel
        self.anchor = config.anchor
        self.hourglass = Hourglass(
            4 * parts, config.motion_width, config.max_width, config.hourglass_blocks
        )
        channels = self.hourglass.channels_out
        self.mask_head = nn.Conv2d(channels, parts, kernel, padding=kernel // 2)
        self.occlusion_head = nn.Conv2d(channels, 1, kernel, padding=kernel // 2)
        if self.anchor:
            nn.init.zeros_(self.mask_head.weight)
            nn.init.zeros_(self.mask_head.bias)  # type: ignore[arg-type]
            # Before training, everything is taken from the source, as if nothing were hidden.
            nn.init.zeros_(self.occlusion_head.weight)
            nn.init.constant_(self.occlusion_head.bias, _SHOWN)  # type: ignore[arg-type]

    def forward(
        self,
        small: Float[Tensor, "batch 3 height width"],
        change: Float[Tensor, "batch points height width"],
        local: Float[Tensor, "batch points height width 2"],
        driving: Points,
        background: Float[Tensor, "batch height width 2"] | None = None,
    ) -> Motion:
        """Mix the points' motions.

        Args:
            small: (B, 3, h, w) the source, downscaled.
            change: (B, K, h, w) Gaussians at the driving points minus Gaussians at the source's points.
            local: (B, K, h, w, 2) each point's own motion, from
                `mien.models.warping.local_displacements`.
            driving: (B, K, 2) the driving points.
            background: (B, h, w, 2) the background's motion; None if it does not move.
        """
        batch, points, height, width, _ = local.shape
        if background is None:
            background = local.new_zeros(batch, height, width, 2)
        parts = torch.cat([background[:, None], local], 1)
        grid = identity_grid(height, width, parts) + parts
        # Warp all copies in one call: the pictures are stacked vertically.
        places = grid.reshape(batch, (points + 1) * height, width, 2)
        warped = sampled(small, places).reshape(batch, 3, points + 1, height, width)
        still = change.new_zeros(batch, 1, height, width)
        heat = torch.cat([still, change], 1)[:, None].to(warped.dtype)
        seen = torch.cat([heat, warped], 1).transpose(1, 2).flatten(1, 2)
        features = self.hourglass(seen)
        # The mixture says where to sample: half precision would round it to whole pixels.
        logits = self.mask_head(features).float()
        if self.anchor:
            logits = logits + anchored_logits(driving, height, width, self.anchor)
        masks = logits.softmax(1)
        displacement = (masks[..., None] * parts).sum(1).movedim(-1, 1)
        return Motion(displacement, self.occlusion_head(features).float().sigmoid(), masks)


def anchored_logits(
    points: Points, height: int, width: int, anchor: float
) -> Float[Tensor, "batch parts height width"]:
    """Return logits of the background (first) and of Gaussians at the points, so that near points count most.

    Args:
        points: (B, K, 2) normalised.
        height: Height of the maps.
        width: Width of the maps.
        anchor: The Gaussians' standard deviation, normalised.
    """
    away = identity_grid(height, width, points) - points[:, :, None, None]
    near = -0.5 * away.square().sum(-1) / anchor**2
    background = near.new_full((len(points), 1, height, width), -0.5 * ANCHORED_REACH**2)
    return torch.cat([background, near], 1)
