"""The motion of every pixel from the motions around a few points.

FOMM's dense motion network, which MRAA calls the pixelwise flow predictor. For each pixel it
estimates how much it follows each point or the background, and whether the source shows it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mien.models.conventions import MIEN, Conventions
from mien.models.layers import Hourglass
from mien.models.motion_config import MotionConfig
from mien.models.warping import (
    Displacement,
    LocalMotions,
    Matrices,
    Points,
    identity_grid,
    sampled,
)

ANCHORED_REACH = 3.0
"""Distance from all points, in anchors, at which a pixel starts to follow the background."""

_SHOWN = 4.0
"""Logit of the occlusion in a new anchored network."""

_USUAL_SHIFT, _USUAL_STRETCH = 0.02, 0.05
"""Usual motion of a point, normalised, and usual change of its linear map: what modes count in."""


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
    """Mixes the motions around points into one dense motion."""

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
            # A new network takes every pixel from the source.
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
        wide: LocalMotions | None = None,
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
            wide: (B, K, 2, 3) the motion of a wide neighbourhood of each point, for modes that take it.
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
            drawn = self.modes(features, masks, source - driving, linear, wide)
            displacement = displacement + drawn
        return Motion(displacement, self.occlusion_head(features).float().sigmoid(), masks)


class MotionModes(nn.Module):
    """Motion that follows from all points at once.

    A weighted mean of the points' motions, as published, cannot lie beyond them: a cheek that a lip
    corner pushes up, or skin that moves against its neighbours. The modes are learned mixtures of the
    motions of all points, without a constant, and the network draws where each moves the pixels, so that
    no motion of the points stays exactly no motion. A new network draws none.
    """

    def __init__(self, config: MotionConfig, channels: int) -> None:
        super().__init__()
        each = 2 + 4 * config.measured_maps + 6 * config.wide_maps
        self.measured_maps, self.wide_maps = config.measured_maps, config.wide_maps
        self.mix = nn.Linear(config.point_count * each, config.modes, bias=False)
        self.further = None
        if config.mode_features:
            # The mixture tells where in the face a pixel lies.
            seen = channels + config.point_count + 1
            self.further = nn.Conv2d(seen, config.mode_features, 1)
        self.draw = nn.Conv2d(channels + config.mode_features, 2 * config.modes, 1)
        nn.init.zeros_(self.draw.weight)
        nn.init.zeros_(self.draw.bias)  # type: ignore[arg-type]

    def forward(
        self,
        features: Float[Tensor, "batch channels height width"],
        masks: Float[Tensor, "batch parts height width"],
        shift: Points,
        linear: Matrices,
        wide: LocalMotions | None = None,
    ) -> Displacement:
        """Return the displacement (B, 2, h, w) of all modes together.

        Args:
            features: Of the hourglass.
            masks: (B, K + 1, h, w) the mixture, see `Motion`.
            shift: (B, K, 2) the source points minus the driving ones.
            linear: (B, K, 2, 2) the linear part of the map from driving frame to source.
            wide: (B, K, 2, 3) the motion of a wide neighbourhood of each point, if the config has it.
        """
        if (wide is not None) != self.wide_maps:
            raise ValueError(f"expected wide motions {'' if self.wide_maps else 'not '}to be given")
        numbers = [(shift / _USUAL_SHIFT).flatten(1)]
        if self.measured_maps:
            stretch = linear - torch.eye(2, device=linear.device, dtype=linear.dtype)
            numbers.append((stretch / _USUAL_STRETCH).flatten(1).expand(len(shift), -1))
        if wide is not None:
            per_unit = wide.new_tensor([_USUAL_SHIFT, _USUAL_STRETCH, _USUAL_STRETCH])
            numbers.append((wide / per_unit).flatten(1))
        strength = self.mix(torch.cat(numbers, 1)).float()
        if self.further is not None:
            further = self.further(torch.cat([features, masks.to(features.dtype)], 1))
            features = torch.cat([features, further.relu()], 1)
        # The modes' maps are linear in the features, so their weights are mixed instead of the maps.
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
    """Return logits of the background, first, and of Gaussians at the points.

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
