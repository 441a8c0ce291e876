"""Building blocks of the motion-transfer networks.

After Siarohin et al., "First Order Motion Model for Image Animation" (NeurIPS 2019) and "Motion
Representations for Articulated Animation" (CVPR 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from mien.models.conventions import MIEN, Conventions


class SameBlock(nn.Module):
    """Convolution, batch norm, ReLU; keeps the size."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, C_out, H, W)."""
        return functional.relu(self.norm(self.conv(x)))


class DownBlock(SameBlock):
    """A `SameBlock`, then average pooling by 2."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, C_out, H/2, W/2)."""
        return functional.avg_pool2d(super().forward(x), 2)


class UpBlock(SameBlock):
    """Nearest-neighbour upsampling by 2, then a `SameBlock`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, C_out, 2H, 2W)."""
        return super().forward(functional.interpolate(x, scale_factor=2.0, mode="nearest"))


class PreActivationBlock(nn.Module):
    """Residual block: batch norm, ReLU and convolution, twice, added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C, H, W) to the same shape."""
        inner = self.conv1(functional.relu(self.norm1(x)))
        changed: Tensor = x + self.conv2(functional.relu(self.norm2(inner)))
        return changed


def level_widths(width: int, max_width: int, levels: int) -> list[int]:
    """Return the channels at full size and after each halving: they double up to ``max_width``."""
    return [min(max_width, width * 2**level) for level in range(levels + 1)]


class Encoder(nn.Module):
    """A chain of `DownBlock`s that returns all intermediate maps."""

    def __init__(self, channels_in: int, width: int, max_width: int, blocks: int) -> None:
        super().__init__()
        widths = [channels_in, *level_widths(width, max_width, blocks)[1:]]
        self.blocks = nn.ModuleList(DownBlock(before, after) for before, after in pairwise(widths))
        self.channels_out = widths[-1]

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return the input (B, C, H, W), then the output of each block at half the size: ``blocks + 1`` maps."""
        maps = [x]
        for block in self.blocks:
            maps.append(block(maps[-1]))
        return maps


class Hourglass(nn.Module):
    """Encoder and decoder with skip connections at every size."""

    def __init__(self, channels_in: int, width: int, max_width: int, blocks: int) -> None:
        super().__init__()
        self.encoder = Encoder(channels_in, width, max_width, blocks)
        widths = level_widths(width, max_width, blocks)
        self.ups = nn.ModuleList(
            # Above the deepest level the skip doubles the input channels.
            UpBlock(widths[level] * (1 if level == blocks else 2), widths[level - 1])
            for level in range(blocks, 0, -1)
        )
        self.channels_out = widths[0] + channels_in

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C_in, H, W) to (B, `channels_out`, H, W), with H and W multiples of ``2 ** blocks``."""
        maps = self.encoder(x)
        out: Tensor = maps.pop()
        for up in self.ups:
            out = torch.cat([up(out), maps.pop()], 1)
        return out


def downsample(images: Tensor, factor: int, how: Conventions = MIEN) -> Tensor:
    """Downsample pictures with an anti-aliasing filter.

    The filter is a Gaussian with standard deviation ``(factor - 1) / 2``, as in FOMM, but centred
    on each block of ``factor`` pixels. FOMM centres it on the first pixel of the block, which moves
    the picture by up to half a block. The border is replicated, not padded with black.

    Args:
        images: (B, C, H, W), H and W multiples of ``factor``.
        factor: 1 (no change) or an even number.
        how: With the published conventions, FOMM's own filter instead.

    Returns:
        (B, C, H / factor, W / factor).

    Raises:
        ValueError: The factor is odd and not 1, or does not divide the size.
    """
    if factor == 1:
        return images
    if factor % 2 or images.shape[-1] % factor or images.shape[-2] % factor:
        raise ValueError(
            f"expected an even factor that divides the size, got {factor} and {images.shape}"
        )
    if how.published:
        reach = border = round(2 * (factor - 1))  # 4 standard deviations
        taps = torch.arange(-reach, reach + 1, device=images.device, dtype=images.dtype)
    else:
        reach, border = factor // 2 + factor, factor  # 3 whole blocks in total, centred
        taps = torch.arange(-reach, reach, device=images.device, dtype=images.dtype) + 0.5
    weights = torch.exp(-0.5 * (taps / ((factor - 1) / 2)).square())
    weights = weights / weights.sum()
    channels = images.shape[1]
    mode = "constant" if how.published else "replicate"
    out = functional.pad(images, (border, border, border, border), mode=mode)
    for shape, stride in (((1, -1), (1, factor)), ((-1, 1), (factor, 1))):
        kernel = weights.view(1, 1, *shape).expand(channels, 1, -1, -1)
        out = functional.conv2d(out, kernel, stride=stride, groups=channels)
    return out


def to_range(images: Tensor, how: Conventions) -> Tensor:
    """Convert pictures from [-1, 1] to the range inside a network: [0, 1] if published, otherwise unchanged."""
    return (images + 1) / 2 if how.published else images


def from_range(images: Tensor, how: Conventions) -> Tensor:
    """Convert pictures from the range inside a network to [-1, 1]; see `to_range`."""
    return 2 * images - 1 if how.published else images


def parameter_count(modules: Sequence[nn.Module]) -> int:
    """Return the total number of parameters of several networks."""
    return sum(p.numel() for module in modules for p in module.parameters())
