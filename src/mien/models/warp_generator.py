"""The generator of FOMM and MRAA: encode the source, warp its features, decode.

`WarpGenerator.encode` depends on the source alone; `WarpGenerator.decode` runs for each frame.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from mien.models.conventions import MIEN, Conventions
from mien.models.dense_motion import Motion
from mien.models.layers import DownBlock, PreActivationBlock, SameBlock, UpBlock, level_widths
from mien.models.ulme_gan import Images
from mien.models.warping import resized, warp


class WarpGenerator(nn.Module):
    """Make the moved picture from a source and a motion.

    Args:
        width: Channels at full size.
        max_width: Largest number of channels.
        downs: Number of halvings.
        blocks: Number of residual blocks at the smallest size.
        skips: Whether features of every size and the picture itself are warped and mixed in where the source shows the
            pixel (MRAA). If not, only the smallest features are warped (FOMM). Skips add no parameters.
        how: Conventions of sampling, and the range of the pictures.
    """

    def __init__(
        self,
        width: int,
        max_width: int,
        downs: int,
        blocks: int,
        *,
        skips: bool,
        how: Conventions = MIEN,
    ) -> None:
        super().__init__()
        widths = level_widths(width, max_width, downs)
        self.skips, self.how = skips, how
        self.first = SameBlock(3, width, kernel=7)
        self.downs = nn.ModuleList(DownBlock(a, b) for a, b in pairwise(widths))
        self.bottleneck = nn.Sequential(*(PreActivationBlock(widths[-1]) for _ in range(blocks)))
        self.ups = nn.ModuleList(UpBlock(a, b) for a, b in pairwise(widths[::-1]))
        self.last = nn.Conv2d(width, 3, 7, padding=3)

    def encode(self, images: Images) -> tuple[Tensor, ...]:
        """Return the source's features from the smallest size up; only the smallest without ``skips``.

        Args:
            images: (B, 3, H, W) RGB in [-1, 1]; in [0, 1] with the published conventions.
        """
        maps = [self.first(images)]
        for down in self.downs:
            maps.append(down(maps[-1]))
        return tuple(maps[::-1]) if self.skips else (maps[-1],)

    def decode(self, images: Images, features: tuple[Tensor, ...], motion: Motion) -> Images:
        """Make the moved picture.

        Args:
            images: (B, 3, H, W) the source, in the range of `encode`.
            features: Its features from `encode`, with the same B.
            motion: Where each pixel comes from.

        Returns:
            (B, 3, H, W) RGB in the same range.
        """
        moved = warp(features[0], motion.displacement, self.how)
        # Keep the precision of the features: a float32 mask would turn the rest into float32.
        out = self.bottleneck(moved * resized(motion.occlusion, *moved.shape[-2:]).to(moved.dtype))
        for level, up in enumerate(self.ups):
            if self.skips:
                out = _mixed(out, features[level], motion, self.how)
            out = up(out)
        if self.skips:
            out = _mixed(out, features[-1], motion, self.how)
        colours = self.last(out).float()
        painted = colours.sigmoid() if self.how.published else torch.tanh(colours)
        return _mixed(painted, images, motion, self.how) if self.skips else painted


def _mixed(painted: Tensor, source: Tensor, motion: Motion, how: Conventions) -> Tensor:
    shown = resized(motion.occlusion, *source.shape[-2:]).to(source.dtype)
    return torch.lerp(painted.to(source.dtype), warp(source, motion.displacement, how), shown)
