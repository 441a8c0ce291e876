"""Compute the motion of every pixel from the motions around a few points.

This is FOMM's dense motion network, which MRAA calls the pixelwise flow predictor. For each pixel it estimates how much
the pixel follows each point or the background, and whether the source shows the pixel.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mien.models.conventions import MIEN, Conventions
from mien.models.layers import Hourglass
from mien.models.motion_config import MotionConfig
from mien.models.warping import Displacement, Matrices, Points, identity_grid, sampled

ANCHORED_REACH = 3.0
"""Distance from all points at which a pixel starts to follow the background, in units of the config's ``anchor``."""

_SHOWN = 4.0
"""Logit of the occlusion in a new anchored network: the source shows almost every pixel."""

_USUAL_SHIFT, _USUAL_STRETCH = 0.02, 0.05
"""Usual motion of a point, normalised, and usual change of its linear map: the units of the modes' inputs."""


class Motion(NamedTuple):
    """A backward motion.

    Attributes:
        displacement: (B, 2, h, w) normalised: the driving frame's pixel z is at z plus this in the
            source. A pixel stays where the displacement is 0, whatever the conventions.
        occlusion: (B, 1, h, w) from 0 (must be painted) to 1 (the source shows it).
        masks: (B, K + 1, h, w) how much each pixel follows the background (channel 0) and each
            point; they sum to 1.
    """

    displacement: Displacement
    occlusion: Float[Tensor, "batch 1 height width"]
    masks: Float[Tensor, "batch parts height width"]


