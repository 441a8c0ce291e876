"""The generator of FOMM and MRAA: encode the source, move its features, decode.

`WarpGenerator.encode` does the work that depends only on the source, `WarpGenerator.decode` the work for
each frame.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from mien.models.dense_motion import Motion
from mien.models.layers import DownBlock, PreActivationBlock, SameBlock, UpBlock, level_widths
from mien.models.ulme_gan import Images
from mien.models.warping import resized, warp


class WarpGenerator(nn.Module):
    """Map a source and a motion to the moved picture.

    Args:
        width: Channels at full size.
        max_width: Largest number of channels after halving.
        downs: Number of halvings.
        blocks: Number of residual blocks at the smallest size.
        skips: Whether features of every size, and the picture itself, are moved and mixed in where the
            source shows what is needed (MRAA), or only the smallest features (FOMM). It adds no
            parameters.
    """

    def __init__(self, width: int, max_width: int, downs: int, blocks: int, *, skips: bool) -> None:
        super().__init__()
        widths = level_widths(width, max_width, downs)
        self.skips = skips
        self.first = SameBlock(3, width, kernel=7)
        self.downs = nn.ModuleList(DownBlock(a, b) for a, b in pairwise(widths))
        self.bottleneck = nn.Sequential(*(PreActivationBlock(widths[-1]) for _ in range(blocks)))
        self.ups = nn.ModuleList(UpBlock(a, b) for a, b in pairwise(widths[::-1]))
        self.last = nn.Conv2d(width, 3, 7, padding=3)

    def encode(self, images: Images) -> tuple[Tensor, ...]:
        """Return the source's features from the smallest size up; without ``skips`` only the smallest.

        Args:
            images: (B, 3, H, W) RGB in [-1, 1].
        """
        maps = [self.first(images)]
        for down in self.downs:
            maps.append(down(maps[-1]))
        return tuple(maps[::-1]) if self.skips else (maps[-1],)

    def decode(self, images: Images, features: tuple[Tensor, ...], motion: Motion) -> Images:
        """Make the moved picture.

        Args:
            images: (B, 3, H, W) the source.
            features: The result of `encode` for the same number of pictures.
            motion: Where each pixel comes from.

        Returns:
            (B, 3, H, W) RGB in [-1, 1].
        """
        moved = warp(features[0], motion.displacement)
        # In the features' own precision: a float32 mask would turn everything that follows into float32.
        out = self.bottleneck(moved * resized(motion.occlusion, *moved.shape[-2:]).to(moved.dtype))
        for level, up in enumerate(self.ups):
            if self.skips:
                out = _mixed(out, features[level], motion)
            out = up(out)
        if self.skips:
            out = _mixed(out, features[-1], motion)
        painted = torch.tanh(self.last(out).float())
        return _mixed(painted, images, motion) if self.skips else painted


def _mixed(painted: Tensor, source: Tensor, motion: Motion) -> Tensor:
    shown = resized(motion.occlusion, *source.shape[-2:]).to(source.dtype)
    return torch.lerp(painted.to(source.dtype), warp(source, motion.displacement), shown)
