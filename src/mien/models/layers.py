"""Building blocks that the motion-transfer networks share.

Their shapes follow Siarohin et al., "First Order Motion Model for Image Animation" (NeurIPS 2019) and
"Motion Representations for Articulated Animation" (CVPR 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional


class SameBlock(nn.Module):
    """Convolution, batch norm and ReLU, without a change of size."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, C_out, H, W)."""
        return functional.relu(self.norm(self.conv(x)))


class DownBlock(SameBlock):
    """A `SameBlock`, then the mean of each 2x2 block of pixels."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, C_out, H/2, W/2)."""
        return functional.avg_pool2d(super().forward(x), 2)


class UpBlock(SameBlock):
    """Repeat every pixel 2x2 times, then a `SameBlock`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, C_out, 2H, 2W)."""
        return super().forward(functional.interpolate(x, scale_factor=2.0, mode="nearest"))


class PreActivationBlock(nn.Module):
    """Norm, ReLU and convolution, twice, added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C, H, W) to the same shape."""
        inner = self.conv1(functional.relu(self.norm1(x)))
        return x + self.conv2(functional.relu(self.norm2(inner)))


def level_widths(width: int, max_width: int, levels: int) -> list[int]:
    """Return the channels at full size and after each halving: ``width``, doubled each time up to ``max_width``."""
    return [min(max_width, width * 2**level) for level in range(levels + 1)]


class Encoder(nn.Module):
    """A chain of `DownBlock` that returns its input and each block's output."""

    def __init__(self, channels_in: int, width: int, max_width: int, blocks: int) -> None:
        super().__init__()
        widths = [channels_in, *level_widths(width, max_width, blocks)[1:]]
        self.blocks = nn.ModuleList(DownBlock(before, after) for before, after in pairwise(widths))
        self.channels_out = widths[-1]

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return (B, C, H, W) itself, then the map after each halving: ``blocks + 1`` maps."""
        maps = [x]
        for block in self.blocks:
            maps.append(block(maps[-1]))
        return maps


class Hourglass(nn.Module):
    """An encoder, a decoder, and skips between them at every size."""

    def __init__(self, channels_in: int, width: int, max_width: int, blocks: int) -> None:
        super().__init__()
        self.encoder = Encoder(channels_in, width, max_width, blocks)
        widths = level_widths(width, max_width, blocks)
        self.ups = nn.ModuleList(
            # Except at the deepest level, the skip doubles the number of input channels.
            UpBlock(widths[level] * (1 if level == blocks else 2), widths[level - 1])
            for level in range(blocks, 0, -1)
        )
        self.channels_out = widths[0] + channels_in

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, `channels_out`, H, W); H and W are multiples of ``2 ** blocks``."""
        maps = self.encoder(x)
        out = maps.pop()
        for up in self.ups:
            out = torch.cat([up(out), maps.pop()], 1)
        return out


def downsample(images: Tensor, factor: int) -> Tensor:
    """Make pictures smaller without aliasing.

    The filter is a Gaussian of standard deviation ``(factor - 1) / 2``, as FOMM's, but centred on each
    block of ``factor`` pixels. FOMM centres it on the block's first pixel, which moves the picture by up
    to half a block. Beyond the border the border's pixels are repeated, so that it does not get darker.

    Args:
        images: (B, C, H, W), H and W multiples of ``factor``.
        factor: 1 (no change) or an even number.

    Returns:
        (B, C, H / factor, W / factor).
    """
    if factor == 1:
        return images
    if factor % 2 or images.shape[-1] % factor or images.shape[-2] % factor:
        raise ValueError(
            f"expected an even factor that divides the size, got {factor} and {images.shape}"
        )
    reach = factor // 2 + factor  # whole blocks on both sides of the centre, 3 blocks in all
    taps = torch.arange(-reach, reach, device=images.device, dtype=images.dtype) + 0.5
    weights = torch.exp(-0.5 * (taps / ((factor - 1) / 2)).square())
    weights = weights / weights.sum()
    channels = images.shape[1]
    out = functional.pad(images, (factor, factor, factor, factor), mode="replicate")
    for shape, stride in (((1, -1), (1, factor)), ((-1, 1), (factor, 1))):
        kernel = weights.view(1, 1, *shape).expand(channels, 1, -1, -1)
        out = functional.conv2d(out, kernel, stride=stride, groups=channels)
    return out


def parameter_count(modules: Sequence[nn.Module]) -> int:
    """Count the parameters of some networks together."""
    return sum(p.numel() for module in modules for p in module.parameters())