class DenseMotion(nn.Module):
    """Mix the motions around points into one dense motion."""

    def __init__(self, config: MotionConfig) -> None:
        super().__init__()
        parts, kernel = config.point_count + 1, config.mask_kernel
        self.anchor, self.how = config.anchor, config.how
        shape = config.motion_width, config.max_width, config.hourglass_blocks
        self.hourglass = Hourglass(4 * parts + config.guided, *shape)
        channels = self.hourglass.channels_out
        self.modes = MotionModes(config, channels) if config.modes else None
        self.mask_head = nn.Conv2d(channels, parts, kernel, padding=kernel // 2)
        self.occlusion_head = nn.Conv2d(channels, 1, kernel, padding=kernel // 2)
        if self.anchor:
            nn.init.zeros_(self.mask_head.weight)
            nn.init.zeros_(self.mask_head.bias)  # type: ignore[arg-type]
            # A new network takes almost every pixel from the source.
            nn.init.zeros_(self.occlusion_head.weight)
            nn.init.constant_(self.occlusion_head.bias, _SHOWN)  # type: ignore[arg-type]

    def forward(
        self,
        small: Float[Tensor, "batch 3 height width"],
        change: Float[Tensor, "batch points height width"],
        local: Float[Tensor, "batch points height width 2"],
        driving: Points,
        background: Float[Tensor, "batch height width 2"] | None = None,
        *,
        source: Points | None = None,
        linear: Matrices | None = None,
        guide: Float[Tensor, "batch 1 height width"] | None = None,
    ) -> Motion:
        """Mix the motions.

        Args:
            small: (B, 3, h, w) the downsampled source.
            change: (B, K, h, w) Gaussians at the driving points minus those at the source points.
            local: (B, K, h, w, 2) the motion of each point, from
                `mien.models.warping.local_displacements`.
            driving: (B, K, 2) the driving points.
            background: (B, h, w, 2) motion of the background; None if it is still.
            source: (B, K, 2) the source points, for the modes.
            linear: (B, K, 2, 2) the linear part of the map from driving frame to source around the
                points, for the modes.
            guide: (B, 1, h, w) the prior's map at the driving points, if the network sees it.
        """
        batch, points, height, width, _ = local.shape
        if background is None:
            background = local.new_zeros(batch, height, width, 2)
        parts = torch.cat([background[:, None], local], 1)
        grid = identity_grid(height, width, parts, self.how) + parts
        # Sample all warped copies in one call, stacked vertically.
        places = grid.reshape(batch, (points + 1) * height, width, 2)
        warped = sampled(small, places, self.how).reshape(batch, 3, points + 1, height, width)
        still = change.new_zeros(batch, 1, height, width)
        heat = torch.cat([still, change], 1)[:, None].to(warped.dtype)
        seen = torch.cat([heat, warped], 1).transpose(1, 2).flatten(1, 2)
        if guide is not None:
            seen = torch.cat([seen, guide.to(seen.dtype)], 1)
        features = self.hourglass(seen)
        # The mixture is a sampling position: half precision would round it to whole pixels.
        logits = self.mask_head(features).float()
        if self.anchor:
            logits = logits + anchored_logits(driving, height, width, self.anchor, self.how)
        masks = logits.softmax(1)
        displacement = (masks[..., None] * parts).sum(1).movedim(-1, 1)
        if self.modes is not None:
            assert source is not None and linear is not None, "modes mix the points' motions"
            displacement = displacement + self.modes(features, source - driving, linear)
        return Motion(displacement, self.occlusion_head(features).float().sigmoid(), masks)


class MotionModes(nn.Module):
    """Motion that depends on all points at once.

    The published weighted mean of the points' motions cannot give a motion outside their range, such as that of a cheek
    that a lip corner pushes up, or of skin that moves against its neighbours. A mode is a learned mixture of the
    motions of all points, without a constant, and the network finds how far each mode moves each pixel. If neither the
    points nor their linear maps change, the modes therefore add exactly nothing. In a new network they add nothing.
    """

    def __init__(self, config: MotionConfig, channels: int) -> None:
        super().__init__()
        numbers = config.point_count * (6 if config.measured_maps else 2)
        self.measured_maps = config.measured_maps
        self.mix = nn.Linear(numbers, config.modes, bias=False)
        self.draw = nn.Conv2d(channels, 2 * config.modes, 1)
        nn.init.zeros_(self.draw.weight)
        nn.init.zeros_(self.draw.bias)  # type: ignore[arg-type]

    def forward(
        self,
        features: Float[Tensor, "batch channels height width"],
        shift: Points,
        linear: Matrices,
    ) -> Displacement:
        """Return the displacement (B, 2, h, w) of all modes together.

        Args:
            features: (B, C, h, w) features of the hourglass.
            shift: (B, K, 2) the source points minus the driving ones.
            linear: (B, K, 2, 2) the linear part of the map from driving frame to source.
        """
        numbers = [(shift / _USUAL_SHIFT).flatten(1)]
        if self.measured_maps:
            stretch = linear - torch.eye(2, device=linear.device, dtype=linear.dtype)
            numbers.append((stretch / _USUAL_STRETCH).flatten(1).expand(len(shift), -1))
        strength = self.mix(torch.cat(numbers, 1)).float()
        # The modes' maps are linear in their weights, so the weights are mixed instead of the maps.
        bias = self.draw.bias
        assert bias is not None
        with torch.autocast(features.device.type, enabled=False):
            weights = self.draw.weight.float().flatten(1).unflatten(0, (-1, 2))
            mixed = torch.einsum("bm,mdc->bcd", strength, weights)
            shifted = strength @ bias.float().unflatten(0, (-1, 2))
            maps = features.float().movedim(1, -1).flatten(1, 2) @ mixed + shifted[:, None]
        moved: Displacement = _USUAL_SHIFT * maps.mT.unflatten(2, features.shape[-2:])
        return moved


def anchored_logits(
    points: Points, height: int, width: int, anchor: float, how: Conventions = MIEN
) -> Float[Tensor, "batch parts height width"]:
    """Return logits (B, K + 1, h, w): first the background, then a Gaussian at each point.

    Args:
        points: (B, K, 2) normalised.
        height: Height of the maps, pixels.
        width: Width of the maps, pixels.
        anchor: Standard deviation of the Gaussians, normalised.
        how: Conventions of the coordinates.
    """
    away = identity_grid(height, width, points, how) - points[:, :, None, None]
    near = -0.5 * away.square().sum(-1) / anchor**2
    background = near.new_full((len(points), 1, height, width), -0.5 * ANCHORED_REACH**2)
    return torch.cat([background, near], 1)
